package xrpc

import (
	"context"
	"net/http"
	"net/netip"

	"github.com/lexgen-go/lexgen/runtime/lexjson"
	"github.com/lexgen-go/lexgen/runtime/validate"
)

// Endpoint is a query or procedure as it is served: data about it, and how to call the service.
// Generated code makes them. A host may filter them, copy them, or serve them twice.
type Endpoint struct {
	// NSID names the endpoint, and is the last part of its path.
	NSID string
	// Kind tells queries from procedures.
	Kind Kind
	// Input is the media type of the request's body; it is empty if the endpoint takes none.
	Input string
	// Output is the media type of the response's body; it is empty if there is none.
	Output string
	// Errors are the error names that the lexicon declares, in its order.
	Errors []ErrorName
	// Bind makes the call of one request, with parameters and input that are still to be filled in.
	// The Bind functions of this package make it from a service method.
	Bind func() *Call
}

// Params is what a generated struct of query parameters can do.
type Params interface {
	validate.Checkable
	// DecodeQuery takes the parameters from q, and reports to q what is missing or of the wrong type.
	DecodeQuery(q *QueryReader)
	// EncodeQuery writes the parameters to q.
	EncodeQuery(q *QueryWriter)
}

// Input is what a generated struct of a request's body can do.
type Input interface {
	validate.Checkable
	lexjson.Decoder
	lexjson.Encoder
}

// Output is what a generated struct of a response's body can do.
type Output = Input

// Call is one request to an endpoint, from its arrival to the service method's return. It belongs
// to the goroutine that serves the request.
type Call struct {
	// Endpoint is what is called.
	Endpoint *Endpoint
	// Params points to the struct of query parameters; it is nil if the lexicon has none.
	Params Params
	// Input points to the struct of the request's body; it is nil if the lexicon has none.
	Input Input
	// Header is the request's header.
	Header http.Header
	// ClientAddr is the address that the request came from. It is invalid if that is unknown.
	ClientAddr netip.Addr
	// Caller is what the authenticator made of the request: nil for an anonymous one.
	Caller any
	// ResponseHeader holds what is to be sent with the response, or with the error.
	ResponseHeader http.Header

	invoke Invoke
}

// Invoke runs a call and returns the response's body: nil if the endpoint has none, and an
// [Output] otherwise.
type Invoke func(ctx context.Context, call *Call) (Output, error)

// Interceptor wraps what follows in the handling of a call: it may look at the decoded call,
// change the context, measure the time, or answer by itself. [NewHandler] calls it once; what it
// returns may be called by several goroutines at once.
type Interceptor func(next Invoke) Invoke

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

// NewContext returns a context in which [CallFrom] finds call. Tests of service methods use it;
// a [Handler] does it by itself.
func NewContext(ctx context.Context, call *Call) context.Context {
	return context.WithValue(ctx, callKey{}, call)
}
