# Our engine beside bare Java and the runners a team would take instead: the same stages, each /bin/true, whole processes in
# turn. Sourced by .ci/bench. Every runner NAME has a function NAME_project SHAPE STAGES that writes what it reads into the
# current directory, and NAME_go that starts it there. Ours keeps all that its users have: journal, logs, console to a file.
#
# Peers are taken from the PATH; those of Node from the directory NODE_PEERS, in which they were installed with npm.

case $size in
  full) engine_rounds=5 engine_lines=1000000 engine_shapes=("chain 1" "chain 100" "fan 100" "layers 1000" "full 1000") ;;
  quick) engine_rounds=3 engine_lines=1000000 engine_shapes=("chain 1" "chain 100" "fan 100") ;;
  smoke) engine_rounds=1 engine_lines=1000 engine_shapes=("chain 3") ;;
esac
engine_java=(java -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Dorg.slf4j.simpleLogger.defaultLogLevel=error)

engine_needs() {
  engine_runners=(bare ours)
  [ "$size" = smoke ] || engine_peers
}

engine_peers() {
  local peer
  for peer in make ninja ant; do
    if has "$peer"; then engine_runners+=("$peer"); else say "No $peer here, so no row of it."; fi
  done
  for peer in wireit nx; do
    if [ -x "${NODE_PEERS:-}/node_modules/.bin/$peer" ]; then engine_runners+=("$peer"); else say "No $peer in NODE_PEERS, so no row of it."; fi
  done
}

engine_rows() {
  local shape
  mkdir -p "$scratch/bare"
  javac -d "$scratch/bare" "$HERE/Bare.java"
  printf '\n| stages |'
  printf ' %s, s | to bare |' "${engine_runners[@]}"
  printf '\n|---|'
  printf -- '---|---|%.0s' "${engine_runners[@]}"
  printf '\n'
  for shape in "${engine_shapes[@]}"; do engine_shape $shape; done
  engine_lines
}

# engine_shape SHAPE STAGES: all runners in turn, as many rounds
engine_shape() {
  local runner round median bare ratio
  local -A times=()
  for runner in "${engine_runners[@]}"; do
    mkdir -p "$scratch/engine/$runner"
    (cd "$scratch/engine/$runner" && "${runner}_project" "$1" "$2")
  done
  for ((round = 0; round < engine_rounds; round++)); do
    for runner in "${engine_runners[@]}"; do
      times[$runner]+="$(cd "$scratch/engine/$runner" && engine_seconds "${runner}_go" "$1" "$2") "
    done
  done
  bare=$(printf '%s\n' ${times[bare]} | median)
  printf '| %s of %s |' "$1" "$2"
  for runner in "${engine_runners[@]}"; do
    median=$(printf '%s\n' ${times[$runner]} | median)
    ratio=$(awk -v a="$median" -v b="$bare" 'BEGIN { printf "%.2f", a / b }')
    printf ' %.2f | %s |' "$median" "$ratio"
    result "engine.$1-$2" subject "$runner" value "$median" unit s ratio "$ratio" rounds "$engine_rounds"
  done
  printf '\n'
  rm -rf "$scratch/engine"
}

# engine_seconds COMMAND…: how long it took; what it printed is in the file "log"
engine_seconds() {
  local began
  began=$(now_micros)
  "$@" >log 2>&1 || { tail -n 10 log >&2; give_up "$* failed; its last lines are above."; }
  awk -v us="$(($(now_micros) - began))" 'BEGIN { printf "%.3f\n", us / 1e6 }'
}

# engine_before SHAPE INDEX STAGES: the numbers of the stages it comes after
engine_before() {
  awk -v shape="$1" -v i="$2" -v n="$3" 'BEGIN {
    w = int(n / 10); if (w < 1) w = 1; first = (int(i / w) - 1) * w
    if (shape == "chain" && i > 0) print i - 1
    if (shape == "full" && first >= 0) for (k = first; k < first + w; k++) print k
    if (shape == "layers" && first >= 0) for (k = 0; k < (w < 3 ? w : 3); k++) print first + (i + k) % w
  }'
}

# engine_each SHAPE STAGES: a line for each stage, its number and those it comes after
engine_each() {
  local i
  for ((i = 0; i < $2; i++)); do printf '%s %s\n' "$i" "$(engine_before "$1" "$i" "$2" | paste -sd ' ')"; done
}

bare_project() { :; }
bare_go() { "${engine_java[@]}" -cp "$scratch/bare" Bare 2 "$1" "$2" /bin/true; }

ours_project() { :; }
ours_go() {
  rm -rf home
  "${engine_java[@]}" -cp "$class_path" dev.nonevent.pipeline.examples.EngineByHand home 2 "$1" "$2" /bin/true
}

make_project() {
  engine_each "$1" "$2" | awk '{ all = all " s" $1; deps = ""; for (k = 2; k <= NF; k++) deps = deps " s" $k
    rules = rules "s" $1 ":" deps "\n\t@/bin/true\n" } END { printf ".PHONY: all%s\nall:%s\n%s", all, all, rules }' >Makefile
}
make_go() { make -s -j2 all; }

ninja_project() {
  engine_each "$1" "$2" | awk 'BEGIN { print "rule r\n  command = /bin/true" } { deps = ""; for (k = 2; k <= NF; k++) deps = deps " s" $k
    print "build s" $1 ": r" deps }' >build.ninja
}
ninja_go() { ninja --quiet -j2; }

# Ant carries its targets out one after the other, except within "parallel".
ant_project() {
  if [ "$1" = fan ]; then
    awk -v n="$2" 'BEGIN { print "<project default=\"all\"><target name=\"all\"><parallel threadCount=\"2\">"
      for (i = 0; i < n; i++) print "<exec executable=\"/bin/true\"/>"; print "</parallel></target></project>" }' >build.xml
  else
    engine_each "$1" "$2" | awk 'BEGIN { print "<project default=\"all\">" } { all = all (all ? "," : "") "s" $1; deps = ""
      for (k = 2; k <= NF; k++) deps = deps (deps ? "," : "") "s" $k
      print "<target name=\"s" $1 "\" depends=\"" deps "\"><exec executable=\"/bin/true\"/></target>" }
      END { print "<target name=\"all\" depends=\"" all "\"/></project>" }' >build.xml
  fi
}
ant_go() { ant -q; }

wireit_project() {
  ln -sfn "$NODE_PEERS/node_modules" node_modules
  engine_each "$1" "$2" | awk '{ scripts = scripts ",\"s" $1 "\":\"wireit\""; deps = ""
    for (k = 2; k <= NF; k++) deps = deps (deps ? "," : "") "\"s" $k "\""
    wire = wire ",\"s" $1 "\":{\"command\":\"/bin/true\",\"dependencies\":[" deps "]}"; all = all (all ? "," : "") "\"s" $1 "\"" }
    END { printf "{\"name\":\"bench\",\"version\":\"1.0.0\",\"scripts\":{\"all\":\"wireit\"%s},\"wireit\":{\"all\":{\"dependencies\":[%s]}%s}}\n", scripts, all, wire }' >package.json
}
wireit_go() { WIREIT_PARALLEL=2 WIREIT_LOGGER=quiet npm run --silent all; }

nx_project() {
  ln -sfn "$NODE_PEERS/node_modules" node_modules
  printf '{"name":"bench","version":"1.0.0","private":true}\n' >package.json
  printf '{"analytics":false,"neverConnectToCloud":true}\n' >nx.json
  engine_each "$1" "$2" | awk '{ deps = ""; for (k = 2; k <= NF; k++) deps = deps (deps ? "," : "") "\"s" $k "\""
    t = t (t ? "," : "") "\"s" $1 "\":{\"executor\":\"nx:run-commands\",\"cache\":false,\"options\":{\"command\":\"/bin/true\"},\"dependsOn\":[" deps "]}"
    all = all (all ? "," : "") "\"s" $1 "\"" }
    END { printf "{\"name\":\"app\",\"targets\":{%s,\"all\":{\"executor\":\"nx:noop\",\"dependsOn\":[%s]}}}\n", t, all }' >project.json
}
nx_go() { NX_DAEMON=false NX_TUI=false CI=true node_modules/.bin/nx run app:all --parallel=2 --skip-nx-cache; }

# A stage that prints a million lines with twenty secrets to mask, to its log and a listener, in a heap of 64 MiB, beside a
# shell's pipe into a file.
engine_lines() {
  local round ours pipe
  local -a pipe_times=()
  mkdir -p "$scratch/lines"
  ours=$(cd "$scratch/lines" && java -Xmx64m -XX:+UseSerialGC -Dorg.slf4j.simpleLogger.defaultLogLevel=error -cp "$class_path" \
    dev.nonevent.pipeline.examples.LinesByHand home "$engine_lines" 20 $((engine_rounds + 2)) | awk '/^done / { print $(NF - 2) }' | median)
  for ((round = 0; round < engine_rounds; round++)); do
    pipe_times+=("$(cd "$scratch/lines" && engine_seconds sh -c "seq $engine_lines | cat >piped")")
  done
  pipe=$(printf '%s\n' "${pipe_times[@]}" | median)
  printf '\n| %s lines, 20 secrets | lines/s |\n|---|---|\n| ours, a stage of a warm JVM | %s |\n| seq piped to a file | %.0f |\n' "$engine_lines" "$ours" \
    "$(awk -v n="$engine_lines" -v s="$pipe" 'BEGIN { print n / s }')"
  result engine.lines subject ours value "$ours" unit lines/s lines "$engine_lines"
  result engine.lines subject pipe value "$pipe" unit s lines "$engine_lines"
}
