package xrpc

import (
	"context"

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
	// InputEncoding is the media type of the request's body, in lower case and without parameters, or
	// a pattern: type/* or */*. It is empty if the endpoint takes no body.
	InputEncoding string
	// OutputEncoding is, in the same form, that of the response's body. It is empty if there is none.
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
