-- Ends the run with the thousandth answer, and prints the milliseconds from the first request to it, and how many of the
-- answers were none of 200. wrk itself can only run for whole seconds.
local ffi = require("ffi")
ffi.cdef [[
typedef struct { long seconds; long nanos; } first_time;
int clock_gettime(int clock, first_time *time);
]]

local MONOTONIC, WANTED = 1, 1000
local time = ffi.new("first_time")
local began, answers, failed = nil, 0, 0

local function millis()
  ffi.C.clock_gettime(MONOTONIC, time)
  return tonumber(time.seconds) * 1e3 + tonumber(time.nanos) / 1e6
end

function request()
  began = began or millis()
  return wrk.format()
end

function response(status)
  answers = answers + 1
  if status ~= 200 then failed = failed + 1 end
  if answers == WANTED then
    io.write(string.format("%.1f %d\n", millis() - began, failed))
    io.flush()
    os.exit(0)
  end
end
