package lexjson

// typeKey is the member that names the type of a union variant or record.
const typeKey = "$type"

// An announcement says that the type of an object is known already, so that
// the loop over the object need not see its "$type".
type announcement struct {
	object  int    // offset behind the opening brace; no object has 0
	name    string // the "$type"; empty if it is wrong
	problem string // what is wrong with it; empty if nothing is
}

// Variant is called before a union variant is read, and returns its "$type"
// without consuming the object, wherever in the object that member stands. The
// next [Reader.Object] then passes over the member, so that the decoder of the
// variant does not see it.
//
// Anything but an object with a "$type" that is a non-empty string is reported
// and skipped, and the result is empty: the caller has no more to do with it.
// See https://atproto.com/specs/lexicon#union.
func (r *Reader) Variant() string {
	if r.peek() != '{' {
		r.mismatch("must be an object")
		return ""
	}
	found := r.announce()
	if found.problem != "" {
		r.Skip()
		r.ReportMember(typeKey, found.problem)
	}
	return found.name
}

// Record is called before a record is read whose type is nsid. It reports a
// "$type" that is missing or another one, and consumes nothing: the next
// [Reader.Object] passes over the member "$type" and reads the others. Within a
// union [Reader.Variant] has come before it, which does no harm.
// See https://atproto.com/specs/lexicon#record.
func (r *Reader) Record(nsid string) {
	if r.peek() != '{' {
		return
	}
	if r.announce().name != nsid {
		r.ReportMember(typeKey, "must be "+nsid)
	}
}

// announce looks for the "$type" of the object that comes next, announces the
// object and returns the announcement, which is empty after a syntax error.
func (r *Reader) announce() announcement {
	start := r.pos
	if r.announced.object == start+1 {
		return r.announced
	}
	found := announcement{object: start + 1}
	if at, ok := r.findType(); !ok {
		found.problem = "is required"
	} else {
		r.pos = at
		if r.peek() == '"' {
			found.name = r.readString()
		}
		if found.name == "" {
			found.problem = "must be a non-empty string"
		}
	}
	if r.err != nil {
		return announcement{}
	}
	r.pos, r.announced = start, found
	return found
}

// findType returns the offset of the value of "$type" in the object that comes
// next. It moves the position. The members in front of it are looked through,
// and what is learned of the objects in these is kept, so that no part of the
// input is looked through twice however deep variants are nested.
func (r *Reader) findType() (at int, ok bool) {
	start := r.pos + 1
	if start < r.looked {
		at, ok = r.types[start]
		return at, ok
	}
	top := len(r.frames)
	if !r.open() {
		return 0, false
	}
	r.looking = true
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
	return r.pos, ok
}

// noteType records for findType that the "$type" of the object that starts at
// offset object has its value at offset value.
func (r *Reader) noteType(object, value int) {
	if r.types == nil {
		r.types = make(map[int]int)
	}
	r.types[object] = value
}
