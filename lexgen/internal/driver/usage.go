package driver

import "fmt"

// UsageError is an error in an argument of the command, or about lexgen.json and where it leads.
type UsageError struct{ err error }

// Error returns what is wrong.
func (e *UsageError) Error() string { return e.err.Error() }

// Unwrap returns the cause.
func (e *UsageError) Unwrap() error { return e.err }

// misuse returns a [UsageError].
func misuse(format string, args ...any) error { return &UsageError{fmt.Errorf(format, args...)} }
