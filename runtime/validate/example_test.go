package validate_test

import (
	"errors"
	"fmt"

	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/runtime/validate"
)

// profile is like a generated type: its Check has one line for each constraint.
type profile struct {
	name    string
	follows []syntax.DID
}

// Check implements [validate.Checkable].
func (p *profile) Check(c *validate.Checker) {
	c.MaxGraphemes("name", p.name, 10)
	c.MaxLength("follows", len(p.follows), 3)
	for i := range p.follows {
		c.EnterItem("follows", i)
		c.DID("", p.follows[i])
		c.Leave()
	}
}

func ExampleValue() {
	err := validate.Value(&profile{name: "somewhat too long", follows: []syntax.DID{"did:plc:abc", "alice.test"}})
	fmt.Println(err)

	var all *validate.Errors
	if errors.As(err, &all) {
		for _, e := range all.List {
			fmt.Printf("%s: %s\n", e.Path, e.Problem)
		}
	}
	// Output:
	// name must have at most 10 graphemes (and 1 more)
	// name: must have at most 10 graphemes
	// follows[1]: must be a valid DID
}

// A reader of data reports what is not there at all; the constraints of that are then no news.
func ExampleChecker_Report() {
	var c validate.Checker
	c.Report("follows[0]", "must be a string")
	(&profile{follows: make([]syntax.DID, 1)}).Check(&c)
	fmt.Println(c.Err())
	// Output: follows[0] must be a string
}
