package lexjson

import (
	"encoding/binary"
	"fmt"
	"slices"
	"strconv"
	"unicode/utf8"
	"unsafe"
)

// A Writer appends one JSON value to a buffer. Commas are put in by the
// Writer; that keys and values alternate and containers are closed is up to the
// caller. The zero value is ready for use. A Writer is not safe for concurrent
// use.
//
// The output has no white space. Of the characters in strings only the quote,
// the backslash and control characters are escaped.
type Writer struct {
	buf   []byte
	comma int    // how many the next key or element needs in front: 0 or 1
	typ   string // announced by Type
	key   int    // offset of the key at hand, for error texts; 0 for none
	typed []bool // of each open container, whether "$type" was written
	err   error
}

// Reset makes the Writer empty and keeps its internal memory. What
// [Writer.Bytes] returned before is no longer valid.
func (w *Writer) Reset() {
	*w = Writer{buf: w.buf[:0], typed: w.typed[:0]}
}

// Bytes returns what has been written, which is of no use if [Writer.Err] is
// not nil. The slice is valid up to the next call of a method of w.
func (w *Writer) Bytes() []byte { return w.buf }

// Err returns the error of the first [Writer.Fail], or nil.
func (w *Writer) Err() error { return w.err }

// Fail says that the value at hand cannot be written. The first problem stays
// and becomes the error of the Writer, which names the key at hand.
func (w *Writer) Fail(problem string) {
	switch {
	case w.err != nil:
	case w.key == 0:
		w.err = fmt.Errorf("write JSON: %s", problem)
	default:
		w.err = fmt.Errorf("write JSON: member %q: %s", w.keyAtHand(), problem)
	}
}

// keyAtHand reads the key at hand from what has been written. It is not stored
// as a string because storing pointers is slow while the garbage collector runs.
func (w *Writer) keyAtHand() string {
	text, end := w.buf[w.key:], 0
	for {
		end = textEnd(text, end)
		if end == len(text) || text[end] == '"' {
			return new(Reader).unescape(text[:end])
		}
		end += 2
	}
}

// Type announces the "$type" of the object that is written next, which gets it
// as its first member. If one is announced already it stays: a record writes its
// type itself, and within a union the union has announced the same.
func (w *Writer) Type(nsid string) {
	if w.typ == "" {
		w.typ = nsid
	}
}

// Typed reports whether "$type" was written as announced for the innermost
// container that is open.
func (w *Writer) Typed() bool {
	return len(w.typed) > 0 && w.typed[len(w.typed)-1]
}

// BeginObject starts an object; calls of Key, each with one value, follow.
func (w *Writer) BeginObject() {
	typ := w.typ
	w.typ = ""
	w.begin('{', typ != "")
	if typ != "" {
		w.Key(typeKey).String(typ)
	}
}

// EndObject ends the object that was begun last.
func (w *Writer) EndObject() { w.end('}') }

// BeginArray starts an array; its elements follow.
func (w *Writer) BeginArray() { w.begin('[', false /* typed */) }

// EndArray ends the array that was begun last.
func (w *Writer) EndArray() { w.end(']') }

// Key writes the key of a member. It returns w, so that the value can be
// written in the same statement. A name that is not valid UTF-8 is an error.
func (w *Writer) Key(name string) *Writer {
	w.key = len(w.buf) + w.comma + 1
	if len(name) >= wordSize || !w.quoteShort(name, 1 /* colon */) {
		w.quote(name, 1 /* colon */)
	}
	return w
}

// String writes a string. One that is not valid UTF-8 is an error.
func (w *Writer) String(s string) {
	if w.typ != "" {
		w.failTyped()
	}
	if len(s) >= wordSize || !w.quoteShort(s, 0 /* colons */) {
		w.quote(s, 0 /* colons */)
	}
}

// Int writes an integer.
func (w *Writer) Int(n int64) {
	w.value()
	w.buf = strconv.AppendInt(w.buf, n, 10)
}

// Bool writes true or false.
func (w *Writer) Bool(b bool) {
	w.value()
	w.buf = strconv.AppendBool(w.buf, b)
}

// Null writes null.
func (w *Writer) Null() {
	w.value()
	w.buf = append(w.buf, "null"...)
}

// Raw writes a value that is JSON already, and that the caller vouches for: it
// is not checked.
func (w *Writer) Raw(json []byte) {
	w.value()
	w.append(json)
}

func (w *Writer) begin(opening byte, typed bool) {
	w.value()
	w.buf = append(w.buf, opening)
	w.comma = 0
	w.typed = append(w.typed, typed)
}

func (w *Writer) end(closing byte) {
	w.buf = append(w.buf, closing)
	w.comma = 1
	w.typed = w.typed[:len(w.typed)-1]
}

// value is called before each value that is not a string.
func (w *Writer) value() {
	if w.comma > 0 {
		w.buf = append(w.buf, ',')
	}
	w.comma = 1
	if w.typ != "" {
		w.failTyped()
	}
}

func (w *Writer) failTyped() {
	w.Fail("$type " + w.typ + " announced for a value that is not an object")
}

// quoteShort is quote for a text that is shorter than a word, as most keys are.
// It does nothing and returns false if the text is not plain, or if there might
// not be room for it.
func (w *Writer) quoteShort(s string, colons int) bool {
	word, plain := shortWord(s)
	start, end := len(w.buf), len(w.buf)+2*wordSize
	if !plain || end > cap(w.buf) {
		return false
	}
	buf := w.buf[start:end]
	buf[0] = ','
	binary.LittleEndian.PutUint64(buf[w.comma:], '"'|word<<8)
	n := w.comma + 1 + len(s)
	binary.LittleEndian.PutUint16(buf[n:], '"'|':'<<8)
	w.buf = w.buf[:start+n+1+colons]
	w.comma = 1 - colons
	return true
}

// quote appends s as a JSON string, after the comma that is due and with the
// given number of colons behind it, 0 or 1. Most strings are plain ASCII, which
// is found out while they are copied.
func (w *Writer) quote(s string, colons int) {
	text := unsafe.Slice(unsafe.StringData(s), len(s))
	w.reserve(len(text) + len(`,"":`))
	n, buf := len(w.buf), w.buf[:cap(w.buf)]
	buf[n] = ','
	n += w.comma
	w.comma = 1 - colons
	buf[n] = '"'
	n++
	plain := 0
	if len(text) >= wordSize {
		plain = copyPlain(buf[n:], text)
	}
	n += plain
	if plain < len(text) {
		w.buf = w.buf[:n]
		w.escape(text[plain:])
		w.reserve(len(`":`))
		n, buf = len(w.buf), w.buf[:cap(w.buf)]
	}
	buf[n], buf[n+1] = '"', ':'
	w.buf = w.buf[:n+1+colons] // a slice of itself, so that no pointer is stored
}

// escape appends text as the inside of a JSON string. A text that is not valid
// UTF-8 is an error.
func (w *Writer) escape(text []byte) {
	valid := utf8.Valid(text)
	for {
		end := textEnd(text, 0)
		w.append(text[:end])
		if end == len(text) {
			break
		}
		w.buf = appendEscape(w.buf, text[end])
		text = text[end+1:]
	}
	if !valid {
		w.Fail("invalid UTF-8") // which names the key at hand, so it comes last
	}
}

// append appends text to the buffer. If there is room it stores no pointer.
func (w *Writer) append(text []byte) {
	w.reserve(len(text))
	n := len(w.buf)
	w.buf = w.buf[:n+len(text)]
	copy(w.buf[n:], text)
}

// reserve makes room for n bytes more.
func (w *Writer) reserve(n int) {
	if n > cap(w.buf)-len(w.buf) {
		w.buf = slices.Grow(w.buf, n)
	}
}

func appendEscape(buf []byte, c byte) []byte {
	switch c {
	case '"', '\\':
		return append(buf, '\\', c)
	case '\b':
		return append(buf, `\b`...)
	case '\f':
		return append(buf, `\f`...)
	case '\n':
		return append(buf, `\n`...)
	case '\r':
		return append(buf, `\r`...)
	case '\t':
		return append(buf, `\t`...)
	}
	const hex = "0123456789abcdef"
	return append(buf, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
}
