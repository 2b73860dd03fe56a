package lexjson

// Members is a loop over the members of an object, see [Reader.Object]. It must
// not be copied once the loop has begun.
type Members struct {
	r        *Reader
	required []string
	before   byte // what stands before the next member: the brace or a comma; 0 before the object
	typ      typeMember
	frame    int // index in Reader.frames of the object
	value    int // offset of the value of the member at hand, -1 before the first
	seen     keySet
}

// A typeMember says how a loop treats the member "$type".
type typeMember uint8

const (
	typeShown  typeMember = iota // like any other
	typeHidden                   // the loop must not see it
	typePassed                   // it has been passed over
)

// duplicate is the problem with a member whose key the object has had before.
const duplicate = "occurs more than once"

// Object returns a loop over the members of the object that comes next, in their
// order. Its body must consume the value of each, and the loop must run to its end,
// which consumes the object.
//
//	object := r.Object("handle", "password")
//	for object.Next() {
//		switch object.Key() {
//		case "handle":
//			handle = r.String()
//		case "password":
//			password = r.String()
//		default:
//			r.Skip()
//		}
//	}
//
// Anything but an object is reported and skipped. So is the value of a key
// that occurs for a second time, which the loop does not see. Each key in
// required that the object lacks is reported after its last member. A body that
// does not consume a value and a loop that is left early are bugs in the caller:
// the Reader panics.
//
// The loop does not allocate.
func (r *Reader) Object(required ...string) Members {
	return Members{r: r, required: required, value: -1}
}

// Key returns the key of the member at hand. It is called before the value is read.
func (m *Members) Key() string { return m.r.key }

// Next moves from the member at hand, whose value has been consumed, to the value
// of the next one. It returns false if there is none. It does the work of nextOfAny
// for most members: a plain key, and no white space around.
func (m *Members) Next() bool {
	r := m.r
	if r.pos == m.value {
		r.unconsumed()
	}
	if m.before == 0 && !m.open() {
		return false
	}
	rest := r.text[r.pos:]
	const start = len(`,"`)
	if len(rest) < start+wordSize || rest[0] != m.before || rest[1] != '"' {
		return m.nextOfAny()
	}
	end := start + plainBytes(load8(rest[start:]))
	if end == start+wordSize {
		end = plainEnd(rest, end)
	}
	value := end + len(`":`)
	if len(rest) <= value || rest[end:value] != `":` || rest[value] <= ' ' {
		return m.nextOfAny()
	}
	key := rest[start:end]
	if m.typ != typeShown && key == typeKey || !m.seen.addDue(key, m.required) && !m.seen.add(r, key, m.required) {
		return m.nextOfAny()
	}
	innermost := len(r.frames) - 1
	if innermost != m.frame {
		r.leftEarly()
	}
	r.key = key
	r.frames[innermost].key = r.pos + 1
	r.pos += value
	m.before, m.value = ',', r.pos
	return true
}

// nextOfAny is Next for members of any kind, and for the end of the object.
func (m *Members) nextOfAny() bool {
	r := m.r
	if len(r.frames) > m.frame+1 {
		r.leftEarly()
	}
	if m.before == ',' && r.peek() == '}' { // which is how most objects end
		m.close()
		return false
	}
	for m.more() {
		r.frames[m.frame].key = r.pos
		key, ok := r.readKey()
		if !ok {
			return false
		}
		m.value = r.pos
		if m.typ != typeShown && key == typeKey {
			m.passType()
		} else if m.seen.add(r, key, m.required) {
			r.key = key
			return true
		} else {
			r.Skip()
			r.Report(duplicate)
		}
	}
	if r.err == nil {
		m.close()
	}
	return false
}

// open begins with the object that comes next, or reports whatever else comes next
// and returns false.
func (m *Members) open() bool {
	r := m.r
	if r.peek() != '{' {
		r.mismatch("must be an object")
		return false
	}
	if !r.open(inObject) {
		return false
	}
	m.before, m.frame = '{', len(r.frames)-1
	m.seen.first = len(r.keys)
	if r.announced.object == r.pos+1 {
		m.typ = typeHidden
		if r.announced.after > 0 {
			m.typ = typePassed
			m.before, r.pos = ',', r.announced.after
		}
	}
	return true
}

// more consumes what stands before the next member and reports whether there is
// one.
func (m *Members) more() bool {
	if m.before == ',' {
		return m.r.next('}')
	}
	m.before = ','
	m.r.pos++
	return m.r.skipSpace() != '}'
}

// passType passes over the value of "$type".
func (m *Members) passType() {
	m.r.Skip()
	if m.typ == typePassed {
		m.r.Report(duplicate)
	}
	m.typ = typePassed
}

// close consumes the brace at the end of the object.
func (m *Members) close() {
	r := m.r
	r.pos++
	r.frames[m.frame].index = noMember
	if !m.seen.hasAll(m.required) {
		if m.typ == typePassed {
			m.seen.add(r, typeKey, m.required)
		}
		m.seen.reportMissing(r, m.required)
	}
	r.keys = r.keys[:m.seen.first]
	r.frames = r.frames[:m.frame]
}

// skipObject consumes an object, and notes where in it "$type" is if the Reader
// looks for these.
func (r *Reader) skipObject() {
	start := r.pos + 1
	object := r.Object()
	for object.Next() {
		if r.looking && object.Key() == typeKey {
			r.noteType(start, r.pos)
		}
		r.Skip()
	}
}
