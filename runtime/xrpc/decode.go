package xrpc

import (
	"net/http"
	"net/url"
	"sync"

	"github.com/lexgen-go/lexgen/runtime/lexjson"
	"github.com/lexgen-go/lexgen/runtime/validate"
)

// maxDepth is how deeply the objects and arrays of a request's body may nest.
const maxDepth = 64

// A decoding is what it takes to decode and check the parameters or the body of one call.
type decoding struct {
	reader  lexjson.Reader
	checker validate.Checker
}

// decodings holds what decoding needs between calls.
var decodings = sync.Pool{New: func() any { return new(decoding) }}

// release keeps d for another call, without what it knows of this one.
func (d *decoding) release() {
	d.reader.Reset(nil, nil)
	d.checker.Reset()
	decodings.Put(d)
}

// decodeParams reads the query parameters. Those that the lexicon does not know are ignored.
func decodeParams(r *http.Request, params Params) error {
	var values url.Values
	if r.URL.RawQuery != "" {
		var err error
		if values, err = url.ParseQuery(r.URL.RawQuery); err != nil {
			return ErrInvalidRequest.New("malformed query string")
		}
	}
	if params == nil {
		return nil
	}
	d := decodings.Get().(*decoding)
	defer d.release()
	params.DecodeQuery(NewQueryReader(values, &d.checker))
	params.Check(&d.checker)
	if err := d.checker.Err(); err != nil {
		return ErrInvalidRequest.New(err.Error())
	}
	return nil
}

// readInput reads, decodes and checks the request's body.
func (h *Handler) readInput(r *http.Request, call *Call) error {
	if call.Input == nil {
		return expectNoBody(r)
	}
	if err := checkContentType(r, call.Endpoint.Input); err != nil {
		return err
	}
	body, err := h.readBody(r)
	if err != nil {
		return err
	}
	if len(body) == 0 {
		body = []byte("{}")
	}
	return decodeInput(body, call.Input)
}

// decodeInput decodes and checks a body in one pass, which finds all that is wrong with it. The
// strings of input are slices of body.
func decodeInput(body []byte, input Input) error {
	d := decodings.Get().(*decoding)
	defer d.release()
	d.reader.Reset(body, &d.checker)
	d.reader.MaxDepth = maxDepth
	input.DecodeJSON(&d.reader)
	if err := d.reader.End(); err != nil {
		return ErrInvalidRequest.New("the request body is " + err.Error())
	}
	input.Check(&d.checker)
	if err := d.checker.Err(); err != nil {
		return ErrInvalidRequest.New(err.Error())
	}
	return nil
}
