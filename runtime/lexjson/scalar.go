package lexjson

import "math"

// String consumes a string and returns it: a slice of the buffer, or a new
// string if it has escapes. Anything else is reported and skipped, and the
// result is empty.
func (r *Reader) String() string {
	rest := r.text[r.pos:]
	if end := plainEnd(rest, 1); end < len(rest) && rest[0] == '"' && rest[end] == '"' {
		r.pos += end + 1
		return rest[1:end]
	}
	return r.anyString()
}

// anyString is String for strings of every kind, and for what is none.
func (r *Reader) anyString() string {
	if r.peek() == '"' {
		return r.readString()
	}
	r.mismatch("must be a string")
	return ""
}

// Bool consumes true or false. Anything else is reported and skipped, and the
// result is false.
func (r *Reader) Bool() bool {
	switch r.peek() {
	case 't':
		r.literal("true")
		return r.err == nil
	case 'f':
		r.literal("false")
	default:
		r.mismatch("must be a boolean")
	}
	return false
}

// Null consumes a null and reports whether there was one; it leaves any other
// value alone.
func (r *Reader) Null() bool {
	if r.peek() != 'n' {
		return false
	}
	r.literal("null")
	return r.err == nil
}

// Int consumes an integer. It is exact over the whole range of an int64, and
// takes integers in any notation, 123.0 and 1e3 included. Anything else is
// reported and skipped, and the result is 0.
func (r *Reader) Int() int64 {
	if n, ok := r.shortInt(); ok {
		return n
	}
	if r.Peek() != Number {
		r.mismatch("must be an integer")
		return 0
	}
	start, text := r.pos, r.text
	if !r.scanNumber() {
		return 0
	}
	n, problem := parseInt(text[start:r.pos])
	if problem != "" {
		r.Report(problem)
	}
	return n
}

// shortInt consumes an integer of at most 18 digits in the usual notation, or
// nothing.
func (r *Reader) shortInt() (n int64, ok bool) {
	text, i := r.text[r.pos:], 0
	negative := text != "" && text[0] == '-'
	if negative {
		i++
	}
	first := i
	for i < len(text) && isDigit(text[i]) {
		n = n*10 + int64(text[i]-'0')
		i++
	}
	digits := i - first
	if digits == 0 || digits > 18 || digits > 1 && text[first] == '0' {
		return 0, false
	}
	if i < len(text) && (text[i] == '.' || text[i]|0x20 == 'e') {
		return 0, false
	}
	r.pos += i
	if negative {
		n = -n
	}
	return n, true
}

// parseInt returns the value of a well-formed number, or 0 and what is wrong
// with it. The exponent may be huge; the time is linear in the text.
func parseInt(number string) (n int64, problem string) {
	negative := number[0] == '-'
	if negative {
		number = number[1:]
	}
	digits, zeros := significand(number)
	if len(digits) == 0 {
		return 0, ""
	}
	if zeros < 0 {
		return 0, "must be an integer"
	}
	const outside = "must be an integer of at most 64 bits"
	if len(digits)+zeros > 19 {
		return 0, outside
	}
	var u uint64
	for _, c := range digits {
		u = u*10 + uint64(c-'0')
	}
	for range zeros {
		u *= 10
	}
	switch {
	case negative && u <= -math.MinInt64:
		return int64(-u), ""
	case !negative && u <= math.MaxInt64:
		return int64(u), ""
	}
	return 0, outside
}

// significand splits a number without sign into its digits, without zeros at
// either end, and the number of zeros to be put behind them. That is negative
// if the number has a fractional part, and limited in size.
func significand(number string) (digits []byte, zeros int) {
	i := 0
	for i < len(number) && number[i]|0x20 != 'e' {
		i++
	}
	mantissa, exponent := number[:i], number[i:]
	digits = make([]byte, 0, len(mantissa))
	fraction := false
	for _, c := range []byte(mantissa) {
		switch {
		case c == '.':
			fraction = true
			continue
		case c != '0' || len(digits) > 0:
			digits = append(digits, c)
		}
		if fraction {
			zeros--
		}
	}
	for len(digits) > 0 && digits[len(digits)-1] == '0' {
		digits = digits[:len(digits)-1]
		zeros++
	}
	return digits, zeros + parseExponent(exponent)
}

// parseExponent returns the value of an exponent such as "e-12", or 0 if it is
// empty. Values beyond a billion are cut to that, more than any text has digits.
func parseExponent(exponent string) int {
	if len(exponent) == 0 {
		return 0
	}
	exponent = exponent[1:]
	sign := 1
	switch exponent[0] {
	case '-':
		sign = -1
		exponent = exponent[1:]
	case '+':
		exponent = exponent[1:]
	}
	n := 0
	for _, c := range []byte(exponent) {
		n = min(n*10+int(c-'0'), 1e9)
	}
	return sign * n
}
