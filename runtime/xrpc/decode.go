package xrpc

import (
	"errors"
	"net/http"
	"net/url"

	"github.com/lexgen-go/lexgen/runtime/lexdata"
	"github.com/lexgen-go/lexgen/runtime/lexjson"
	"github.com/lexgen-go/lexgen/runtime/validate"
)

// maxDepth is how deeply the objects and arrays of a request's body may nest.
const maxDepth = 64

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
	var c validate.Checker
	params.DecodeQuery(NewQueryReader(values, &c))
	params.Check(&c)
	if err := c.Err(); err != nil {
		return ErrInvalidRequest.New(err.Error())
	}
	return nil
}

// readInput reads, decodes and checks the request's body, or leaves it to the service as a stream.
func (h *Handler) readInput(r *http.Request, call *Call) error {
	if call.Input == nil && call.Endpoint.InputEncoding == "" {
		return expectNoBody(r)
	}
	media, err := inputType(r, call.Endpoint.InputEncoding)
	if err != nil {
		return err
	}
	if call.Input == nil {
		return h.openStream(r, call, media)
	}
	body, err := h.readBody(r, call.Endpoint)
	if err != nil {
		return err
	}
	if len(body) == 0 {
		body = []byte("{}")
	}
	return decodeInput(body, call.Input)
}

// openStream makes the request's body the stream of the call.
func (h *Handler) openStream(r *http.Request, call *Call, media string) error {
	body, err := h.openBody(r, call.Endpoint)
	if err != nil {
		return err
	}
	call.body = body
	call.Stream = &Stream{ContentType: media, Size: -1, Body: body}
	switch {
	case len(body.stages) > 0:
	case r.ContentLength == 0:
		call.Stream.Size, call.Stream.Body = 0, http.NoBody
	default:
		call.Stream.Size = r.ContentLength
	}
	return nil
}

// decodeInput decodes and checks a body in one pass, which finds all that is wrong with it. The
// strings of input are slices of body.
func decodeInput(body []byte, input Body) error {
	err := lexdata.Decode(body, input, lexdata.Options{MaxDepth: maxDepth})
	if err == nil {
		return nil
	}
	problem := err.Error()
	if _, malformed := errors.AsType[*lexjson.SyntaxError](err); malformed {
		problem = "the request body is " + problem
	}
	return ErrInvalidRequest.New(problem)
}
