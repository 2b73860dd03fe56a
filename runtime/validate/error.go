package validate

import (
	"fmt"
	"sync"
)

// Error is one place where data breaks its schema.
type Error struct {
	// Path leads from the top of the data to the place, as in "facets[0].index.byteStart".
	// It is empty for the data as a whole.
	Path string
	// Problem completes the sentence that begins with the path, as in "is required".
	Problem string
}

// Error returns the path and the problem as one sentence.
func (e *Error) Error() string {
	if e.Path == "" {
		return "the value " + e.Problem
	}
	return e.Path + " " + e.Problem
}

// Errors is everything that a [Checker] found wrong with one value, in the order in which it was found.
type Errors struct {
	// List holds the first findings, at least one, see [Checker.MaxErrors].
	List []*Error
	// Total counts all findings. Beyond List, it counts those too that follow from others.
	Total int
}

// Error returns the first finding and the number of further ones in the List.
func (e *Errors) Error() string {
	switch {
	case e.Total == 1:
		return e.List[0].Error()
	case e.Total > len(e.List):
		return fmt.Sprintf("%s (and more than %d more)", e.List[0], len(e.List)-1)
	}
	return fmt.Sprintf("%s (and %d more)", e.List[0], e.Total-1)
}

// Unwrap returns the findings, so that [errors.As] reaches an [*Error].
func (e *Errors) Unwrap() []error {
	list := make([]error, len(e.List))
	for i, err := range e.List {
		list[i] = err
	}
	return list
}

// checkers holds what Value needs between its calls.
var checkers = sync.Pool{New: func() any { return new(Checker) }}

// Value checks value against its schema and returns an [*Errors] of everything that breaks it, or nil.
func Value(value Checkable) error {
	c := checkers.Get().(*Checker)
	value.Check(c)
	err := c.Err()
	c.Reset()
	checkers.Put(c)
	return err
}
