package lexjson

import "math/bits"

// The functions of this file look at eight bytes of text at once, as the bytes
// of a word in which the first is the lowest. They ask which byte is the first
// of some kind, and each answer is a word in which the lowest bit that is set is
// the high bit of that byte; the bits above it may be anything.

// wordSize is the number of bytes in a word.
const wordSize = 8

// Words whose eight bytes are all the same.
const (
	eachByte = 0x0101010101010101
	highBits = eachByte * 0x80
)

// marks returns where the quotes, backslashes and control characters of word
// are, and some bytes that are not ASCII.
//
// Subtracting n from a byte sets its high bit if the byte is less than n, and
// borrows from the byte above, which is why only the lowest answer counts. With
// the bit 0x02 flipped, the quote comes to stand right behind the control
// characters (0x20), and the space and the exclamation mark move out of the way
// (0x22, 0x23): so one subtraction finds the quote and the control characters.
func marks(word uint64) uint64 {
	return ((word ^ eachByte*0x02) - eachByte*0x21) | ((word ^ eachByte*'\\') - eachByte)
}

// plainBytes returns how many bytes of word are before the first one that is a
// quote, a backslash, a control character or not ASCII.
func plainBytes(word uint64) int {
	return bits.TrailingZeros64((marks(word)|word)&highBits) / 8
}

// plainEnd returns the offset of the first byte of text from i on that is a
// quote, a backslash, a control character or not ASCII, or len(text) if there is
// none. It takes two words at once as long as it can, as that is less work for
// each of them.
func plainEnd(text string, i int) int {
	for ; 0 <= i && i <= len(text)-2*wordSize; i += 2 * wordSize {
		first, second := load8(text[i:]), load8(text[i+wordSize:])
		if hits := (marks(first) | first) & highBits; hits != 0 {
			return i + bits.TrailingZeros64(hits)/8
		}
		if hits := (marks(second) | second) & highBits; hits != 0 {
			return i + wordSize + bits.TrailingZeros64(hits)/8
		}
	}
	for i < len(text) && !special(text[i]) && text[i] < 0x80 {
		i++
	}
	return i
}

// textEnd returns the offset of the first byte of text from i on that is a
// quote, a backslash or a control character, or len(text) if there is none.
func textEnd(text string, i int) int {
	for ; 0 <= i && i <= len(text)-wordSize; i += wordSize {
		word := load8(text[i : i+wordSize])
		if hits := marks(word) &^ word & highBits; hits != 0 {
			return i + bits.TrailingZeros64(hits)/8
		}
	}
	for i < len(text) && !special(text[i]) {
		i++
	}
	return i
}

// isPlain reports whether a text of at least one word has no quote, backslash,
// control character, and no byte that is not ASCII.
func isPlain(text string) bool {
	last := load8(text[len(text)-wordSize:]) // which may overlap with others
	hits := marks(last) | last
	for ; len(text) > 2*wordSize; text = text[2*wordSize:] {
		first, second := load8(text), load8(text[wordSize:])
		hits |= marks(first) | first | marks(second) | second
	}
	if len(text) > wordSize {
		first := load8(text)
		hits |= marks(first) | first
	}
	return hits&highBits == 0
}

// shortWord returns the word of a text that is shorter than one, with zeros
// behind it, and whether the text is plain: without quotes, backslashes, control
// characters, and bytes that are not ASCII.
func shortWord(text string) (word uint64, plain bool) {
	n := len(text)
	switch {
	case n >= 4: // in two halves that may overlap
		word = load4(text) | load4(text[n-4:])<<(8*(n-4))
	case n >= 2:
		word = uint64(text[0]) | uint64(text[1])<<8 | uint64(text[n-1])<<(8*(n-1))
	case n == 1:
		word = uint64(text[0])
	}
	// The zeros are control characters, so that there always is a hit.
	hits := (marks(word) | word) & highBits
	return word, bits.TrailingZeros64(hits)/8 >= n
}

// load8 returns the first eight bytes of text.
func load8(text string) uint64 {
	_ = text[7]
	return uint64(text[0]) | uint64(text[1])<<8 | uint64(text[2])<<16 | uint64(text[3])<<24 |
		uint64(text[4])<<32 | uint64(text[5])<<40 | uint64(text[6])<<48 | uint64(text[7])<<56
}

// load4 returns the first four bytes of text.
func load4(text string) uint64 {
	_ = text[3]
	return uint64(text[0]) | uint64(text[1])<<8 | uint64(text[2])<<16 | uint64(text[3])<<24
}

// special reports whether c cannot stand in a string as it is.
func special(c byte) bool { return c < ' ' || c == '"' || c == '\\' }
