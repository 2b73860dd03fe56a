package syntax

import "strings"

// isEmpty is the problem of the empty string in every format.
const isEmpty = "is empty"

// A class is a set of ASCII characters: one bit in the table of classes.
type class uint16

// The sets of characters that the formats are made of.
const (
	lower    class = 1 << iota // a-z
	upper                      // A-Z
	letter                     // both
	digit                      // 0-9
	alnum                      // letters and digits
	inLabel                    // those of a label of a domain name
	inDID                      // those of the identifier of a DID
	inKey                      // those of a record key
	inTID                      // those of a TID
	inCID                      // those of a CID, in any of its encodings
	inScheme                   // those of the scheme of a URI
	inPath                     // those of a segment of a path of a URI
	visible                    // all that leave ink
)

// classes holds the sets that each byte is in. A table is quicker than
// comparisons, which the processor cannot foresee in identifiers that are hashes.
var classes = makeClasses()

func makeClasses() (table [256]class) {
	const (
		small    = "abcdefghijklmnopqrstuvwxyz"
		capitals = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
		numbers  = "0123456789"
		all      = small + capitals + numbers
	)
	for set, chars := range map[class]string{
		lower:    small,
		upper:    capitals,
		letter:   small + capitals,
		digit:    numbers,
		alnum:    all,
		inLabel:  all + "-",
		inDID:    all + "._:%-",
		inKey:    all + "_~.:-",
		inTID:    tidAlphabet,
		inCID:    all + "+=",
		inScheme: all + "+-.",
		inPath:   all + "-._~!$&'()*+,;=:@%",
		visible:  all + "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~",
	} {
		for _, c := range []byte(chars) {
			table[c] |= set
		}
	}
	return table
}

// has reports whether c is in the set.
func (set class) has(c byte) bool { return classes[c]&set != 0 }

// all reports whether every character of s is in the set.
func (set class) all(s string) bool { return set.prefix(s) == len(s) }

// prefix returns the number of characters at the start of s that are in the set.
// It takes four at once as long as it can.
func (set class) prefix(s string) int {
	i := 0
	for i <= len(s)-4 && classes[s[i]]&classes[s[i+1]]&classes[s[i+2]]&classes[s[i+3]]&set != 0 {
		i += 4
	}
	for i < len(s) && classes[s[i]]&set != 0 {
		i++
	}
	return i
}

// lowerASCII returns s with ASCII capitals made small and all other bytes as
// they are. It allocates only if there is a capital.
func lowerASCII(s string) string {
	i := 0
	for i < len(s) && !upper.has(s[i]) {
		i++
	}
	if i == len(s) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	for i := range len(s) {
		c := s[i]
		if upper.has(c) {
			c |= 0x20
		}
		b.WriteByte(c)
	}
	return b.String()
}
