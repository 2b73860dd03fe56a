package lexjson

import "iter"

// Object consumes the object that comes next: a range over the result visits
// its keys in their order, and the body of the loop must consume the value of
// each key.
//
//	for key := range r.Object("handle", "password") {
//		switch key {
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
// required that the object lacks is reported after its last member. A body
// that leaves the loop early loses the other members, which are skipped; one
// that does not consume a value panics, as that is a bug in the caller.
//
// The call does not allocate.
func (r *Reader) Object(required ...string) iter.Seq[string] {
	return func(yield func(string) bool) {
		var m members
		for key, more := m.open(r, required); more; key, more = m.next(r, required) {
			if !yield(key) {
				m.leave(r, required)
				break
			}
		}
	}
}

// Array consumes the array that comes next: a range over the result visits
// the indexes of its elements, and the body of the loop must consume each
// element. What else is true of [Reader.Object] is true of it as well.
func (r *Reader) Array() iter.Seq[int] {
	return func(yield func(int) bool) {
		var e elements
		for more := e.open(r); more; more = e.next(r) {
			if !yield(e.index) {
				e.leave(r)
				break
			}
		}
	}
}

// open begins with a container, whose brace or bracket the caller consumes. The
// index is what the frame starts with.
func (r *Reader) open(index int) bool {
	limit := r.MaxDepth
	if limit == 0 {
		limit = DefaultMaxDepth
	}
	if len(r.frames) >= limit {
		r.fail(r.pos, "nested too deeply")
		return false
	}
	r.frames = append(r.frames, frame{index: index})
	return true
}

// comma consumes the comma before another member or element, if it comes next
// and no white space is behind it. It is what most documents have, and small
// enough to be inlined; what else there may be is up to next.
func (r *Reader) comma() bool {
	i := r.pos + 1
	if i >= len(r.text) || r.text[i-1] != ',' || r.text[i] <= ' ' {
		return false
	}
	r.pos = i
	return true
}

// next consumes the comma before another member or element and reports whether
// there is one; it leaves the closing character alone.
func (r *Reader) next(closing byte) bool {
	if r.pos < len(r.text) && r.text[r.pos] == closing {
		return false
	}
	switch r.skipSpace() {
	case ',':
		r.pos++
		r.skipSpace()
		return true
	case closing:
		return false
	}
	if r.err == nil {
		r.unexpected("',' or '" + string(closing) + "'")
	}
	return false
}

// readKey consumes the key of a member and the colon behind it. It does the work
// of readAnyKey for what most keys are: plain, with no white space behind them.
func (r *Reader) readKey() (key string, ok bool) {
	rest := r.text[r.pos:]
	end := plainEnd(rest, 1)
	next := end + len(`":`)
	if next >= len(rest) || rest[0] != '"' || rest[end:next] != `":` || rest[next] <= ' ' {
		return r.readAnyKey()
	}
	r.pos += next
	return rest[1:end], true
}

// readAnyKey consumes any key, and the colon and white space behind it.
func (r *Reader) readAnyKey() (key string, ok bool) {
	if r.peek() != '"' {
		r.unexpected("a key")
		return "", false
	}
	key = r.readString()
	if r.skipSpace() != ':' {
		r.unexpected("':'")
		return "", false
	}
	r.pos++
	r.skipSpace()
	return key, true
}

func (r *Reader) unconsumed() {
	panic("lexjson: the body of a loop must consume each value: " + r.Path() + " was not")
}
