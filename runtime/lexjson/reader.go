package lexjson

import "unsafe"

// DefaultMaxDepth is how many objects and arrays may be open at once in a
// [Reader] that does not say otherwise.
const DefaultMaxDepth = 256

// DefaultMaxReports is how many violations a [Reader] reports that does not say
// otherwise. A [Reporter] that wants a hundred learns from the last that there are
// more.
const DefaultMaxReports = 101

// maxPath bounds the bytes of the path of a violation. With the bound on their
// number it keeps a small hostile document from making the Reader print megabytes.
const maxPath = 1 << 10

// How much a new Reader has room for: containers and keys that are open at once.
// Most documents need no more.
const (
	initialFrames = 8
	initialKeys   = 24
)

// A Reporter is told of each violation that a [Reader] finds in well-formed
// JSON. The path is that of the value, such as "facets[0].index.byteStart",
// and empty for the top-level value; the problem completes the sentence that
// starts with the path, such as "must be a string". The Checker of package
// validate is one.
type Reporter interface {
	Report(path, problem string)
}

// A Reader reads one JSON document from a buffer, value by value. Each call
// of a reading method consumes the value that comes next; which one that is
// follows from the loops over [Reader.Object] and [Reader.Array].
//
// A Reader is not safe for concurrent use.
type Reader struct {
	// MaxDepth is how many objects and arrays may be open at once; more is a
	// [SyntaxError]. Zero means [DefaultMaxDepth]. Reset leaves it alone.
	MaxDepth int
	// Lenient asks decoders to take forms of data that have been published in
	// the past and are no longer valid. The Reader itself is as strict as
	// ever. Reset leaves it alone.
	Lenient bool
	// MaxReports is how many violations are reported; further ones are not. Zero
	// means [DefaultMaxReports]. Reset leaves it alone.
	MaxReports int

	text string // the document; empty after a syntax error
	pos  int    // in text; at the start of a value whenever one is due
	rep  Reporter
	err  *SyntaxError

	key     string                // of the member at hand, see Members.Key
	frames  []frame               // the open containers, outermost first
	keys    []string              // of the open objects, see keySet
	large   map[largeKey]struct{} // see keySet
	objects int                   // large objects so far
	reports int                   // so far
	scratch []byte                // for strings with escapes

	announced announcement
	looking   bool        // within toType, which must not report
	looked    int         // offset up to which toType has looked ahead
	types     map[int]int // what it found there, see noteType
}

// NewReader returns a Reader of the document in data that reports to rep,
// which must not be nil. The strings that the Reader returns are slices of
// data, so data must not be changed as long as any of them is in use.
func NewReader(data []byte, rep Reporter) *Reader {
	r := &Reader{frames: make([]frame, 0, initialFrames), keys: make([]string, 0, initialKeys)}
	r.Reset(data, rep)
	return r
}

// Reset makes r ready for another document as [NewReader] does, and keeps its
// internal memory if that is not large. Reset(nil, nil) drops the references to the previous
// document, for a Reader that is put into a pool.
func (r *Reader) Reset(data []byte, rep Reporter) {
	if data == nil {
		clear(r.keys[:cap(r.keys)])
	}
	if cap(r.scratch) > maxPooled {
		r.scratch = nil
	}
	r.text, r.pos, r.rep, r.err = unsafe.String(unsafe.SliceData(data), len(data)), 0, rep, nil
	r.key = ""
	r.frames, r.keys, r.scratch = r.frames[:0], r.keys[:0], r.scratch[:0]
	r.large, r.objects, r.reports = nil, 0, 0
	r.announced, r.looking, r.looked, r.types = announcement{}, false, 0, nil
	r.skipSpace()
}

// Err returns the [*SyntaxError] that stopped the Reader, or nil. Violations
// are not errors of the Reader; its [Reporter] has them.
func (r *Reader) Err() error {
	if r.err == nil {
		return nil
	}
	return r.err
}

// End is called after the top-level value: it checks that nothing but white
// space follows. It returns the same error as [Reader.Err] then.
func (r *Reader) End() error {
	if r.err == nil {
		if len(r.frames) > 0 {
			r.leftEarly()
		}
		r.skipSpace()
		if r.pos < len(r.text) {
			r.fail(r.pos, r.found(r.pos)+" after the top-level value")
		}
	}
	return r.Err()
}

// Peek returns the kind of the value that comes next without consuming it.
// The value may yet turn out to be malformed.
func (r *Reader) Peek() Kind {
	switch c := r.peek(); c {
	case '{':
		return Object
	case '[':
		return Array
	case '"':
		return String
	case 't', 'f':
		return Bool
	case 'n':
		return Null
	default:
		if c == '-' || isDigit(c) {
			return Number
		}
		return Invalid
	}
}

// Skip consumes the value that comes next, whatever its kind. It is checked
// as strictly as a value that is read, duplicate keys included.
func (r *Reader) Skip() {
	switch c := r.peek(); c {
	case '{':
		r.skipObject()
	case '[':
		r.skipArray()
	case '"':
		r.skipString()
	case 't':
		r.literal("true")
	case 'f':
		r.literal("false")
	case 'n':
		r.literal("null")
	default:
		r.scanNumber()
	}
}

// Raw consumes the value that comes next as [Reader.Skip] does and returns
// its text, a slice of the buffer. It is nil after a syntax error.
func (r *Reader) Raw() []byte {
	start, text := r.pos, r.text
	r.Skip()
	if r.err != nil {
		return nil
	}
	text = text[start:r.pos]
	return unsafe.Slice(unsafe.StringData(text), len(text))
}

// Report tells the [Reporter] of a problem with the value at the current
// path. It does nothing after a syntax error, which makes every value zero, and
// after r.MaxReports reports, which bounds what a hostile document costs.
func (r *Reader) Report(problem string) {
	r.ReportMember("", problem)
}

// ReportMember is [Reader.Report] of a problem with the member called key of
// the object at the current path, for a member that is missing or read already.
// An empty key stands for the object itself.
func (r *Reader) ReportMember(key, problem string) {
	limit := r.MaxReports
	if limit == 0 {
		limit = DefaultMaxReports
	}
	if r.err != nil || r.looking || r.reports >= limit {
		return
	}
	r.reports++
	path := r.appendPath(nil)
	if key != "" {
		path = appendKey(path, key)
	}
	r.rep.Report(string(path), problem)
}

// mismatch skips the value that comes next and reports what it should be.
func (r *Reader) mismatch(problem string) {
	r.Skip()
	r.Report(problem)
}
