package syntax

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	maxURILength    = 8192
	maxSchemeLength = 81
)

// A URI is a generic URI of any scheme: a scheme, a colon, and one or more
// printable characters that are not spaces. It is at most 8192 bytes long.
// Nothing that a scheme demands of its URIs is checked.
//
// See https://atproto.com/specs/lexicon#uri.
type URI string

// ParseURI returns s as a URI. The error, if any, is an [*Error].
func ParseURI(s string) (URI, error) {
	return parse[URI](URIFormat, s, checkURI)
}

// Valid reports whether u has the syntax of a URI.
func (u URI) Valid() bool {
	return checkURI(string(u)) == ""
}

// String returns the text of u.
func (u URI) String() string {
	return string(u)
}

// Scheme returns the part before the first colon in small letters, such as
// "https". It is empty if u is not valid.
func (u URI) Scheme() string {
	if !u.Valid() {
		return ""
	}
	scheme, _, _ := strings.Cut(string(u), ":")
	return lowerASCII(scheme)
}

func checkURI(s string) string {
	switch {
	case s == "":
		return isEmpty
	case len(s) > maxURILength:
		return "is longer than 8192 bytes"
	case !letter.has(s[0]):
		return "does not start with a letter"
	}
	i := inScheme.prefix(s)
	switch {
	case i == len(s):
		return "has no colon after the scheme"
	case s[i] != ':':
		return "has a character other than letters, digits and +-. in the scheme"
	case i > maxSchemeLength:
		return "has a scheme longer than 81 bytes"
	}
	return checkURIRest(s[i+1:])
}

// checkURIRest checks what follows the scheme and its colon.
func checkURIRest(s string) string {
	if s == "" || s == "//" {
		return "has nothing after the scheme"
	}
	for {
		s = s[visible.prefix(s):]
		if s == "" {
			return ""
		}
		r, size := utf8.DecodeRuneInString(s)
		switch {
		case r == utf8.RuneError && size == 1:
			return "is not valid UTF-8"
		case r == ' ' || !unicode.IsPrint(r):
			return "has a space or an unprintable character"
		}
		s = s[size:]
	}
}
