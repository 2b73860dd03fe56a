package lexjson

// typeKey is the member that names the type of a union variant or record.
const typeKey = "$type"

// An announcement says that the type of an object is known already, so that
// the loop over the object need not see its "$type".
type announcement struct {
	object int    // offset behind the opening brace; no object has 0
	name   string // the "$type"; empty if it is wrong
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
	name, problem := r.announce()
	if problem != "" {
		r.Skip()
		r.ReportMember(typeKey, problem)
	}
	return name
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
	name := r.announced.name
	if r.announced.object != r.pos+1 {
		name, _ = r.announce()
	}
	if name != nsid {
		r.ReportMember(typeKey, "must be "+nsid)
	}
}

// announce looks for the "$type" of the object that comes next and announces
// the object. If it has no good "$type", announce returns the problem.
func (r *Reader) announce() (name, problem string) {
	start := r.pos
	at, ok := r.findType()
	if !ok {
		problem = "is required"
	} else {
		r.pos = at
		if r.peek() == '"' {
			name = r.readString()
		}
		if name == "" {
			problem = "must be a non-empty string"
		}
	}
	if r.err != nil {
		return "", ""
	}
	r.pos = start
	r.announced = announcement{object: start + 1, name: name}
	return name, problem
}

// findType returns the offset of the value of "$type" in the object that comes
// next. It moves the position. Usually the member is the first; if not, the
// whole object is looked through, and what is learned of the objects in it is
// kept, so that variants within variants cost no further look.
func (r *Reader) findType() (at int, ok bool) {
	start := r.pos + 1
	if start < r.looked {
		at, ok = r.types[start]
		return at, ok
	}
	r.pos++
	if r.skipSpace() == '"' {
		if key, ok := r.readKey(); ok && key == typeKey {
			return r.pos, true
		}
	}
	if r.err != nil {
		return 0, false
	}
	r.pos = start - 1
	r.looking = true
	r.Skip()
	r.looking = false
	r.looked = r.pos
	at, ok = r.types[start]
	return at, ok
}

// noteType records for findType that the "$type" of the object that starts at
// offset object has its value at offset value.
func (r *Reader) noteType(object, value int) {
	if r.types == nil {
		r.types = make(map[int]int)
	}
	r.types[object] = value
}
