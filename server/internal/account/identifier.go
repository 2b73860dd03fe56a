package account

import (
	"strings"

	"github.com/lexgen-go/lexgen/runtime/syntax"
)

// An Identifier is what a login names its account by.
type Identifier struct {
	Kind  IdentifierKind
	Value string // in small ASCII letters
}

// An IdentifierKind says what an [Identifier] is.
type IdentifierKind int

// The kinds of identifiers.
const (
	ByHandle IdentifierKind = iota
	ByEmail
	ByDID
)

// parseIdentifier says what kind of identifier a login was made with. It does not
// check the syntax: what names no account is simply not found.
func parseIdentifier(s string) Identifier {
	s = lowerASCII(s)
	switch {
	case strings.Contains(s, "@"):
		return Identifier{ByEmail, s}
	case strings.HasPrefix(s, "did:"):
		return Identifier{ByDID, s}
	default:
		return Identifier{ByHandle, s}
	}
}

func byDID(did syntax.DID) Identifier {
	return Identifier{ByDID, lowerASCII(string(did))}
}

// lowerASCII returns s with small ASCII letters for the capital ones. Handles and
// emails have no others; by the rules of Unicode a Kelvin sign would become a k.
func lowerASCII(s string) string {
	return strings.Map(func(r rune) rune {
		if 'A' <= r && r <= 'Z' {
			r += 'a' - 'A'
		}
		return r
	}, s)
}
