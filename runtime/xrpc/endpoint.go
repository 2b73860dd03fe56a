package xrpc

import (
	"context"
	"net/http"
	"net/netip"

	"github.com/lexgen-go/lexgen/runtime/lexjson"
	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/runtime/validate"
)

// Endpoint is a query or procedure as it is served: data about it, and how to call the service.
// Generated code makes them. A host may filter them, copy them, or serve them twice.
type Endpoint struct {
	// NSID names the endpoint, and is the last part of its path.
	NSID syntax.NSID
	// Kind tells queries from procedures.
	Kind Kind
	// InputEncoding is the media type of the request's body, or a pattern: type/* or */*. It is empty
	// if the endpoint takes no body.
	InputEncoding string
	// OutputEncoding is the media type of the response's body, or a pattern. It is empty if there is none.
	OutputEncoding string
	// MaxInput is how many bytes the request's body may have, after decompression. Zero, which is
	// what generated code leaves it at, stands for the handler's limit: that of [WithMaxBody], or of
	// [WithMaxStream] if the body is a stream.
	MaxInput int64
	// Errors are the error names that the lexicon declares, in its order.
	Errors []ErrorName
	// NewParams makes the struct that query parameters are decoded into; it is nil if there are none.
	NewParams func() Params
	// NewInput makes the struct that the request's body is decoded into. If it is nil, the body is a
	// [Stream], or there is none.
	NewInput func() Body
	// Invoke calls the service method.
	Invoke InvokeFunc
}

// InvokeFunc runs a decoded call. The output is nil if the endpoint has none, and otherwise a [Body],
// which needs the encoding application/json, or a [*Stream], which the handler sends and closes.
// What a service answers wrongly (neither output nor error, an output where the lexicon has none, a
// stream of another media type) is a fault of the server.
type InvokeFunc func(ctx context.Context, call *Call) (output any, err error)

// Params is what a generated struct of query parameters can do.
type Params interface {
	validate.Checkable
	// DecodeQuery takes the parameters from q, and reports to q what is missing or of the wrong type.
	DecodeQuery(q *QueryReader)
	// EncodeQuery writes the parameters to q.
	EncodeQuery(q *QueryWriter)
}

// Body is what a generated struct of a request's or a response's body can do.
type Body interface {
	validate.Checkable
	lexjson.Decoder
	lexjson.Encoder
}

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

	body *inputBody // what Stream reads from
}

// Interceptor wraps what follows in the handling of a call: it may look at the decoded call,
// change the call or the context, measure the time, or answer by itself. [NewHandler] calls it once; what it
// returns may be called by several goroutines at once.
type Interceptor func(next InvokeFunc) InvokeFunc

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

// closeBody closes what the body of the call is decompressed by.
func (c *Call) closeBody() {
	if c.body != nil {
		c.body.Close()
	}
}
