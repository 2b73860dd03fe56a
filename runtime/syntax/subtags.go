package syntax

import "strings"

// subtags walks over the subtags of a language tag whose characters and
// lengths are known to be right.
type subtags struct {
	current   string // "" behind the last one
	remaining string
}

func (t *subtags) start(tag string) {
	// A loop, because subtags are too short for strings.Cut to pay.
	for i := range len(tag) {
		if tag[i] == '-' {
			t.current, t.remaining = tag[:i], tag[i+1:]
			return
		}
	}
	t.current, t.remaining = tag, ""
}

// next steps to the next subtag and returns the one it leaves.
func (t *subtags) next() string {
	left := t.current
	t.start(t.remaining)
	return left
}

// skipVariants steps over all variants that follow and reports whether one
// occurs twice in them. Case does not matter.
func (t *subtags) skipVariants() (repeated bool) {
	first := *t
	for isVariant(t.current) {
		for seen := first; len(seen.remaining) > len(t.remaining); seen.next() {
			repeated = repeated || strings.EqualFold(seen.current, t.current)
		}
		t.next()
	}
	return repeated
}

// skipExtensions steps over the extensions that follow, a private one last, and
// reports whether two have the same singleton. Case does not matter.
func (t *subtags) skipExtensions() (repeated bool, problem string) {
	var seen uint64 // one bit for each singleton
	for t.current != "" {
		if len(t.current) > 1 {
			return false, "has a subtag out of place"
		}
		singleton := t.next()[0] | 0x20 // a letter becomes small, a digit stays
		switch {
		case t.current == "", singleton != 'x' && len(t.current) == 1:
			return false, "has an extension without subtags"
		case singleton == 'x':
			return repeated, "" // whatever follows is private
		}
		bit := singletonBit(singleton)
		repeated = repeated || seen&bit != 0
		seen |= bit
		for len(t.current) > 1 {
			t.next()
		}
	}
	return repeated, ""
}

// singletonBit returns a bit of its own for each small letter and each digit.
func singletonBit(singleton byte) uint64 {
	if digit.has(singleton) {
		return 1 << (singleton - '0')
	}
	return 1 << (10 + singleton - 'a')
}
