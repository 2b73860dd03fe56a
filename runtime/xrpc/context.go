package xrpc

import (
	"context"
	"net/http"
)

type (
	requestHeaderKey  struct{}
	responseHeaderKey struct{}
)

// WithRequestHeader returns a context in which a [Client] sends the fields of header with each
// call, beside those of earlier such contexts. See https://atproto.com/specs/xrpc
// for the headers of the protocol.
func WithRequestHeader(ctx context.Context, header http.Header) context.Context {
	merged := requestHeader(ctx).Clone()
	if merged == nil {
		merged = http.Header{}
	}
	addHeader(merged, header)
	return context.WithValue(ctx, requestHeaderKey{}, merged)
}

// requestHeader returns what WithRequestHeader left in a context, or nil.
func requestHeader(ctx context.Context) http.Header {
	header, _ := ctx.Value(requestHeaderKey{}).(http.Header)
	return header
}

// WithResponseHeader returns a context in which a [Client] sets *header to the header of each
// response, of errors too. Calls in such a context must not run at the same time.
func WithResponseHeader(ctx context.Context, header *http.Header) context.Context {
	return context.WithValue(ctx, responseHeaderKey{}, header)
}

// receiveHeader hands the header of a response to who asked for it.
func receiveHeader(ctx context.Context, header http.Header) {
	if wanted, ok := ctx.Value(responseHeaderKey{}).(*http.Header); ok {
		*wanted = header
	}
}
