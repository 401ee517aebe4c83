# With a database that answers.
. test/junit.sh

check 'the database takes an order' OK "$(sh shop/archive.sh 1 3)"
check 'and has it afterwards' 750 "$(db GET orders/1)"
check 'nobody has ordered the next one' NOTHING "$(db GET orders/2)"
report integration
