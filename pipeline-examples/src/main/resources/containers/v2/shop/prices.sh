# What things cost, in cents; ten or more are cheaper.

total() {
  full=$(($1 * 250))
  if [ "$1" -ge 10 ]; then echo $((full - full / 10)); else echo $full; fi
}

receipt() {
  echo "{\"items\":$1,\"total\":$(total "$1"),\"currency\":\"EUR\"}"
}
