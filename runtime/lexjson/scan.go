package lexjson

import (
	"unicode/utf16"
	"unicode/utf8"
)

// peek returns the byte at the current position, or 0 at the end.
func (r *Reader) peek() byte {
	if r.pos < len(r.text) {
		return r.text[r.pos]
	}
	return 0
}

// skipSpace moves to the next byte that is no white space and returns it, or
// 0 at the end.
func (r *Reader) skipSpace() byte {
	for r.pos < len(r.text) {
		c := r.text[r.pos]
		if c > ' ' || c != ' ' && c != '\n' && c != '\r' && c != '\t' {
			return c
		}
		r.pos++
	}
	return 0
}

// literal consumes word, whose first letter has been seen.
func (r *Reader) literal(word string) {
	for i := range len(word) {
		if r.pos+i >= len(r.text) || r.text[r.pos+i] != word[i] {
			r.fail(r.pos+i, r.found(r.pos+i)+" in what should be "+word)
			return
		}
	}
	r.pos += len(word)
}

// scanNumber consumes a number and reports whether there was one. As it is the
// last kind to be tried, anything else is a syntax error.
func (r *Reader) scanNumber() bool {
	text, i := r.text, r.pos
	if i < len(text) && text[i] == '-' {
		i++
	}
	switch {
	case i < len(text) && text[i] == '0':
		i++
	case i < len(text) && isDigit(text[i]):
		i = skipDigits(text, i)
	case i == r.pos:
		r.unexpected("a value")
		return false
	default:
		r.fail(i, r.found(i)+" instead of a digit")
		return false
	}
	if i < len(text) && text[i] == '.' {
		if i = r.digits(i + 1); i < 0 {
			return false
		}
	}
	if i < len(text) && text[i]|0x20 == 'e' {
		i++
		if i < len(text) && (text[i] == '+' || text[i] == '-') {
			i++
		}
		if i = r.digits(i); i < 0 {
			return false
		}
	}
	r.pos = i
	return true
}

// digits returns the offset behind the digits at i, or -1 if there is none,
// which is a syntax error.
func (r *Reader) digits(i int) int {
	end := skipDigits(r.text, i)
	if end == i {
		r.fail(i, r.found(i)+" instead of a digit")
		return -1
	}
	return end
}

func skipDigits(text string, i int) int {
	for i < len(text) && isDigit(text[i]) {
		i++
	}
	return i
}

// isDigit relies on bytes that wrap around: what is less than '0' becomes large.
func isDigit(c byte) bool { return c-'0' < 10 }

// readString consumes a string, at whose quote the Reader stands, and returns
// it: a slice of the buffer, or a new string if it has escapes. Most strings are
// plain ASCII, which is all that its first lines are about.
func (r *Reader) readString() string {
	text, start := r.text, r.pos+1
	end := plainEnd(text, start)
	if end < len(text) && text[end] == '"' {
		r.pos = end + 1
		return text[start:end]
	}
	return r.readText(end)
}

// readText is readString for a text that is plain up to offset end.
func (r *Reader) readText(end int) string {
	raw, escaped := r.scanText(end)
	if escaped {
		return r.unescape(raw)
	}
	return raw
}

// skipString consumes a string, at whose quote the Reader stands.
func (r *Reader) skipString() {
	end := plainEnd(r.text, r.pos+1)
	if end < len(r.text) && r.text[end] == '"' {
		r.pos = end + 1
		return
	}
	r.scanText(end)
}

// scanText consumes a string, at whose quote the Reader stands, whose text is
// plain up to offset i. It returns what is between the quotes, which is checked
// in full, and whether escapes are among it. It returns nothing after a syntax error.
func (r *Reader) scanText(i int) (raw string, escaped bool) {
	text, start := r.text, r.pos+1
	for {
		i = textEnd(text, i)
		switch {
		case i == len(text):
			r.fail(i, "unterminated string")
			return "", false
		case text[i] == '"':
			raw = text[start:i]
			if !utf8.ValidString(raw) {
				r.fail(start+validPrefix(raw), "invalid UTF-8")
				return "", false
			}
			r.pos = i + 1
			return raw, escaped
		case text[i] == '\\':
			escaped = true
			if i = r.scanEscape(i); i < 0 {
				return "", false
			}
		default:
			r.fail(i, "control character in a string")
			return "", false
		}
	}
}

// scanEscape returns the offset behind the escape at i, or -1 if it is
// malformed, which is a syntax error.
func (r *Reader) scanEscape(i int) int {
	if i+1 >= len(r.text) {
		r.fail(i+1, "unterminated string")
		return -1
	}
	switch r.text[i+1] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return i + 2
	case 'u':
		c := hexRune(r.text, i)
		if c < 0 {
			r.fail(i, "malformed escape")
			return -1
		}
		if !utf16.IsSurrogate(c) {
			return i + 6
		}
		if utf16.DecodeRune(c, hexRune(r.text, i+6)) == utf8.RuneError {
			r.fail(i, "escape of half a surrogate pair")
			return -1
		}
		return i + 12
	default:
		r.fail(i, "unknown escape")
		return -1
	}
}

// hexRune returns the number of the escape \uXXXX at i, or -1 if there is none.
func hexRune(text string, i int) rune {
	if len(text)-i < 6 || text[i] != '\\' || text[i+1] != 'u' {
		return -1
	}
	var n rune
	for _, c := range []byte(text[i+2 : i+6]) {
		switch lower := c | 0x20; {
		case isDigit(c):
			n = n<<4 | rune(c-'0')
		case 'a' <= lower && lower <= 'f':
			n = n<<4 | rune(lower-'a'+10)
		default:
			return -1
		}
	}
	return n
}

// unescape returns the string that raw stands for, which scanString returned.
func (r *Reader) unescape(raw string) string {
	buf := r.scratch[:0]
	for i := 0; i < len(raw); {
		c := raw[i]
		if c != '\\' {
			end := textEnd(raw, i)
			buf = append(buf, raw[i:end]...)
			i = end
			continue
		}
		c = raw[i+1]
		i += 2
		switch c {
		case 'b':
			c = '\b'
		case 'f':
			c = '\f'
		case 'n':
			c = '\n'
		case 'r':
			c = '\r'
		case 't':
			c = '\t'
		case 'u':
			char := hexRune(raw, i-2)
			i += 4
			if utf16.IsSurrogate(char) {
				char = utf16.DecodeRune(char, hexRune(raw, i))
				i += 6
			}
			buf = utf8.AppendRune(buf, char)
			continue
		}
		buf = append(buf, c)
	}
	r.scratch = buf
	return string(buf)
}

// validPrefix returns the number of bytes before the first invalid one.
func validPrefix(text string) int {
	n := 0
	for n < len(text) {
		c, size := utf8.DecodeRuneInString(text[n:])
		if c == utf8.RuneError && size == 1 {
			break
		}
		n += size
	}
	return n
}
