package syntax

import "strings"

const (
	didPrefix    = "did:"
	maxDIDLength = 2048
)

// A DID is a decentralized identifier, the permanent name of an account, such
// as did:plc:ewvi7nxzyoun6zhxrhs64oiz. It is at most 2048 bytes long and
// compared byte by byte. Any method is valid here.
//
// See https://atproto.com/specs/did.
type DID string

// ParseDID returns s as a DID. The error, if any, is an [*Error].
func ParseDID(s string) (DID, error) {
	return parse[DID](DIDFormat, s, checkDID)
}

// Valid reports whether d has the syntax of a DID.
func (d DID) Valid() bool {
	return checkDID(string(d)) == ""
}

// String returns the text of d.
func (d DID) String() string {
	return string(d)
}

// Method returns the part between the first and the second colon, such as
// "plc" or "web". It is empty if d is not valid.
func (d DID) Method() string {
	method, _ := d.split()
	return method
}

// Identifier returns the part after the second colon, whose meaning the method
// defines. It is empty if d is not valid.
func (d DID) Identifier() string {
	_, identifier := d.split()
	return identifier
}

func (d DID) split() (method, identifier string) {
	if !d.Valid() {
		return "", ""
	}
	method, identifier, _ = strings.Cut(string(d[len(didPrefix):]), ":")
	return method, identifier
}

func checkDID(s string) string {
	switch {
	case s == "":
		return isEmpty
	case len(s) > maxDIDLength:
		return "is longer than 2048 bytes"
	case !strings.HasPrefix(s, didPrefix):
		return `does not start with "did:"`
	}
	i := len(didPrefix) + lower.prefix(s[len(didPrefix):])
	switch {
	case i == len(s):
		return "has no colon after the method"
	case s[i] != ':':
		return "has a character other than small letters in the method"
	case i == len(didPrefix):
		return "has an empty method"
	}
	return checkDIDIdentifier(s[i+1:])
}

// checkDIDIdentifier checks what follows the method. Percent signs are
// characters like any other: nothing is decoded.
func checkDIDIdentifier(s string) string {
	if !inDID.all(s) {
		return "has a character other than letters, digits and ._:%- in the identifier"
	}
	switch {
	case s == "":
		return "has an empty identifier"
	case s[len(s)-1] == ':':
		return "ends with a colon"
	case s[len(s)-1] == '%':
		return "ends with a percent sign"
	}
	return ""
}
