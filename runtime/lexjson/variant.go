package lexjson

import (
	"strings"
)

// typeKey is the member that names the type of a union variant or record.
const typeKey = "$type"

// mainSuffix has been written behind the NSID of a document to name its main
// definition. Only a lenient Reader takes it.
const mainSuffix = "#main"

// An announcement says that the type of an object is known already, so that
// the loop over the object need not see its "$type".
type announcement struct {
	object  int    // offset behind the opening brace; no object has 0
	name    string // the "$type"; empty if it is wrong
	problem string // what is wrong with it; empty if nothing is
	after   int    // offset behind the "$type" if it is the first member, else 0
}

// Variant is called before a union variant is read, and returns its "$type"
// without consuming the object, wherever in the object that member stands. The
// next [Reader.Object] then passes over the member, so that the decoder of the
// variant does not see it.
//
// Anything but an object with a "$type" that is a non-empty string is reported
// and skipped, and the result is empty: the caller has no more to do with it.
// If r.Lenient is set, the result lacks a "#main" at the end of the "$type".
// See https://atproto.com/specs/lexicon#union.
func (r *Reader) Variant() string {
	if r.peek() != '{' {
		r.mismatch("must be an object")
		return ""
	}
	r.announce()
	if problem := r.announced.problem; problem != "" {
		r.Skip()
		r.ReportMember(typeKey, problem)
	}
	return r.announced.name
}

// Record is called before a record is read whose type is nsid. It reports a
// "$type" that is missing or another one (if r.Lenient is set, nsid with "#main"
// behind it is none), and consumes nothing: the next [Reader.Object] passes over the member "$type" and reads the others. Within a
// union [Reader.Variant] has come before it, which does no harm.
// See https://atproto.com/specs/lexicon#record.
func (r *Reader) Record(nsid string) {
	if r.peek() != '{' {
		return
	}
	if r.announce(); r.announced.name != nsid {
		r.ReportMember(typeKey, "must be "+nsid)
	}
}

// announce looks for the "$type" of the object that comes next and announces the
// object, unless it has been announced. After a syntax error it announces nothing.
func (r *Reader) announce() {
	start := r.pos
	if r.announced.object == start+1 {
		return
	}
	name, problem, after := "", "is required", 0
	if first := r.toFirstType(); first || r.toType() {
		if name, problem = r.readType(); first && name != "" {
			after = r.pos
		}
	}
	if r.err != nil {
		r.announced = announcement{}
		return
	}
	r.pos = start
	r.announced = announcement{object: start + 1, name: name, problem: problem, after: after}
}

// readType returns the type that a "$type" names, or what is wrong with that.
func (r *Reader) readType() (name, problem string) {
	if r.peek() == '"' {
		name = r.readString()
	}
	if name == "" {
		return "", "must be a non-empty string"
	}
	if r.Lenient && name != mainSuffix {
		name = strings.TrimSuffix(name, mainSuffix)
	}
	return name, ""
}

// firstType is how an object starts whose first member is a "$type".
const firstType = `{"` + typeKey + `":"`

// toFirstType moves to the value of "$type" in the object that comes next, if
// it is a string and the first member and has no white space around it, as most
// documents have it.
func (r *Reader) toFirstType() bool {
	if !strings.HasPrefix(r.text[r.pos:], firstType) {
		return false
	}
	r.pos += len(firstType) - len(`"`)
	return true
}

// toType moves to the value of "$type" in the object that comes next, or to
// somewhere else if there is none. The members in front of it are looked through,
// and what is learned of the objects in these is kept, so that no part of the
// input is looked through twice however deep variants are nested.
func (r *Reader) toType() bool {
	start := r.pos + 1
	if start < r.looked {
		at, ok := r.types[start]
		r.pos = at
		return ok
	}
	top := len(r.frames)
	if !r.open(noMember) {
		return false
	}
	r.pos++
	r.looking = true
	ok := false
	for more := r.skipSpace() != '}'; more; more = r.next('}') {
		key, good := r.readKey()
		if ok = good && key == typeKey; ok || !good {
			break
		}
		r.Skip()
	}
	r.looking = false
	r.looked = r.pos
	r.frames = r.frames[:top]
	return ok
}

// noteType records for toType that the "$type" of the object that starts at
// offset object has its value at offset value.
func (r *Reader) noteType(object, value int) {
	if r.types == nil {
		r.types = make(map[int]int)
	}
	r.types[object] = value
}
