. test/junit.sh
. shop/prices.sh

check 'three items cost three times the price' 750 "$(total 3)"
check 'nothing costs nothing' 0 "$(total 0)"
check 'ten items are a tenth cheaper' 2250 "$(total 10)"
report unit
