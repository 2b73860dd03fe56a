package syntax

import (
	"iter"
	"slices"
	"strings"
)

const (
	maxNSIDLength = 317
	maxNameLength = 63
)

// An NSID is a namespaced identifier, the name of a lexicon document, such as
// com.atproto.server.createSession: the reversed domain name of the authority
// that defines it, and a name. It is at most 317 bytes long and has three or
// more segments.
//
// The authority on its own is not held to the 253 bytes of a domain name: the
// protocol's interoperability tests count an NSID with a longer one as valid.
//
// See https://atproto.com/specs/nsid.
type NSID string

// ParseNSID returns s as an NSID. The error, if any, is an [*Error].
func ParseNSID(s string) (NSID, error) {
	return parse[NSID](NSIDFormat, s, checkNSID)
}

// Valid reports whether n has the syntax of an NSID, without fragment or
// wildcard.
func (n NSID) Valid() bool {
	return checkNSID(string(n)) == ""
}

// String returns the text of n.
func (n NSID) String() string {
	return string(n)
}

// Authority returns the domain name of the authority in the order and case of
// domain names: "server.atproto.com" for com.atproto.server.createSession. It
// is empty if n is not valid.
func (n NSID) Authority() string {
	labels := strings.Split(lowerASCII(n.Group()), ".")
	slices.Reverse(labels)
	return strings.Join(labels, ".")
}

// Group returns all segments but the last, as they stand: "com.atproto.server"
// for com.atproto.server.createSession. It is empty if n is not valid.
func (n NSID) Group() string {
	group, _ := n.split()
	return group
}

// Name returns the last segment: "createSession" for
// com.atproto.server.createSession. It is empty if n is not valid.
func (n NSID) Name() string {
	_, name := n.split()
	return name
}

// Segments returns the segments from left to right. There are none if n is not
// valid.
func (n NSID) Segments() iter.Seq[string] {
	if !n.Valid() {
		return func(func(string) bool) {}
	}
	return strings.SplitSeq(string(n), ".")
}

// Normalize returns n with the ASCII capitals of its group made small; the name
// is case-sensitive. A value that is not valid is returned as it is.
func (n NSID) Normalize() NSID {
	group, name := n.split()
	if name == "" || lowerASCII(group) == group {
		return n
	}
	return NSID(lowerASCII(group) + "." + name)
}

func (n NSID) split() (group, name string) {
	if !n.Valid() {
		return "", ""
	}
	dot := strings.LastIndexByte(string(n), '.')
	return string(n[:dot]), string(n[dot+1:])
}

func checkNSID(s string) string {
	switch {
	case s == "":
		return isEmpty
	case len(s) > maxNSIDLength:
		return "is longer than 317 bytes"
	}
	dot := strings.LastIndexByte(s, '.')
	if dot < 0 {
		return "has fewer than three segments"
	}
	last, problem := checkLabels(s[:dot])
	switch {
	case problem != "":
		return problem
	case last == 0:
		return "has fewer than three segments"
	case !letter.has(s[0]):
		return "does not start with a letter"
	}
	return checkName(s[dot+1:])
}

// checkName checks the last segment of an NSID.
func checkName(name string) string {
	switch {
	case name == "":
		return "has an empty name"
	case len(name) > maxNameLength:
		return "has a name longer than 63 bytes"
	case !letter.has(name[0]):
		return "has a name that does not start with a letter"
	case !alnum.all(name):
		return "has a character other than letters and digits in the name"
	}
	return ""
}
