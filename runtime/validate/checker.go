// Package validate checks values against the constraints that a lexicon sets and collects
// everything that breaks them.
//
// Generated types have a method Check(*Checker) that states each constraint in one line.
// It imports the string formats and nothing else of this module.
package validate

import (
	"iter"
	"slices"
)

// MaxErrors is how many findings a [Checker] keeps; further ones are only counted.
const MaxErrors = 100

// Checkable is what can check itself against its schema. Every generated type is.
type Checkable interface {
	// Check reports to c whatever breaks a constraint of the schema. It neither changes nor keeps the value.
	Check(c *Checker)
}

// Checker collects what is wrong with one value. It knows at which place of the value the check
// stands, so that each finding bears its path; on success it allocates nothing.
//
// The zero value is ready for use. A Checker must not be used by several goroutines at once.
type Checker struct {
	// Lenient lets pass what was valid in the past or is only beyond what every implementation can
	// do: datetimes without a time zone and the like, language tags that are merely well-formed, AT
	// URIs with a trailing slash, integers of more than 53 bits, and blobs of another media type or
	// size than is accepted. Strict is right for data to be written, lenient for data of others.
	Lenient bool

	path   []step
	first  [8]step // what path starts in
	errs   Errors
	broken []string // paths at which the data has no value of the schema's type
}

// Reset forgets everything, so that c can check another value.
func (c *Checker) Reset() {
	c.Lenient, c.path, c.errs, c.broken = false, c.path[:0], Errors{}, nil
}

// Err returns nil if nothing was found, and an [*Errors] otherwise.
func (c *Checker) Err() error {
	if c.errs.Total == 0 {
		return nil
	}
	errs := c.errs
	return &errs
}

// Report records that the value at path, counted from the top of the data, is missing or of the
// wrong type. Constraints that are broken at that place or below it are then no news and are not
// recorded. Report makes a Checker what a lexjson.Reader reports to.
func (c *Checker) Report(path, problem string) {
	if len(c.errs.List) < MaxErrors {
		c.broken = append(c.broken, path)
	}
	c.add(path, problem)
}

// Fail records that the property called name, of the object at which the check stands, breaks a
// constraint. An empty name stands for the value itself.
func (c *Checker) Fail(name, problem string) {
	if len(c.errs.List) == MaxErrors {
		c.errs.Total++ // where it is and whether it is news does not matter any more
		return
	}
	path := c.at(name)
	if !slices.ContainsFunc(c.broken, func(broken string) bool { return within(path, broken) }) {
		c.add(path, problem)
	}
}

// Required checks that a value that Go cannot force to be there, such as a union's, is there. A
// value in which something was reported is not there because it was wrong, which is known.
func (c *Checker) Required(name string, present bool) {
	if present {
		return
	}
	path := c.at(name)
	if !slices.ContainsFunc(c.broken, func(broken string) bool { return within(broken, path) }) {
		c.Fail(name, "is required")
	}
}

func (c *Checker) add(path, problem string) {
	c.errs.Total++
	if len(c.errs.List) < MaxErrors {
		c.errs.List = append(c.errs.List, &Error{Path: path, Problem: problem})
	}
}

// Enter makes the property called name the place at which the check stands. With an empty name it
// stands where it stood.
func (c *Checker) Enter(name string) {
	c.push(step{name: name, index: noItem})
}

// EnterIndex makes the item at index i of the array at which the check stands its place.
func (c *Checker) EnterIndex(i int) {
	c.push(step{index: i})
}

func (c *Checker) push(s step) {
	if c.path == nil {
		c.path = c.first[:0]
	}
	c.path = append(c.path, s)
}

// Leave returns to where the check stood before the last [Checker.Enter] or [Checker.EnterIndex].
func (c *Checker) Leave() {
	c.path = c.path[:len(c.path)-1]
}

// Within checks the value of the property called name. An empty name stands for the value itself.
func (c *Checker) Within(name string, value Checkable) {
	c.Enter(name)
	value.Check(c)
	c.Leave()
}

// Items yields the indices of the n items of the array in the property called name, and makes
// each item the place at which the check stands while the loop is at its index.
func (c *Checker) Items(name string, n int) iter.Seq[int] {
	return func(yield func(int) bool) {
		if n == 0 {
			return
		}
		c.Enter(name)
		for i := range n {
			c.EnterIndex(i)
			more := yield(i)
			c.Leave()
			if !more {
				break
			}
		}
		c.Leave()
	}
}
