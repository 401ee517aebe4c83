# A step in a container beside `docker run --rm`, a stage of many commands beside `docker exec`, and a million lines from a
# container: the same engine, image and network, in turn. Sourced by .ci/bench. The image is made from this machine's busybox.

case $size in
  full) container_rounds=15 container_networks=(bridge none) ;;
  quick) container_rounds=5 container_networks=(bridge none) ;;
  smoke) container_rounds=1 container_networks=(none) ;;
esac
readonly STAGE_COMMANDS=20 CONTAINER_LINES=1000000
readonly CONTAINER_IMAGE=nonevent-bench/busybox:$$
container_in='' container_out='' container_pid='' told=''

# No engine is no failure of the benchmark: it is said, and there are no such rows.
container_engine() { has docker && timeout 10 docker info >/dev/null 2>&1; }

container_needs() {
  container_engine || return 0
  [ -x /bin/busybox ] && ! ldd /bin/busybox >/dev/null 2>&1 || give_up "A static /bin/busybox is missing: on Debian it is in the package busybox-static."
}

container_rows() {
  local network
  container_engine || {
    say "SKIPPED: no Docker engine answers, so there are no rows of containers."
    return 0
  }
  container_image
  printf '\n| container, network | stage of 1, ms | to docker run --rm | docker run --rm, ms | stage of %s, ms/command | docker exec, ms |\n|---|---|---|---|---|---|\n' "$STAGE_COMMANDS"
  for network in "${container_networks[@]}"; do container_steps "$network"; done
  container_lines
}

# However it ends: what is made of our image, and the image.
container_leave() {
  container_engine && docker image inspect "$CONTAINER_IMAGE" >/dev/null 2>&1 || return 0
  docker ps -aq --filter "ancestor=$CONTAINER_IMAGE" | xargs -r docker rm -f >/dev/null
  docker rmi -f "$CONTAINER_IMAGE" >/dev/null
}

container_image() {
  local dir=$scratch/image
  mkdir -p "$dir"
  cp /bin/busybox "$dir/busybox"
  printf 'FROM scratch\nCOPY busybox /bin/busybox\nRUN ["/bin/busybox", "--install", "-s", "/bin"]\n' >"$dir/Dockerfile"
  docker build -q --force-rm -t "$CONTAINER_IMAGE" "$dir" >/dev/null 2>"$scratch/image.log" || {
    tail -n 5 "$scratch/image.log" >&2
    give_up "The image for the benchmark could not be built; what the engine said is above."
  }
}

# container_open NETWORK: a warm JVM that carries stages out
container_open() {
  local dir=$scratch/container
  mkdir -p "$dir/workspace"
  rm -f "$dir/in" "$dir/out"
  mkfifo "$dir/in" "$dir/out"
  java -XX:+UseSerialGC -Dorg.slf4j.simpleLogger.defaultLogLevel=error -cp "$class_path" \
    dev.nonevent.pipeline.examples.ContainerByHand "$dir/workspace" "$CONTAINER_IMAGE" "$1" <"$dir/in" >"$dir/out" 2>"$dir/log" &
  container_pid=$!
  remember "$container_pid"
  exec {container_in}>"$dir/in" {container_out}<"$dir/out"
  container_tell "2 true"
}

container_close() {
  exec {container_in}>&- {container_out}<&-
  wait "$container_pid" || true
}

# container_tell STAGE: the answer is left in "told", the milliseconds first
container_tell() {
  printf '%s\n' "$1" >&"$container_in"
  read -r -t 120 told <&"$container_out" || { tail -n 20 "$scratch/container/log" >&2; give_up "No answer to the stage: $1"; }
  [[ $told == "done "* ]] || give_up "The stage is not carried out: $told"
  told=${told#done }
}

# millis COMMAND…: how long it took, with its process
millis() {
  local began
  began=$(now_micros)
  "$@" >/dev/null
  awk -v us="$(($(now_micros) - began))" 'BEGIN { printf "%.1f\n", us / 1000 }'
}

container_steps() {
  local network=$1 round warm one run stage exec ratio
  local -a ones=() runs=() stages=() execs=()
  container_open "$network"
  warm=$(docker run -d --network "$network" "$CONTAINER_IMAGE" sleep 3600)
  for ((round = 0; round < container_rounds; round++)); do
    container_tell "1 true"
    ones+=("${told%% *}")
    runs+=("$(millis docker run --rm --network "$network" "$CONTAINER_IMAGE" true)")
    container_tell "$STAGE_COMMANDS true"
    stages+=("$(awk -v ms="${told%% *}" -v n="$STAGE_COMMANDS" 'BEGIN { printf "%.1f\n", ms / n }')")
    execs+=("$(millis docker exec "$warm" true)")
  done
  docker rm -f "$warm" >/dev/null
  container_close
  one=$(printf '%s\n' "${ones[@]}" | median)
  run=$(printf '%s\n' "${runs[@]}" | median)
  stage=$(printf '%s\n' "${stages[@]}" | median)
  exec=$(printf '%s\n' "${execs[@]}" | median)
  ratio=$(awk -v a="$one" -v b="$run" 'BEGIN { printf "%.2f", a / b }')
  printf '| %s | %.0f | %s | %.0f | %.0f | %.0f |\n' "$network" "$one" "$ratio" "$run" "$stage" "$exec"
  result container.step network "$network" stage_of_one_ms "$one" docker_run_ms "$run" ratio "$ratio" \
    command_ms "$stage" docker_exec_ms "$exec" rounds "$container_rounds"
}

container_lines() {
  local round ours theirs
  local -a our_times=() their_times=()
  container_open none
  for ((round = 0; round < (container_rounds + 2) / 3; round++)); do
    container_tell "1 seq $CONTAINER_LINES"
    [ "${told#* }" = "$CONTAINER_LINES lines" ] || give_up "Of $CONTAINER_LINES lines these came: ${told#* }"
    our_times+=("${told%% *}")
    their_times+=("$(millis docker run --rm --network none "$CONTAINER_IMAGE" seq "$CONTAINER_LINES")")
  done
  container_close
  ours=$(printf '%s\n' "${our_times[@]}" | median)
  theirs=$(printf '%s\n' "${their_times[@]}" | median)
  printf '\n| %s lines | ours, ms | docker run --rm, ms |\n|---|---|---|\n| network none | %.0f | %.0f |\n' "$CONTAINER_LINES" "$ours" "$theirs"
  result container.lines lines "$CONTAINER_LINES" ours_ms "$ours" docker_run_ms "$theirs"
}
