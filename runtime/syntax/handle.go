package syntax

import "strings"

const (
	maxHandleLength = 253
	maxLabelLength  = 63
)

// HandleInvalid is the handle shown in place of one that does not resolve back
// to its account. It is valid syntax and belongs to nobody.
const HandleInvalid Handle = "handle.invalid"

// A Handle is a domain name that serves as the readable name of an account,
// such as alice.example.com. It is at most 253 bytes long, has two or more
// labels, and its last label starts with a letter. Capitals are valid but mean
// nothing: compare handles after [Handle.Normalize].
//
// Reserved top-level domains such as .test or .invalid are valid syntax.
//
// See https://atproto.com/specs/handle.
type Handle string

// ParseHandle returns s as a Handle, unchanged: capitals stay. The error, if
// any, is an [*Error].
func ParseHandle(s string) (Handle, error) {
	return parse[Handle](HandleFormat, s, checkHandle)
}

// Valid reports whether h has the syntax of a handle.
func (h Handle) Valid() bool {
	return checkHandle(string(h)) == ""
}

// String returns the text of h.
func (h Handle) String() string {
	return string(h)
}

// Normalize returns h with its ASCII capitals made small, whether or not h is
// valid. It allocates only if there are any.
func (h Handle) Normalize() Handle {
	return Handle(lowerASCII(string(h)))
}

// TLD returns the last label in small letters, such as "com". It is empty if h
// is not valid.
func (h Handle) TLD() string {
	if !h.Valid() {
		return ""
	}
	return lowerASCII(string(h[strings.LastIndexByte(string(h), '.')+1:]))
}

func checkHandle(s string) string {
	switch {
	case s == "":
		return isEmpty
	case len(s) > maxHandleLength:
		return "is longer than 253 bytes"
	}
	last, problem := checkLabels(s)
	switch {
	case problem != "":
		return problem
	case last == 0:
		return "has fewer than two labels"
	case !letter.has(s[last]):
		return "has a last label that does not start with a letter"
	}
	return ""
}

// checkLabels checks that s consists of labels of a domain name joined by dots:
// 1 to 63 letters, digits and hyphens, with no hyphen at either end. It returns
// the offset of the last label.
func checkLabels(s string) (last int, problem string) {
	for {
		end := last + inLabel.prefix(s[last:])
		if end < len(s) && s[end] != '.' {
			return 0, "has a character other than letters, digits, hyphens and dots"
		}
		if problem := checkLabel(s[last:end]); problem != "" || end == len(s) {
			return last, problem
		}
		last = end + 1
	}
}

// checkLabel checks the length and the ends of a label whose characters are
// known to be right.
func checkLabel(label string) string {
	switch {
	case label == "":
		return "has an empty label"
	case len(label) > maxLabelLength:
		return "has a label longer than 63 bytes"
	case label[0] == '-':
		return "has a label that starts with a hyphen"
	case label[len(label)-1] == '-':
		return "has a label that ends with a hyphen"
	}
	return ""
}
