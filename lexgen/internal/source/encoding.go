package source

import (
	"bytes"
	"fmt"
	"unicode/utf8"
)

// checkEncoding reports a file that is not UTF-8, or begins with a byte order
// mark.
func (p *parser) checkEncoding() bool {
	switch {
	case bytes.HasPrefix(p.data, []byte("\uFEFF")):
		p.report(Encoding, 0, 3, "the file starts with a byte order mark", "save the file as UTF-8 without BOM")
		return false
	case isUTF16(p.data):
		p.report(Encoding, 0, 2, "the file looks like UTF-16", "save the file as UTF-8 without BOM")
		return false
	}
	for i := 0; i < len(p.data); {
		r, size := utf8.DecodeRune(p.data[i:])
		if r == utf8.RuneError && size == 1 {
			help := "save the file as UTF-8; it may be in Latin-1 or Windows-1252"
			if bytes.IndexByte(p.data, 0) >= 0 {
				help = "the file looks binary; a document is text in UTF-8"
			}
			p.report(Encoding, i, i+1, fmt.Sprintf("byte 0x%02x is not valid UTF-8", p.data[i]), help)
			return false
		}
		i += size
	}
	return true
}

// isUTF16 reports whether a file begins with a byte order mark of UTF-16, or
// with two ASCII characters of two bytes each, as JSON text does.
func isUTF16(data []byte) bool {
	if len(data) < 4 {
		return false
	}
	even, odd := [2]byte{data[0], data[2]}, [2]byte{data[1], data[3]}
	none := [2]byte{}
	return even[0] == 0xff && odd[0] == 0xfe || even[0] == 0xfe && odd[0] == 0xff ||
		even == none && areASCII(odd) || odd == none && areASCII(even)
}

func areASCII(pair [2]byte) bool {
	return 0 < pair[0] && pair[0] < utf8.RuneSelf && 0 < pair[1] && pair[1] < utf8.RuneSelf
}
