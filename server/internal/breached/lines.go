package breached

import (
	"bytes"
	"crypto/sha1"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
)

// maxLine bounds a line in bytes: a hash, a colon, a count and the end of the line.
const maxLine = hashDigits + 1 + maxCount + 2

// Lengths of the parts of a line.
const (
	hashDigits = 2 * sha1.Size
	maxCount   = 20
)

// firstLines is how many lines a list is judged by before it is used.
const firstLines = 100

// What is wrong with a list.
var (
	errNoLine   = errors.New("is not a SHA-1 hash in hexadecimal, with a count or without")
	errUnsorted = errors.New("the lines are not sorted by hash")
)

// A hash is that of a password.
type hash [sha1.Size]byte

// compare returns -1 if h comes before other in a list, 1 if it comes after it, and 0 if they are equal.
func (h hash) compare(other hash) int {
	return bytes.Compare(h[:], other[:])
}

// lines is the text of a list.
type lines struct {
	text io.ReaderAt
	size int64
}

// A line is one of a list.
type line struct {
	hash  hash
	start int64
	end   int64 // where the next one starts
}

// contains reports whether one of the lines has a hash. It returns an error if a line that it meets
// is none of a list, or stands in the wrong place; of the other lines it knows nothing.
func (l lines) contains(wanted hash) (bool, error) {
	low, high := int64(0), l.size // where a line with the hash starts, if there is one
	least, most := hash{}, hash(bytes.Repeat([]byte{0xff}, sha1.Size))
	for low < high {
		found, err := l.at(low + (high-low)/2)
		switch {
		case errors.Is(err, errNoLine):
			return false, fmt.Errorf("a line %w", err)
		case err != nil:
			return false, err
		case found.hash.compare(least) < 0 || found.hash.compare(most) > 0:
			return false, errUnsorted
		}
		switch wanted.compare(found.hash) {
		case 0:
			return true, nil
		case -1:
			high, most = found.start, found.hash
		default:
			low, least = found.end, found.hash
		}
	}
	return false, nil
}

// check returns an error if the first lines or the last one are not those of a sorted list.
func (l lines) check() error {
	if l.size == 0 {
		return errors.New("the list is empty")
	}
	var before line
	for number := 1; number <= firstLines && before.end < l.size; number++ {
		next, err := l.at(before.end)
		switch {
		case errors.Is(err, errNoLine):
			return fmt.Errorf("line %d %w", number, err)
		case err != nil:
			return err
		case next.hash.compare(before.hash) < 0:
			return fmt.Errorf("%w: line %d comes before line %d", errUnsorted, number, number-1)
		}
		before = next
	}
	last, err := l.at(l.size - 1)
	switch {
	case errors.Is(err, errNoLine):
		return fmt.Errorf("the last line %w", err)
	case err != nil:
		return err
	case last.hash.compare(before.hash) < 0:
		return fmt.Errorf("%w: the last one comes before the first ones", errUnsorted)
	}
	return nil
}

// at returns the line that has the byte at an offset, which may be of the end of the line. It returns
// [errNoLine] if that is no line of a list.
func (l lines) at(offset int64) (line, error) {
	from := max(0, offset-maxLine)
	to := min(l.size, offset+maxLine)
	window := make([]byte, to-from)
	if n, err := l.text.ReadAt(window, from); n < len(window) {
		if errors.Is(err, io.EOF) {
			err = io.ErrUnexpectedEOF // the file has become shorter
		}
		return line{}, err
	}
	start := from + int64(bytes.LastIndexByte(window[:offset-from], '\n')) + 1
	text, _, isWhole := bytes.Cut(window[start-from:], []byte("\n"))
	end := start + int64(len(text))
	if isWhole {
		end++
	}
	// A line that does not end in the window is too long, unless it is the last one. One that starts
	// before the window is, too: then too much of it is left.
	if !isWhole && to < l.size {
		return line{}, errNoLine
	}
	parsed, ok := parseLine(text)
	if !ok {
		return line{}, errNoLine
	}
	return line{hash: parsed, start: start, end: end}, nil
}

// parseLine returns the hash of a line without its end, of which a carriage return may be left.
func parseLine(text []byte) (hash, bool) {
	var h hash
	digits := text[:min(len(text), hashDigits)]
	if n, err := hex.Decode(h[:], digits); err != nil || n < len(h) {
		return h, false
	}
	rest := bytes.TrimSuffix(text[len(digits):], []byte("\r"))
	if len(rest) == 0 {
		return h, true
	}
	count, hasColon := bytes.CutPrefix(rest, []byte(":"))
	isCount := len(count) >= 1 && len(count) <= maxCount && len(bytes.Trim(count, "0123456789")) == 0
	return h, hasColon && isCount
}
