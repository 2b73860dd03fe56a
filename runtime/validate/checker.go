// Package validate checks values against the constraints that a lexicon sets and collects
// everything that breaks them.
//
// Generated types have a method Check(*Checker) that states each constraint in one line.
// It imports the string formats and nothing else of this module.
package validate

// DefaultMaxErrors is how many findings a [Checker] keeps that does not say otherwise; further ones
// are only counted. It bounds what the data of a stranger costs, and nobody reads more.
const DefaultMaxErrors = 100

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
	// MaxErrors is how many findings are kept. Zero means [DefaultMaxErrors].
	MaxErrors int

	path  []step
	first [8]step // what path starts in
	errs  Errors
	// broken has the paths at which the data has no value of the schema's type, with true, and all
	// paths around these, with false unless they are such paths themselves.
	broken map[string]bool
}

// Reset forgets everything, so that c can check another value.
func (c *Checker) Reset() {
	c.Lenient, c.MaxErrors, c.path, c.errs, c.broken = false, 0, c.path[:0], Errors{}, nil
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
	if !c.isFull() {
		c.noteBroken(path)
	}
	c.add(path, problem)
}

func (c *Checker) noteBroken(path string) {
	if c.broken == nil {
		c.broken = map[string]bool{}
	}
	for outer := range around(path) {
		if !c.broken[outer] {
			c.broken[outer] = false
		}
	}
	c.broken[path] = true
}

// isBroken reports whether path is a broken place or lies inside of one.
func (c *Checker) isBroken(path string) bool {
	if len(c.broken) == 0 {
		return false
	}
	for outer := range around(path) {
		if c.broken[outer] {
			return true
		}
	}
	return c.broken[path]
}

// Fail records that the property called name, of the object at which the check stands, breaks a
// constraint. An empty name stands for the value itself.
func (c *Checker) Fail(name, problem string) {
	if c.isFull() {
		c.errs.Total++ // where it is and whether it is news does not matter any more
		return
	}
	if path := c.at(name); !c.isBroken(path) {
		c.add(path, problem)
	}
}

// Required checks that a value that Go cannot force to be there, such as a union's, is there. A
// value in which something was reported is not there because it was wrong, which is known.
func (c *Checker) Required(name string, present bool) {
	if present {
		return
	}
	if _, holdsBroken := c.broken[c.at(name)]; !holdsBroken {
		c.Fail(name, "is required")
	}
}

func (c *Checker) add(path, problem string) {
	c.errs.Total++
	if !c.isFull() {
		c.errs.List = append(c.errs.List, &Error{Path: path, Problem: problem})
	}
}

// isFull reports whether no further findings are kept.
func (c *Checker) isFull() bool {
	limit := c.MaxErrors
	if limit == 0 {
		limit = DefaultMaxErrors
	}
	return len(c.errs.List) >= limit
}

// Enter makes the property called name the place at which the check stands. With an empty name it
// stands where it stood. Like EnterItem and Leave it is not inlined: generated code has a call in
// thousands of places, which would take long to compile.
//
//go:noinline
func (c *Checker) Enter(name string) {
	c.push(step{name: name, index: noItem})
}

// EnterItem makes the item at index i of the array in the property called name the place at which the
// check stands. With an empty name it is an item of the array at which the check stood.
//
//go:noinline
func (c *Checker) EnterItem(name string, i int) {
	c.push(step{name: name, index: i})
}

func (c *Checker) push(s step) {
	if c.path == nil {
		c.path = c.first[:0]
	}
	c.path = append(c.path, s)
}

// Leave returns to where the check stood before the last [Checker.Enter] or [Checker.EnterItem].
//
//go:noinline
func (c *Checker) Leave() {
	c.path = c.path[:len(c.path)-1]
}

// Within checks the value of the property called name. An empty name stands for the value itself.
func (c *Checker) Within(name string, value Checkable) {
	c.push(step{name: name, index: noItem})
	value.Check(c)
	c.path = c.path[:len(c.path)-1]
}
