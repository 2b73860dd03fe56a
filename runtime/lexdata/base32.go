package lexdata

// A base32 reads the bytes that a text in lower-case base32 without padding
// stands for, from the front. The standard library's decoder allocates, passes
// over line breaks and left-over bits, and decodes the whole of a hash of which
// only the length matters.
type base32 struct {
	text string
	next int  // index of the next digit
	bits uint // of the digits before it that are in no byte yet
	n    uint // the number of these bits
	read int  // bytes so far
}

// digitFlag is set in the entry of each digit in the table; the five bits below
// it are the value.
const digitFlag = 1 << 5

// base32Digits says of each byte what digit it is. A table is quicker than
// comparisons, which the processor cannot foresee in a hash.
var base32Digits = makeBase32Digits()

func makeBase32Digits() (table [256]byte) {
	for value, c := range []byte("abcdefghijklmnopqrstuvwxyz234567") {
		table[c] = digitFlag | byte(value)
	}
	return table
}

// header reads the four numbers at the start of a CID: version, codec, hash
// function and length of the hash.
func (b *base32) header() (numbers [4]uint64, ok bool) {
	if numbers, ok = b.shortHeader(); ok {
		return numbers, true
	}
	for i := range numbers {
		if numbers[i], ok = b.varint(); !ok {
			return numbers, false
		}
	}
	return numbers, true
}

// shortHeader reads a header whose numbers are of one byte each, as those of
// nearly all CIDs are, or nothing: eight digits are five bytes.
func (b *base32) shortHeader() (numbers [4]uint64, ok bool) {
	const digits, bytes = 8, 5
	if len(b.text) < digits {
		return numbers, false
	}
	var word uint64
	flags := byte(digitFlag)
	for i := range digits {
		digit := base32Digits[b.text[i]]
		flags &= digit
		word = word<<5 | uint64(digit&^digitFlag)
	}
	const more = 0x80808080 << 8 // the bits that say that a number goes on
	if flags == 0 || word&more != 0 {
		return numbers, false
	}
	b.next, b.read = digits-1, bytes-1
	b.bits, b.n = uint(word>>5), 3
	return [4]uint64{word >> 32, word >> 24 & 0x7f, word >> 16 & 0x7f, word >> 8 & 0x7f}, true
}

// byte reads a byte.
func (b *base32) byte() (value byte, ok bool) {
	for b.n < 8 {
		if b.next == len(b.text) {
			return 0, false
		}
		digit := base32Digits[b.text[b.next]]
		if digit == 0 {
			return 0, false
		}
		b.bits = b.bits<<5 | uint(digit&^digitFlag)
		b.n += 5
		b.next++
	}
	b.n -= 8
	b.read++
	return byte(b.bits >> b.n), true
}

// varint reads an unsigned number in the shortest form that a varint has.
// See https://github.com/multiformats/unsigned-varint.
func (b *base32) varint() (number uint64, ok bool) {
	for shift := 0; shift < 64; shift += 7 {
		c, ok := b.byte()
		switch {
		case !ok, c == 0 && shift > 0, shift == 63 && c > 1:
			return 0, false
		case c < 0x80:
			return number | uint64(c)<<shift, true
		}
		number |= uint64(c&0x7f) << shift
	}
	return 0, false
}

// rest passes over the bytes that have not been read, and returns how many there
// are. It is not ok if there is something else than digits, or if the bits that
// the last digit has too many are not zero.
func (b *base32) rest() (size int, ok bool) {
	text := b.text
	if !allDigits(text[b.next:]) {
		return 0, false
	}
	size, spare := len(text)*5/8, len(text)*5%8
	if spare >= 5 || base32Digits[text[len(text)-1]]&(1<<spare-1) != 0 {
		return 0, false
	}
	return size - b.read, true
}

// allDigits reports whether text has nothing but digits.
func allDigits(text string) bool {
	i := 0
	for ; i <= len(text)-4; i += 4 {
		four := base32Digits[text[i]] & base32Digits[text[i+1]] & base32Digits[text[i+2]] & base32Digits[text[i+3]]
		if four&digitFlag == 0 {
			return false
		}
	}
	for ; i < len(text); i++ {
		if base32Digits[text[i]] == 0 {
			return false
		}
	}
	return true
}
