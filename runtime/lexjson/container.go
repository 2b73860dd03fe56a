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
	return func(yield func(string) bool) { r.readObject(required, yield) }
}

// Array consumes the array that comes next: a range over the result visits
// the indexes of its elements, and the body of the loop must consume each
// element. What else is true of [Reader.Object] is true of it as well.
func (r *Reader) Array() iter.Seq[int] {
	return func(yield func(int) bool) { r.readArray(yield) }
}

// readObject is Object; a nil yield skips every member. It must not let
// required or yield escape, otherwise each loop of a caller allocates.
func (r *Reader) readObject(required []string, yield func(string) bool) {
	if r.peek() != '{' {
		r.mismatch("must be an object")
		return
	}
	if !r.open() {
		return
	}
	start, top := r.pos, len(r.frames)-1
	swallowType := r.announced.object == start
	seen := keySet{first: len(r.keys)}
	for more := r.skipSpace() != '}'; more; more = r.next('}') {
		key, ok := r.readKey()
		if !ok {
			return
		}
		r.frames[top] = frame{key: key, index: inObject}
		value := r.pos
		switch {
		case !seen.add(r, key):
			r.Skip()
			r.Report("occurs more than once")
		case key == typeKey && swallowType:
			r.Skip()
		case yield == nil:
			if r.looking && key == typeKey {
				r.noteType(start, value)
			}
			r.Skip()
		case !yield(key):
			yield = nil
			if r.pos == value {
				r.Skip()
			}
		case r.pos == value:
			r.unconsumed()
		}
	}
	r.frames[top].index = noMember
	if r.err != nil {
		return
	}
	r.pos++
	seen.reportMissing(r, required)
	r.keys = r.keys[:seen.first]
	r.frames = r.frames[:top]
}

// readArray is Array; a nil yield skips every element.
func (r *Reader) readArray(yield func(int) bool) {
	if r.peek() != '[' {
		r.mismatch("must be an array")
		return
	}
	if !r.open() {
		return
	}
	top, index := len(r.frames)-1, 0
	for more := r.skipSpace() != ']'; more; more = r.next(']') {
		r.frames[top].index = index
		value := r.pos
		switch {
		case yield == nil:
			r.Skip()
		case !yield(index):
			yield = nil
			if r.pos == value {
				r.Skip()
			}
		case r.pos == value:
			r.unconsumed()
		}
		index++
	}
	if r.err != nil {
		return
	}
	r.pos++
	r.frames = r.frames[:top]
}

// open consumes the brace or bracket that opens a container.
func (r *Reader) open() bool {
	limit := r.MaxDepth
	if limit == 0 {
		limit = DefaultMaxDepth
	}
	if len(r.frames) >= limit {
		r.fail(r.pos, "nested too deeply")
		return false
	}
	r.frames = append(r.frames, frame{index: noMember})
	r.pos++
	return true
}

// next consumes the comma before another member or element and reports
// whether there is one; it leaves the closing character alone.
func (r *Reader) next(closing byte) bool {
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

// readKey consumes the key of a member and the colon behind it.
func (r *Reader) readKey() (string, bool) {
	if r.peek() != '"' {
		r.unexpected("a key")
		return "", false
	}
	key := r.readString()
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
