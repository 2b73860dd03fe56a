package syntax

import "strings"

// An ATIdentifier names an account by its [DID] or its [Handle]. A text that
// starts with "did:" is a DID or nothing.
//
// See https://atproto.com/specs/lexicon#at-identifier.
type ATIdentifier string

// ParseATIdentifier returns s as an ATIdentifier. The error, if any, is an
// [*Error].
func ParseATIdentifier(s string) (ATIdentifier, error) {
	return parse[ATIdentifier](ATIdentifierFormat, s, checkATIdentifier)
}

// Valid reports whether a has the syntax of a DID or a handle.
func (a ATIdentifier) Valid() bool {
	return checkATIdentifier(string(a)) == ""
}

// String returns the text of a.
func (a ATIdentifier) String() string {
	return string(a)
}

// DID returns a as a DID, and whether it is a valid one.
func (a ATIdentifier) DID() (DID, bool) {
	if !DID(a).Valid() {
		return "", false
	}
	return DID(a), true
}

// Handle returns a as a Handle, and whether it is a valid one.
func (a ATIdentifier) Handle() (Handle, bool) {
	if !Handle(a).Valid() {
		return "", false
	}
	return Handle(a), true
}

func checkATIdentifier(s string) string {
	if strings.HasPrefix(s, didPrefix) {
		return checkDID(s)
	}
	return checkHandle(s)
}
