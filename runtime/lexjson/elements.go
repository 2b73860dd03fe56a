package lexjson

// elements is a loop over the elements of an array. It is a variable of the
// function in which the loop stands.
type elements struct {
	index int // of the element at hand
	value int // its offset
	frame int // index in Reader.frames of the array
}

// open consumes the bracket and moves to the first element, or reports whatever
// else comes next. It returns false if there is no element.
func (e *elements) open(r *Reader) bool {
	if r.peek() != '[' {
		r.mismatch("must be an array")
		return false
	}
	if !r.open(noMember) {
		return false
	}
	r.pos++
	e.frame, e.index = len(r.frames)-1, -1
	return e.move(r, r.skipSpace() != ']')
}

// next moves from the element at hand, which has been consumed, to the one
// behind it. It returns false if there is none.
func (e *elements) next(r *Reader) bool {
	if r.pos == e.value {
		r.unconsumed()
	}
	return e.move(r, r.comma() || r.next(']'))
}

// move moves to the next element if there is any more. Otherwise it ends the
// array and returns false.
func (e *elements) move(r *Reader, more bool) bool {
	if more {
		e.index++
		e.value = r.pos
		r.frames[e.frame].index = e.index
		return true
	}
	if r.err == nil {
		r.pos++
		r.frames = r.frames[:e.frame]
	}
	return false
}

// leave skips what is left of the array, the element at hand too unless that has
// been consumed.
func (e *elements) leave(r *Reader) {
	if r.pos == e.value {
		r.Skip()
	}
	for e.next(r) {
		r.Skip()
	}
}

// skipArray consumes an array.
func (r *Reader) skipArray() {
	var e elements
	for more := e.open(r); more; more = e.next(r) {
		r.Skip()
	}
}
