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
	seen := keySet{first: len(r.keys)}
	more, swallowType := r.skipSpace() != '}', r.announced.object == start
	if swallowType && r.announced.after > 0 {
		seen.add(r, typeKey)
		r.pos = r.announced.after
		more = r.next('}')
	}
	for ; more; more = r.comma() || r.next('}') {
		key, ok := r.readKey()
		if !ok {
			return
		}
		isNew := seen.add(r, key)
		r.frames[top] = frame{key: len(r.keys) - 1, index: inObject}
		value := r.pos
		if !isNew || yield == nil || swallowType && key == typeKey {
			r.passMember(key, isNew, start)
			continue
		}
		if !yield(key) {
			yield = nil
			if r.pos == value {
				r.Skip()
			}
		} else if r.pos == value {
			r.unconsumed()
		}
	}
	if r.err != nil {
		return
	}
	r.pos++
	r.frames[top].index = noMember
	seen.reportMissing(r, required)
	r.keys = r.keys[:seen.first]
	r.frames = r.frames[:top]
}

// passMember consumes a member of the object that starts at offset start, which
// the loop over it does not see.
func (r *Reader) passMember(key string, isNew bool, start int) {
	if isNew && r.looking && key == typeKey {
		r.noteType(start, r.pos)
	}
	r.Skip()
	if !isNew {
		r.Report("occurs more than once")
	}
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
	for more := r.skipSpace() != ']'; more; more = r.comma() || r.next(']') {
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

// comma consumes the comma before another member or element, if it comes next
// and no white space is behind it. It is what most documents have, and small
// enough to be inlined; what else there may be is up to next.
func (r *Reader) comma() bool {
	i := r.pos + 1
	if i >= len(r.data) || r.data[i-1] != ',' || r.data[i] <= ' ' {
		return false
	}
	r.pos = i
	return true
}

// next consumes the comma before another member or element and reports whether
// there is one; it leaves the closing character alone.
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

// readKey consumes the key of a member and the colon behind it. It does the work
// of readAnyKey for what most keys are: plain, with no white space behind them.
func (r *Reader) readKey() (key string, ok bool) {
	data, start := r.data, r.pos+1
	if start >= len(data) || data[start-1] != '"' {
		return r.readAnyKey()
	}
	end := plainEnd(data, start)
	next := end + len(`":`)
	if next >= len(data) || data[end] != '"' || data[end+1] != ':' || data[next] <= ' ' {
		return r.readAnyKey()
	}
	r.pos = next
	return view(data[start:end]), true
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
