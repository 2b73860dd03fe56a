package lexjson

// Elements is a loop over the elements of an array, see [Reader.Array]. It must
// not be copied once the loop has begun.
type Elements struct {
	r     *Reader
	index int // of the element at hand; -1 before the first, and beforeArray at first
	value int // its offset, -1 if there is none
	frame int // index in Reader.frames of the array
}

// beforeArray is the index in Elements of a loop that has not begun.
const beforeArray = -2

// Array returns a loop over the elements of the array that comes next. Its body must
// consume each element, and the loop must run to its end, which consumes the array.
//
//	array := r.Array()
//	for array.Next() {
//		names = append(names, r.String())
//	}
//
// What else is true of [Reader.Object] is true of it as well.
func (r *Reader) Array() Elements {
	return Elements{r: r, index: beforeArray, value: -1}
}

// Next moves from the element at hand, which has been consumed, to the one
// behind it. It returns false if there is none.
func (e *Elements) Next() bool {
	r := e.r
	if r.pos == e.value {
		r.unconsumed()
	}
	if e.index == beforeArray {
		return e.open()
	}
	if len(r.frames) > e.frame+1 {
		r.leftEarly()
	}
	return e.move(r.comma() || r.next(']'))
}

// open consumes the bracket and moves to the first element, or reports whatever
// else comes next. It returns false if there is no element.
func (e *Elements) open() bool {
	r := e.r
	if r.peek() != '[' {
		r.mismatch("must be an array")
		return false
	}
	if !r.open(noMember) {
		return false
	}
	r.pos++
	e.frame, e.index = len(r.frames)-1, -1
	return e.move(r.skipSpace() != ']')
}

// move moves to the next element if there is any more. Otherwise it ends the
// array and returns false.
func (e *Elements) move(more bool) bool {
	r := e.r
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

// skipArray consumes an array.
func (r *Reader) skipArray() {
	array := r.Array()
	for array.Next() {
		r.Skip()
	}
}
