package lexjson

import (
	"strconv"
	"strings"
)

// maxPathKey is the number of bytes of a key that a path shows.
const maxPathKey = 64

// A frame is an open object or array: where in it the Reader stands.
type frame struct {
	key   int // offset of the key of the member at hand
	index int // of the element at hand; inObject or noMember otherwise
}

// Values of frame.index that are no index.
const (
	inObject = -1 // at the member called key
	noMember = -2 // before the first member or behind the last
)

// Path returns the path of the value at which the Reader stands, such as
// "facets[0].index.byteStart": in a loop that of the member or element at
// hand, otherwise that of the container. The path of the top-level value is
// empty, and so is that of any value after a syntax error. Keys that are no
// plain words are quoted in brackets; long ones are cut, since they are somebody
// else's text, and so is the middle of a long path.
func (r *Reader) Path() string {
	if r.err != nil {
		return ""
	}
	return string(r.appendPath(nil))
}

func (r *Reader) appendPath(path []byte) []byte {
	for _, f := range r.frames {
		switch {
		case len(path) > maxPath:
			return append(path, "…"...)
		case f.index == inObject:
			path = appendKey(path, r.keyAt(f.key))
		case f.index >= 0:
			path = append(path, '[')
			path = strconv.AppendInt(path, int64(f.index), 10)
			path = append(path, ']')
		}
	}
	return path
}

// keyAt returns the key at an offset, which has been read before.
func (r *Reader) keyAt(offset int) string {
	again := Reader{text: r.text, pos: offset}
	return again.readString()
}

func appendKey(path []byte, key string) []byte {
	if plainKey(key) {
		if len(path) > 0 {
			path = append(path, '.')
		}
		return append(path, key...)
	}
	if len(key) > maxPathKey {
		key = strings.ToValidUTF8(key[:maxPathKey], "") + "…"
	}
	path = append(path, '[')
	path = strconv.AppendQuote(path, key)
	return append(path, ']')
}

// plainKey reports whether key can stand in a path as it is.
func plainKey(key string) bool {
	for i := range len(key) {
		c := key[i]
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', isDigit(c):
		case c == '_', c == '-', c == '$':
		default:
			return false
		}
	}
	return 0 < len(key) && len(key) <= maxPathKey
}
