package account

import (
	_ "embed" // for the list of reserved words
	"strings"
)

// reservedList holds words that would mislead as a handle: of the protocol, of the
// network's services, of the parts that every site has, and of well-known people.
// One stands on each line, sorted.
//
//go:embed reserved.txt
var reservedList string

// reservedWords returns the words of the list as a new set.
func reservedWords() map[string]bool {
	words := map[string]bool{}
	for word := range strings.FieldsSeq(reservedList) {
		words[word] = true
	}
	return words
}
