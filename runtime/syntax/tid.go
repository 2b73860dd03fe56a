package syntax

import (
	"strings"
	"time"
)

const (
	tidAlphabet    = "234567abcdefghijklmnopqrstuvwxyz"
	tidLength      = 13
	tidClockBits   = 10
	tidClockMask   = 1<<tidClockBits - 1
	tidMaxMicros   = 1<<53 - 1
	tidDigitBits   = 5
	tidDigitMask   = 1<<tidDigitBits - 1
	tidFirstDigits = 16 // thirteen digits are 65 bits, so the first one has only four
)

// A TID is a timestamp identifier, such as 3jzfcijpj2z2a: a time in
// microseconds and the number of the clock that read it, as 13 digits of a
// base-32 alphabet in which the order of the texts is the order of the times.
//
// See https://atproto.com/specs/tid.
type TID string

// ParseTID returns s as a TID. The error, if any, is an [*Error].
func ParseTID(s string) (TID, error) {
	return parse[TID](TIDFormat, s, checkTID)
}

// NewTID returns the TID of a time, at a precision of microseconds, and of the
// lowest ten bits of clockID. A TID can hold the times from 1970 to June 2255;
// a time outside is moved to the nearer end. NewTID keeps no state: a caller
// who needs distinct TIDs passes distinct times.
func NewTID(t time.Time, clockID uint) TID {
	// Compared as times first, because UnixMicro overflows for distant years.
	var micros uint64
	switch {
	case t.After(time.UnixMicro(tidMaxMicros)):
		micros = tidMaxMicros
	case t.After(time.UnixMicro(0)):
		micros = uint64(t.UnixMicro())
	}
	bits := micros<<tidClockBits | uint64(clockID&tidClockMask)

	var digits [tidLength]byte
	for i := tidLength - 1; i >= 0; i-- {
		digits[i] = tidAlphabet[bits&tidDigitMask]
		bits >>= tidDigitBits
	}
	return TID(digits[:])
}

// Valid reports whether t has the syntax of a TID.
func (t TID) Valid() bool {
	return checkTID(string(t)) == ""
}

// String returns the text of t.
func (t TID) String() string {
	return string(t)
}

// Time returns the time in UTC. It is the zero time if t is not valid.
func (t TID) Time() time.Time {
	if !t.Valid() {
		return time.Time{}
	}
	return time.UnixMicro(int64(t.bits() >> tidClockBits & tidMaxMicros)).UTC()
}

// ClockID returns the number of the clock, from 0 to 1023. It is 0 if t is not
// valid.
func (t TID) ClockID() uint {
	if !t.Valid() {
		return 0
	}
	return uint(t.bits() & tidClockMask)
}

// bits returns the 64 bits that a valid t spells. The highest one is reserved
// as zero, yet the syntax admits texts in which it is set.
func (t TID) bits() uint64 {
	var bits uint64
	for i := range len(t) {
		bits = bits<<tidDigitBits | uint64(strings.IndexByte(tidAlphabet, t[i]))
	}
	return bits
}

func checkTID(s string) string {
	switch {
	case s == "":
		return isEmpty
	case len(s) != tidLength:
		return "is not 13 bytes long"
	}
	if !inTID.all(s) {
		return "has a character other than 2-7 and a-z"
	}
	if s[0] > tidAlphabet[tidFirstDigits-1] {
		return "starts with a letter after j"
	}
	return ""
}
