-- Prints what one run of wrk measured: requests, microseconds it took, p99 in microseconds, failed requests.
function done(summary, latency, requests)
  local e = summary.errors
  io.write(string.format("%d %d %d %d\n", summary.requests, summary.duration, latency:percentile(99.0),
    e.connect + e.read + e.write + e.timeout + e.status))
end
