// Command official compares generated types with the validator that works without them. It prints
// how many it compared, or the differences.
package main

import (
	"fmt"
	"os"

	"github.com/lexgen-go/lexgen/lexgen/official/agreement"
)

// documents is how many random documents a type gets with each chance of mistakes.
const documents = 10

func main() {
	c, err := agreement.Link("lexicons")
	if err != nil {
		fail(err)
	}
	for _, generated := range types() {
		pair, err := agreement.NewPair(c, generated)
		if err != nil {
			fail(err)
		}
		if _, err := pair.Compare(documents); err != nil {
			fail(err)
		}
	}
	fmt.Printf("%d types, %d documents each with %d chances of mistakes\n", len(types()), documents, len(agreement.Mistakes()))
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}
