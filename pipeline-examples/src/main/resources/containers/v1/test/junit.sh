# Tests whose report is JUnit's: check NAME EXPECTED ACTUAL, as often as needed, and then report SUITE.
tests=0 failures=0 cases=

check() {
  tests=$((tests + 1))
  if [ "$2" = "$3" ]; then
    cases="$cases<testcase classname=\"shop\" name=\"$1\"/>"
  else
    failures=$((failures + 1))
    cases="$cases<testcase classname=\"shop\" name=\"$1\"><failure message=\"expected $2, was $3\"/></testcase>"
  fi
}

report() {
  mkdir -p reports
  echo "<testsuite name=\"$1\" tests=\"$tests\" failures=\"$failures\">$cases</testsuite>" >"reports/$1.xml"
  [ "$failures" -eq 0 ]
}
