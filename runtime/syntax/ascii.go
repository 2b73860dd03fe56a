package syntax

import "strings"

// isEmpty is the problem of the empty string in every format.
const isEmpty = "is empty"

// The classes below rely on bytes wrapping around: what is smaller than the
// first character of a range becomes a large number.

func isLower(c byte) bool  { return c-'a' < 26 }
func isLetter(c byte) bool { return (c|0x20)-'a' < 26 }
func isDigit(c byte) bool  { return c-'0' < 10 }
func isAlnum(c byte) bool  { return isLetter(c) || isDigit(c) }

// isVisible reports whether c is an ASCII character that leaves ink.
func isVisible(c byte) bool { return c-'!' <= '~'-'!' }

func allLetters(s string) bool {
	for i := range len(s) {
		if !isLetter(s[i]) {
			return false
		}
	}
	return true
}

func allDigits(s string) bool {
	for i := range len(s) {
		if !isDigit(s[i]) {
			return false
		}
	}
	return true
}

// lowerASCII returns s with ASCII capitals made small and all other bytes as
// they are. It allocates only if there is a capital.
func lowerASCII(s string) string {
	i := 0
	for i < len(s) && s[i]-'A' >= 26 {
		i++
	}
	if i == len(s) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	for i := range len(s) {
		c := s[i]
		if c-'A' < 26 {
			c |= 0x20
		}
		b.WriteByte(c)
	}
	return b.String()
}
