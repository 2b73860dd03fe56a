package lexjson

// members is a loop over the members of an object. It is a variable of the
// function in which the loop stands.
type members struct {
	before byte // what stands before the next member: the brace or a comma
	typ    typeMember
	frame  int // index in Reader.frames of the object
	value  int // offset of the value of the member at hand, -1 before the first
	seen   keySet
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

// open begins with the object that comes next and returns the key of its first
// member, or reports whatever else comes next. It returns false if there is no
// member.
func (m *members) open(r *Reader, required []string) (key string, ok bool) {
	if r.peek() != '{' {
		r.mismatch("must be an object")
		return "", false
	}
	if !r.open(inObject) {
		return "", false
	}
	m.before, m.frame, m.value = '{', len(r.frames)-1, -1
	m.seen.first = len(r.keys)
	if r.announced.object == r.pos+1 {
		m.typ = typeHidden
		if r.announced.after > 0 {
			m.typ = typePassed
			m.before, r.pos = ',', r.announced.after
		}
	}
	return m.next(r, required)
}

// next moves from the member at hand, whose value has been consumed, to the value
// of the next one, and returns its key. It returns false if there is none. It does
// the work of nextOfAny for most members: a plain key, and no white space around.
func (m *members) next(r *Reader, required []string) (key string, ok bool) {
	if r.pos == m.value {
		r.unconsumed()
	}
	rest := r.text[r.pos:]
	const start = len(`,"`)
	if len(rest) < start+wordSize || rest[0] != m.before || rest[1] != '"' {
		return m.nextOfAny(r, required)
	}
	end := start + plainBytes(load8(rest[start:]))
	if end == start+wordSize {
		end = plainEnd(rest, end)
	}
	value := end + len(`":`)
	if len(rest) <= value || rest[end:value] != `":` || rest[value] <= ' ' {
		return m.nextOfAny(r, required)
	}
	key = rest[start:end]
	if m.typ != typeShown && key == typeKey || !m.seen.addDue(key, required) && !m.seen.add(r, key, required) {
		return m.nextOfAny(r, required)
	}
	r.frames[m.frame].key = r.pos + 1
	r.pos += value
	m.before, m.value = ',', r.pos
	return key, true
}

// nextOfAny is next for members of any kind, and for the end of the object.
func (m *members) nextOfAny(r *Reader, required []string) (key string, ok bool) {
	if m.before == ',' && r.peek() == '}' { // which is how most objects end
		m.close(r, required)
		return "", false
	}
	for m.more(r) {
		r.frames[m.frame].key = r.pos
		if key, ok = r.readKey(); !ok {
			return "", false
		}
		m.value = r.pos
		if m.typ != typeShown && key == typeKey {
			m.passType(r)
		} else if m.seen.add(r, key, required) {
			return key, true
		} else {
			r.Skip()
			r.Report(duplicate)
		}
	}
	if r.err == nil {
		m.close(r, required)
	}
	return "", false
}

// more consumes what stands before the next member and reports whether there is
// one.
func (m *members) more(r *Reader) bool {
	if m.before == ',' {
		return r.next('}')
	}
	m.before = ','
	r.pos++
	return r.skipSpace() != '}'
}

// passType passes over the value of "$type".
func (m *members) passType(r *Reader) {
	r.Skip()
	if m.typ == typePassed {
		r.Report(duplicate)
	}
	m.typ = typePassed
}

// close consumes the brace at the end of the object.
func (m *members) close(r *Reader, required []string) {
	r.pos++
	r.frames[m.frame].index = noMember
	if !m.seen.hasAll(required) {
		if m.typ == typePassed {
			m.seen.add(r, typeKey, required)
		}
		m.seen.reportMissing(r, required)
	}
	r.keys = r.keys[:m.seen.first]
	r.frames = r.frames[:m.frame]
}

// leave skips what is left of the object, of the value of the member at hand too
// unless that has been consumed.
func (m *members) leave(r *Reader, required []string) {
	if r.pos == m.value {
		r.Skip()
	}
	for _, more := m.next(r, required); more; _, more = m.next(r, required) {
		r.Skip()
	}
}

// skipObject consumes an object, and notes where in it "$type" is if the Reader
// looks for these.
func (r *Reader) skipObject() {
	start := r.pos + 1
	var m members
	for key, more := m.open(r, nil); more; key, more = m.next(r, nil) {
		if r.looking && key == typeKey {
			r.noteType(start, r.pos)
		}
		r.Skip()
	}
}
