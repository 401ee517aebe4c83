# What things cost, in cents; more than ten are cheaper.

total() {
  full=$(($1 * 250))
  if [ "$1" -gt 10 ]; then echo $((full - full / 10)); else echo $full; fi
}

receipt() {
  echo "{\"items\":$1,\"total\":$(total "$1"),\"currency\":\"EUR\"}"
}
