package syntax

import "strings"

const (
	minCIDLength   = 8
	maxCIDLength   = 256
	cidV0Length    = 46
	cidV0Multihash = "Qm"
)

// A CID is a content identifier in its text form, a hash of the content with a
// few words on how it was made, such as
// bafyreidfayvfuwqa7qlnopdjiqrxzs6blmoeu4rujcjtnci5beludirz2a.
//
// The check is one of characters and length, so that every text encoding and
// every hash function passes; it does not decode. Only CIDs of version 0 are
// refused.
//
// See https://atproto.com/specs/data-model#link-and-cid-formats.
type CID string

// ParseCID returns s as a CID. The error, if any, is an [*Error].
func ParseCID(s string) (CID, error) {
	return parse[CID](CIDFormat, s, checkCID)
}

// Valid reports whether c looks like a CID of version 1 or later.
func (c CID) Valid() bool {
	return checkCID(string(c)) == ""
}

// String returns the text of c.
func (c CID) String() string {
	return string(c)
}

func checkCID(s string) string {
	switch {
	case s == "":
		return isEmpty
	case len(s) < minCIDLength:
		return "is shorter than 8 bytes"
	case len(s) > maxCIDLength:
		return "is longer than 256 bytes"
	case len(s) == cidV0Length && strings.HasPrefix(s, cidV0Multihash):
		return "is a CID of version 0"
	}
	if !inCID.all(s) {
		return "has a character other than letters, digits, + and ="
	}
	return ""
}
