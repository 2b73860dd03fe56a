package lexjson

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

// leftEarly is called when a container should go on or end while one within it is
// open, as is right after a syntax error alone.
func (r *Reader) leftEarly() {
	if r.err == nil {
		panic("lexjson: a loop must run to its end: one was left at " + r.Path())
	}
}
