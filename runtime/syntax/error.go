package syntax

// An Error tells why a text does not have the syntax of a string format.
// Every Parse function of this package returns its errors as *Error.
type Error struct {
	// Format is the name of the format as the Lexicon language spells it,
	// such as [HandleFormat].
	Format string

	// Problem continues a sentence whose subject is the text: "has an empty
	// label". It never quotes the text, which may be hostile and long.
	Problem string
}

// Error returns the format and the problem as a sentence.
func (e *Error) Error() string {
	return e.Format + " " + e.Problem
}

// parse turns s into a value of the format's type if check finds no problem.
func parse[T ~string](format, s string, check func(string) string) (T, error) {
	if problem := check(s); problem != "" {
		return "", &Error{Format: format, Problem: problem}
	}
	return T(s), nil
}
