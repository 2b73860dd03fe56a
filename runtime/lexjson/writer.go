package lexjson

import (
	"encoding/binary"
	"fmt"
	"slices"
	"strconv"
	"unicode/utf8"
)

// A Writer appends one JSON value to a buffer. Commas are put in by the
// Writer; that keys and values alternate and containers are closed is up to the
// caller. The zero value is ready for use. A Writer is not safe for concurrent
// use.
//
// The output has no white space. Of the characters in strings only the quote,
// the backslash and control characters are escaped.
type Writer struct {
	buf   []byte // with a comma behind each value, the top-level one included
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
func (w *Writer) Bytes() []byte { return w.withoutComma() }

// withoutComma returns what has been written but for the comma behind the last
// value.
func (w *Writer) withoutComma() []byte {
	n := len(w.buf)
	if n > 0 && w.buf[n-1] == ',' {
		n--
	}
	return w.buf[:n]
}

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
	text, end := string(w.buf[w.key:]), 0
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
	if w.typ != "" {
		w.beginTyped()
		return
	}
	w.begin('{', false /* typed */)
}

// beginTyped starts an object that has been announced by Type.
func (w *Writer) beginTyped() {
	typ := w.typ
	w.typ = ""
	w.begin('{', true /* typed */)
	w.Key(typeKey).String(typ)
}

// EndObject ends the object that was begun last. Like EndArray it is not inlined:
// generated code has a call in thousands of places, which would take long to compile.
//
//go:noinline
func (w *Writer) EndObject() { w.end('}') }

// BeginArray starts an array; its elements follow.
func (w *Writer) BeginArray() {
	w.value()
	w.begin('[', false /* typed */)
}

// EndArray ends the array that was begun last.
//
//go:noinline
func (w *Writer) EndArray() { w.end(']') }

// Key writes the key of a member. It returns w, so that the value can be
// written in the same statement. A name that is not valid UTF-8 is an error.
func (w *Writer) Key(name string) *Writer {
	w.key = len(w.buf) + 1
	w.quote(name, ':')
	return w
}

// String writes a string. One that is not valid UTF-8 is an error.
func (w *Writer) String(s string) {
	w.value()
	w.quote(s, ',')
}

// Int writes an integer.
func (w *Writer) Int(n int64) {
	w.value()
	w.buf = append(strconv.AppendInt(w.buf, n, 10), ',')
}

// Bool writes true or false.
func (w *Writer) Bool(b bool) {
	w.value()
	w.buf = append(strconv.AppendBool(w.buf, b), ',')
}

// Null writes null.
func (w *Writer) Null() {
	w.value()
	w.buf = append(w.buf, "null,"...)
}

// Raw writes a value that is JSON already, and that the caller vouches for: it
// is not checked.
func (w *Writer) Raw(json []byte) {
	w.value()
	w.buf = append(append(w.buf, json...), ',')
}

func (w *Writer) begin(opening byte, typed bool) {
	w.buf = append(w.buf, opening)
	w.typed = append(w.typed, typed)
}

// end ends a container. There is a comma behind its last member or element, if it
// has one, and the closing character takes its place.
func (w *Writer) end(closing byte) {
	w.buf = append(w.withoutComma(), closing, ',')
	w.typed = w.typed[:len(w.typed)-1]
}

// value is called before each value that is not an object.
func (w *Writer) value() {
	if w.typ != "" {
		w.Fail("$type " + w.typ + " announced for a value that is not an object")
	}
}

// quote appends s as a JSON string with a colon or comma behind it. It does the
// work of quoteAny for most strings, which are plain, if there is room.
func (w *Writer) quote(s string, behind byte) {
	var word uint64
	var plain bool
	if len(s) < wordSize {
		word, plain = shortWord(s)
	} else {
		plain = isPlain(s)
	}
	start, end := len(w.buf), len(w.buf)+len(s)+2*wordSize
	if !plain || end > cap(w.buf) {
		w.quoteAny(s, behind)
		return
	}
	buf := w.buf[start:end]
	if len(s) < wordSize {
		binary.LittleEndian.PutUint64(buf, '"'|word<<8)
	} else {
		buf[0] = '"'
		copy(buf[1:], s)
	}
	binary.LittleEndian.PutUint16(buf[1+len(s):], '"'|uint16(behind)<<8)
	w.buf = w.buf[:start+len(s)+len(`"",`)] // a slice of itself, so that no pointer is stored
}

// quoteAny is quote for strings of any kind.
func (w *Writer) quoteAny(s string, behind byte) {
	w.buf = append(slices.Grow(w.buf, len(s)+2*wordSize), '"')
	w.escape(s)
	w.buf = append(w.buf, '"', behind)
}

// escape appends text as the inside of a JSON string. A text that is not valid
// UTF-8 is an error.
func (w *Writer) escape(text string) {
	valid := utf8.ValidString(text)
	for {
		end := textEnd(text, 0)
		w.buf = append(w.buf, text[:end]...)
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
