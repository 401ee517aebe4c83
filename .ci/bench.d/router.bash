# Our router beside HAProxy, nginx and, where present, Caddy: the same upstream, the same load, in turn.
# Sourced by .ci/bench. Each proxy NAME has the functions NAME_start UPSTREAM OTHER, NAME_members, NAME_stop and, if it can,
# NAME_switch A|B; NAME_start leaves the port users come in by in "port" and the milliseconds until it listened in "ready".

case $size in
  full) rounds=5 seconds=6 warm_up=15 cold_rounds=5 switches=100 pause=0.2 ;;
  quick) rounds=3 seconds=2 warm_up=5 cold_rounds=1 switches=20 pause=0.1 ;;
  smoke) rounds=1 seconds=1 warm_up=1 cold_rounds=1 switches=5 pause=0.05 ;;
esac
readonly KEPT=32 ONE_SHOT=8
declare -A port_of pid_of
upstream_a='' upstream_b='' port='' ready=''

router_needs() {
  need wrk wrk
  need nginx nginx-light
  need haproxy haproxy
  proxies=(haproxy nginx)
  if [ "$size" = smoke ]; then proxies=(haproxy); elif has caddy; then proxies+=(caddy); else say "No caddy here, so no row of it."; fi
  proxies+=(ours)
}

router_rows() {
  upstream_start a
  upstream_start b
  router_warm
  router_cold
  router_switches
}

# --- what stands behind the proxies

upstream_start() {
  local name=upstream_$1 at
  at=$(free_port)
  nginx_conf "$name" "worker_processes 1;" "server {
      listen 127.0.0.1:$at; access_log off; keepalive_requests 1000000000; default_type text/plain;
      return 200 \"side $1\";
    }"
  nginx -e "$scratch/$name/error.log" -c "$scratch/$name/nginx.conf" &
  remember $!
  pid_of[$name]=$!
  await_port "$at" $! "$scratch/$name/error.log"
  printf -v "$name" '%s' "$at"
}

# nginx_conf NAME GLOBALS SERVERS
nginx_conf() {
  local dir=$scratch/$1 place temp=''
  mkdir -p "$dir"
  for place in client_body proxy fastcgi uwsgi scgi; do temp+="${place}_temp_path $dir/$place; "; done
  cat >"$dir/nginx.conf.new" <<END
daemon off; pid $dir/nginx.pid; error_log $dir/error.log; $2
events { worker_connections 2048; }
http { $temp
$3
}
END
  mv "$dir/nginx.conf.new" "$dir/nginx.conf"
}

# --- HAProxy: one process, a thread for each core; the route is a map that the runtime API changes

haproxy_start() {
  local dir=$scratch/haproxy began
  mkdir -p "$dir"
  port=$(free_port)
  haproxy_control=$(free_port)
  printf 'shop a\n' >"$dir/route.map"
  cat >"$dir/haproxy.cfg" <<END
global
  maxconn 2000
  stats socket ipv4@127.0.0.1:$haproxy_control level admin
defaults
  mode http
  timeout connect 5s
  timeout client 75s
  timeout server 60s
frontend users
  bind 127.0.0.1:$port
  use_backend %[str(shop),map($dir/route.map)]
backend a
  server a 127.0.0.1:$1
backend b
  server b 127.0.0.1:$2
END
  began=$(now_micros)
  haproxy -db -f "$dir/haproxy.cfg" >"$dir/log" 2>&1 &
  launched haproxy $! "$began" "$dir/log"
}

haproxy_switch() {
  local control answer
  exec {control}<>"/dev/tcp/127.0.0.1/$haproxy_control"
  printf 'set map %s shop %s\n' "$scratch/haproxy/route.map" "$1" >&"$control"
  read -r answer <&"$control" || true
  exec {control}>&-
  [ -z "$answer" ] || give_up "HAProxy refused the switch: $answer"
}

haproxy_members() { family "${pid_of[haproxy]}"; }
haproxy_stop() { stop "${pid_of[haproxy]}"; }

# --- nginx: a worker for each core; the route is its configuration, and a reload

nginx_config() {
  nginx_conf nginx "worker_processes auto;" "upstream shop { server 127.0.0.1:$1; keepalive 64; keepalive_requests 1000000000; }
    server {
      listen 127.0.0.1:$nginx_port; access_log off; keepalive_requests 1000000000;
      location / { proxy_pass http://shop; proxy_http_version 1.1; proxy_set_header Connection \"\"; }
    }"
}

nginx_start() {
  local began
  port=$(free_port)
  nginx_port=$port
  nginx_config "$1"
  began=$(now_micros)
  nginx -e "$scratch/nginx/error.log" -c "$scratch/nginx/nginx.conf" &
  launched nginx $! "$began" "$scratch/nginx/error.log"
}

nginx_switch() {
  local to=upstream_$1
  nginx_config "${!to}"
  kill -HUP "${pid_of[nginx]}"
}

nginx_members() { family "${pid_of[nginx]}"; }
nginx_stop() { stop "${pid_of[nginx]}"; }

# --- Caddy

caddy_start() {
  local dir=$scratch/caddy began
  mkdir -p "$dir"
  port=$(free_port)
  cat >"$dir/Caddyfile" <<END
{
  admin off
  auto_https off
}
http://127.0.0.1:$port {
  reverse_proxy 127.0.0.1:$1
}
END
  began=$(now_micros)
  HOME=$dir XDG_DATA_HOME=$dir XDG_CONFIG_HOME=$dir caddy run --config "$dir/Caddyfile" --adapter caddyfile >"$dir/log" 2>&1 &
  launched caddy $! "$began" "$dir/log"
}

caddy_members() { family "${pid_of[caddy]}"; }
caddy_stop() { stop "${pid_of[caddy]}"; }

# launched NAME PID BEGAN LOG
launched() {
  remember "$2"
  pid_of[$1]=$2
  await_port "$port" "$2" "$4"
  ready=$((($(now_micros) - $3) / 1000))
}

# --- ours: the daemon as a deployer starts it, told by hand where users go; how long it took is its own word

ours_home() { printf '%s/ours/home' "$scratch"; }

ours_start() {
  ours_open
  ours_tell "to a-$((++ours_releases)) http://127.0.0.1:$1"
}

ours_releases=0

ours_open() {
  local dir=$scratch/ours opened
  mkdir -p "$dir"
  rm -f "$dir/in" "$dir/out"
  mkfifo "$dir/in" "$dir/out"
  java -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Dorg.slf4j.simpleLogger.defaultLogLevel=error -cp "$class_path" \
    dev.nonevent.pipeline.examples.RouterByHand "$(ours_home)" 0 <"$dir/in" >"$dir/out" 2>"$dir/log" &
  remember $!
  pid_of[ours]=$!
  exec {ours_in}>"$dir/in" {ours_out}<"$dir/out"
  read -r -t 40 opened <&"$ours_out" || { tail -n 20 "$dir/log" >&2; give_up "The router did not open; what it said is above."; }
  [[ $opened == "open "* ]] || give_up "The router did not open: $opened"
  read -r _ ready _ <<<"$opened"
  ready=${ready%.*}
  port=${opened##*:}
}

# The answer is left in "told"; it begins with the milliseconds it took.
ours_tell() {
  printf '%s\n' "$1" >&"$ours_in"
  read -r -t 60 told <&"$ours_out" || give_up "The router did not answer to: $1"
  [[ $told == "done "* ]] || give_up "The router does not do that: $told"
  told=${told#done }
}

ours_switch() {
  local to=upstream_$1
  ours_tell "to $1-$((++ours_releases)) http://127.0.0.1:${!to}"
}

ours_members() { of_directory "$(ours_home)"; }

ours_hang_up() {
  exec {ours_in}>&- {ours_out}<&-
  wait "${pid_of[ours]}" 2>/dev/null || true
}

ours_stop() {
  ours_tell down
  ours_hang_up
}

# --- warm: requests/s, p99, CPU and memory, in turns so that a moment of the machine hits all of them

router_warm() {
  local name round measured before after members
  port_of[direct]=$upstream_a
  for name in "${proxies[@]}"; do
    "${name}_start" "$upstream_a" "$upstream_b"
    port_of[$name]=$port
  done
  for name in direct "${proxies[@]}"; do
    say "Warming up: $name"
    load "${port_of[$name]}" "$warm_up" >/dev/null
  done
  for ((round = 1; round <= rounds; round++)); do
    for name in direct "${proxies[@]}"; do
      say "Round $round of $rounds: $name"
      members=()
      [ "$name" = direct ] || mapfile -t members < <("${name}_members")
      before=$(ticks "${members[@]}")
      measured=$(load "${port_of[$name]}" "$seconds")
      after=$(ticks "${members[@]}")
      printf '%s %s\n' "$measured" "$((after - before))" >>"$scratch/warm.$name"
    done
  done
  for name in "${proxies[@]}"; do
    mapfile -t members < <("${name}_members")
    resident "${members[@]}" >"$scratch/resident.$name"
    "${name}_stop"
  done
  router_warm_table
}

# load PORT SECONDS: requests, microseconds, p99 in microseconds, failed
load() { wrk -t1 "-c$KEPT" "-d${2}s" -s "$HERE/finished.lua" "http://127.0.0.1:$1/" | tail -n 1; }

router_warm_table() {
  local name rate p99 micros memory failed tick
  tick=$((1000000 / $(getconf CLK_TCK)))
  of_warm() { awk -v tick="$tick" "{ print $2 }" "$scratch/warm.$1" | median; }
  local reference reference_p99
  reference=$(of_warm haproxy '$1 * 1e6 / $2')
  reference_p99=$(of_warm haproxy '$3')
  printf '\n%-10s %12s %12s %10s %12s %16s %12s %8s\n' warm requests/s 'to HAProxy' 'p99 ms' 'to HAProxy' 'CPU us/request' 'memory MB' failed
  for name in direct "${proxies[@]}"; do
    rate=$(of_warm "$name" '$1 * 1e6 / $2')
    p99=$(of_warm "$name" '$3')
    failed=$(awk '{ s += $4 } END { print s + 0 }' "$scratch/warm.$name")
    micros=- memory=-
    if [ "$name" != direct ]; then
      micros=$(of_warm "$name" '$5 * tick / $1')
      memory=$(awk '{ printf "%.1f", $1 / 1024 }' "$scratch/resident.$name")
    fi
    awk -v n="$name" -v r="$rate" -v h="$reference" -v p="$p99" -v hp="$reference_p99" -v c="$micros" -v m="$memory" -v f="$failed" \
      'BEGIN { printf "%-10s %12.0f %12.2f %10.1f %12.2f %16s %12s %8d\n", n, r, r / h, p / 1e3, p / hp, (c == "-" ? c : sprintf("%.1f", c)), m, f }'
    result router.warm proxy "$name" requestsPerSecond "$rate" toHaproxy "$(awk -v a="$rate" -v b="$reference" 'BEGIN { printf "%.3f", a / b }')" \
      p99Micros "$p99" cpuMicrosPerRequest "$micros" memoryMb "$memory" failed "$failed"
  done
}

# --- cold: a process just started, and its first thousand requests

router_cold() {
  local name round
  for ((round = 1; round <= cold_rounds; round++)); do
    for name in "${proxies[@]}"; do
      say "Cold, round $round of $cold_rounds: $name"
      "${name}_start" "$upstream_a" "$upstream_b"
      first_thousand "$name"
      if [ "$name" = ours ]; then
        kill -KILL $(ours_members)
        ours_hang_up
        ours_open
        first_thousand ours-killed
      fi
      "${name}_stop"
    done
  done
  printf '\n%-12s %12s %24s %8s\n' cold 'ready in ms' 'first 1,000 answers ms' failed
  for name in "${proxies[@]}" ours-killed; do
    local ready_ms first failed
    ready_ms=$(awk '{ print $1 }' "$scratch/cold.$name" | median)
    first=$(awk '{ print $2 }' "$scratch/cold.$name" | median)
    failed=$(awk '{ s += $3 } END { print s + 0 }' "$scratch/cold.$name")
    printf '%-12s %12s %24s %8s\n' "$name" "$ready_ms" "$first" "$failed"
    result router.cold proxy "$name" readyMillis "$ready_ms" firstThousandMillis "$first" failed "$failed"
  done
}

first_thousand() {
  local measured
  measured=$(timeout 30 wrk -t1 "-c$KEPT" -d30s -s "$HERE/first.lua" "http://127.0.0.1:$port/" | tail -n 1) ||
    give_up "$1 did not answer its first thousand requests within 30 s."
  printf '%s %s\n' "$ready" "$measured" >>"$scratch/cold.$1"
}

# --- switches under load: kept connections and connections for one request, and what failed for them

router_switches() {
  local name length
  length=$(awk -v n="$switches" -v p="$pause" 'BEGIN { printf "%d", n * p + 3 }')
  printf '\n%-10s %10s %12s %8s %16s %12s\n' switches number requests failed 'call ms, median' worst
  for name in "${proxies[@]}"; do
    declare -F "${name}_switch" >/dev/null || continue
    say "$switches switches: $name"
    "${name}_start" "$upstream_a" "$upstream_b"
    switched_under_load "$name" "$length"
    "${name}_stop"
  done
}

switched_under_load() {
  local name=$1 i side=a began kept one requests failed middle worst
  load "$port" 1 >/dev/null
  load "$port" "$2" >"$scratch/kept" &
  kept=$!
  wrk -t1 "-c$ONE_SHOT" "-d${2}s" -H 'Connection: close' -s "$HERE/finished.lua" "http://127.0.0.1:$port/" >"$scratch/one" &
  one=$!
  remember "$kept"
  remember "$one"
  sleep 0.5
  for ((i = 0; i < switches; i++)); do
    [ "$side" = a ] && side=b || side=a
    began=$(now_micros)
    "${name}_switch" "$side"
    printf '%s\n' "$(($(now_micros) - began))" >>"$scratch/calls.$name"
    sleep "$pause"
  done
  wait "$kept" "$one"
  read -r requests failed < <(tail -qn 1 "$scratch/kept" "$scratch/one" | awk '{ r += $1; f += $4 } END { print r, f }')
  middle=$(median <"$scratch/calls.$name" | awk '{ printf "%.2f", $1 / 1e3 }')
  worst=$(highest <"$scratch/calls.$name" | awk '{ printf "%.2f", $1 / 1e3 }')
  printf '%-10s %10s %12s %8s %16s %12s\n' "$name" "$switches" "$requests" "$failed" "$middle" "$worst"
  result router.switches proxy "$name" switches "$switches" requests "$requests" failed "$failed" callMillis "$middle" worstMillis "$worst"
}
