package syntax

import "strings"

// An AtIdentifier names an account by its [DID] or its [Handle]. A text that
// starts with "did:" is a DID or nothing.
//
// See https://atproto.com/specs/lexicon#at-identifier.
type AtIdentifier string

// ParseAtIdentifier returns s as an AtIdentifier. The error, if any, is an
// [*Error].
func ParseAtIdentifier(s string) (AtIdentifier, error) {
	return parse[AtIdentifier](AtIdentifierFormat, s, checkAtIdentifier)
}

// Valid reports whether a has the syntax of a DID or a handle.
func (a AtIdentifier) Valid() bool {
	return checkAtIdentifier(string(a)) == ""
}

// String returns the text of a.
func (a AtIdentifier) String() string {
	return string(a)
}

// DID returns a as a DID, and whether it is a valid one.
func (a AtIdentifier) DID() (DID, bool) {
	if !DID(a).Valid() {
		return "", false
	}
	return DID(a), true
}

// Handle returns a as a Handle, and whether it is a valid one.
func (a AtIdentifier) Handle() (Handle, bool) {
	if !Handle(a).Valid() {
		return "", false
	}
	return Handle(a), true
}

func checkAtIdentifier(s string) string {
	if strings.HasPrefix(s, didPrefix) {
		return checkDID(s)
	}
	return checkHandle(s)
}
