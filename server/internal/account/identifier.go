package account

import (
	"strings"

	"github.com/lexgen-go/lexgen/runtime/syntax"
)

// An Identifier is what a login names its account by.
type Identifier struct {
	Kind  IdentifierKind
	Value string // in small ASCII letters; of a DID, as it is
}

// An IdentifierKind says what an [Identifier] is.
type IdentifierKind int

// The kinds of identifiers.
const (
	ByHandle IdentifierKind = iota
	ByEmail
	ByDID
)

// parseIdentifier says what kind of identifier a person typed. It does not check the
// syntax: what names no account is simply not found. Accounts have DIDs of two methods, in
// which people may confuse small letters and capitals.
func parseIdentifier(s string) Identifier {
	small := lowerASCII(s)
	switch {
	case strings.Contains(small, "@"):
		return Identifier{ByEmail, small}
	case strings.HasPrefix(small, "did:plc:"):
		return Identifier{ByDID, small}
	case strings.HasPrefix(small, "did:web:"):
		return Identifier{ByDID, strings.ReplaceAll(small, "%3a", webPortMark)}
	case strings.HasPrefix(small, "did:"):
		return Identifier{ByDID, s}
	default:
		return Identifier{ByHandle, small}
	}
}

// byDID names an account by its DID, to the letter: capitals make another DID.
//
// See https://www.w3.org/TR/did-core/#did-syntax.
func byDID(did syntax.DID) Identifier {
	return Identifier{ByDID, string(did)}
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
