package xrpc

import (
	"context"
	"net/http"
	"net/netip"
)

// Call is one request to an endpoint, from its arrival to the service method's return. It belongs
// to the goroutine that serves the request.
type Call struct {
	// Endpoint is what is called.
	Endpoint *Endpoint
	// Params points to the struct of query parameters; it is nil if the lexicon has none.
	Params Params
	// Input points to the struct of the request's body; it is nil if the lexicon has none.
	Input Body
	// Stream is the request's body if it is not decoded into Input; otherwise it is nil. It can be
	// read until the response has been written, so that a response may be made of it.
	Stream *Stream
	// Header is the request's header. It must not be changed.
	Header http.Header
	// ClientAddr is the address that the request came from. It is invalid if that is unknown.
	ClientAddr netip.Addr
	// Caller is what the authenticator made of the request: nil for an anonymous one. [CallerFrom]
	// finds it with its type.
	Caller any
	// ResponseHeader holds what is to be sent with the response, or with the error.
	ResponseHeader http.Header

	body   *inputBody // what Stream reads from
	output *Stream    // what the service has returned, if that is a stream
}

type callKey struct{}

// CallFrom returns the call in which ctx was handed to the service method. It panics if ctx does
// not come from a [Handler], because a service that needs the call cannot go on without it.
func CallFrom(ctx context.Context) *Call {
	call, ok := ctx.Value(callKey{}).(*Call)
	if !ok {
		panic("xrpc: context of no call")
	}
	return call
}

// CallerFrom returns who makes the call in which ctx was handed to the service method, and whether
// that is known and is a T.
func CallerFrom[T any](ctx context.Context) (caller T, ok bool) {
	if call, found := ctx.Value(callKey{}).(*Call); found {
		caller, ok = call.Caller.(T)
	}
	return caller, ok
}

// NewContext returns a context in which [CallFrom] finds call, whose headers are made if there are
// none. Tests of service methods use it; a [Handler] does it by itself.
func NewContext(ctx context.Context, call *Call) context.Context {
	if call.Header == nil {
		call.Header = http.Header{}
	}
	if call.ResponseHeader == nil {
		call.ResponseHeader = http.Header{}
	}
	return context.WithValue(ctx, callKey{}, call)
}

// close closes the stream that the service has returned, and what decompresses the request's body.
func (c *Call) close() {
	if c.body != nil {
		defer c.body.Close() // even if the other one panics
	}
	c.output.Close()
}
