package lexjson

import (
	"fmt"
	"unicode/utf8"
)

// A SyntaxError says that the input is not the JSON that this package
// accepts, and where. It is the only error that stops a [Reader].
type SyntaxError struct {
	Offset  int    // number of bytes before the offending one
	Problem string // what is wrong there
}

// Error returns the offset and the problem in one line.
func (e *SyntaxError) Error() string {
	return fmt.Sprintf("invalid JSON at offset %d: %s", e.Offset, e.Problem)
}

// fail makes problem, found at offset, the sticky error unless there is one,
// and drops the input, so that every later call sees its end at once.
func (r *Reader) fail(offset int, problem string) {
	if r.err == nil {
		r.err = &SyntaxError{Offset: offset, Problem: problem}
	}
	r.text, r.pos = "", 0
}

// unexpected fails with what stands at the current position instead of want.
func (r *Reader) unexpected(want string) {
	r.fail(r.pos, r.found(r.pos)+" instead of "+want)
}

// found describes the character at offset for an error text.
func (r *Reader) found(offset int) string {
	if offset >= len(r.text) {
		return "unexpected end"
	}
	c, size := utf8.DecodeRuneInString(r.text[offset:])
	if c == utf8.RuneError && size == 1 {
		return "invalid UTF-8"
	}
	return fmt.Sprintf("unexpected %q", c)
}
