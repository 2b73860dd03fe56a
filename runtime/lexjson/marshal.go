package lexjson

import (
	"bytes"
	"sync"
)

// maxPooled is the size in bytes up to which a buffer is kept: that of a Writer
// for the next call of Marshal, and that of a Reader for the next document.
const maxPooled = 1 << 16

// writers holds Writers between calls of Marshal and Append.
var writers = sync.Pool{New: func() any { return new(Writer) }}

// Marshal returns v in JSON. It allocates nothing but the result. The error is
// that of the Writer, see [Writer.Fail].
func Marshal(v Encoder) ([]byte, error) {
	w := writers.Get().(*Writer)
	err := encode(w, v)
	var result []byte
	if err == nil {
		result = bytes.Clone(w.withoutComma())
	}
	release(w)
	return result, err
}

// Append appends v in JSON to dst and returns the extended buffer. In case of
// an error, which is that of [Marshal], it returns dst as it was. Whatever lies
// behind dst up to its capacity may be overwritten.
func Append(dst []byte, v Encoder) ([]byte, error) {
	w := writers.Get().(*Writer)
	own := w.buf
	w.buf = dst
	err := encode(w, v)
	result := w.withoutComma()
	if len(w.buf) == len(dst) {
		result = dst // nothing was written, so that a comma at the end is the caller's
	}
	w.buf = own
	release(w)
	if err != nil {
		return dst, err
	}
	return result, nil
}

// encode lets v write itself.
func encode(w *Writer, v Encoder) error {
	v.EncodeJSON(w)
	if len(w.typed) > 0 && w.err == nil {
		panic("lexjson: an Encoder must close each object and array that it begins")
	}
	return w.err
}

// release keeps w for another call. It is not deferred: a Writer on which an
// Encoder panicked, and that may hold somebody else's buffer, is dropped.
func release(w *Writer) {
	if cap(w.buf) <= maxPooled {
		w.Reset()
		writers.Put(w)
	}
}
