package source

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// text reads a string in double quotes and returns it decoded.
func (p *parser) text() (string, bool) {
	start := p.pos
	p.pos++
	var b strings.Builder
	for {
		switch c := p.peek(); {
		case p.pos >= len(p.data), c == '\n':
			p.report(Syntax, start, p.pos, "the string is never closed", "add the closing double quote")
			return "", false
		case c == '"':
			p.pos++
			return b.String(), true
		case c == '\\':
			r, ok := p.escape()
			if !ok {
				return "", false
			}
			b.WriteRune(r)
		case c < 0x20:
			p.fail(Syntax, fmt.Sprintf("write it as \\u%04x", c), "control character U+%04X in a string", c)
			return "", false
		default:
			b.WriteByte(c)
			p.pos++
		}
	}
}

// escape reads an escape sequence.
func (p *parser) escape() (rune, bool) {
	start := p.pos
	p.pos++
	c := p.peek()
	if c == 'u' {
		return p.unicodeEscape(start)
	}
	i := strings.IndexByte(`"\/bfnrt`, c)
	if i < 0 || p.pos >= len(p.data) {
		_, size := utf8.DecodeRune(p.data[p.pos:])
		p.report(Syntax, start, p.pos+size, "unknown escape sequence", `JSON knows \" \\ \/ \b \f \n \r \t and \u`)
		return 0, false
	}
	p.pos++
	return rune("\"\\/\b\f\n\r\t"[i]), true
}

// unicodeEscape reads the rest of an escape that began with \u, and the second
// half of a surrogate pair.
func (p *parser) unicodeEscape(start int) (rune, bool) {
	r, ok := p.hex4(start)
	if !ok || !utf16.IsSurrogate(r) {
		return r, ok
	}
	if string(p.data[p.pos:min(len(p.data), p.pos+2)]) == `\u` {
		second := p.pos
		p.pos++
		low, ok := p.hex4(second)
		if !ok {
			return 0, false
		}
		if pair := utf16.DecodeRune(r, low); pair != utf8.RuneError {
			return pair, true
		}
	}
	p.report(Encoding, start, start+6, fmt.Sprintf("U+%04X is half of a surrogate pair", r), "both halves must stand side by side")
	return 0, false
}

// hex4 reads the u and four hexadecimal digits.
func (p *parser) hex4(start int) (rune, bool) {
	p.pos++
	end := min(p.pos+4, len(p.data))
	digits := string(p.data[p.pos:end])
	v, err := strconv.ParseUint(digits, 16, 16)
	if err != nil || len(digits) != 4 {
		p.report(Syntax, start, p.pos, `\u needs four hexadecimal digits`, `write it like \u00e9`)
		return 0, false
	}
	p.pos = end
	return rune(v), true
}
