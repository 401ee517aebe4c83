# What things cost, in cents.

total() {
  echo $(($1 * 250))
}

receipt() {
  echo "{\"items\":$1,\"total\":$(total "$1")}"
}
