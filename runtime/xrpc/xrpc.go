// Package xrpc speaks AT Protocol's HTTP API, XRPC (https://atproto.com/specs/xrpc), over net/http.
//
// On the server side a [Handler] owns everything below /xrpc/. It is made of [Endpoint] values,
// which generated code lists for each group of methods and which lead to hand-written service
// methods. Every request takes the same way:
//
//  1. the path names an endpoint, and the verb is the endpoint's
//  2. the query parameters are decoded and checked
//  3. the caller is authenticated ([WithAuthenticator])
//  4. the body is read within its limit, decoded and checked, or opened as a stream
//  5. the call is admitted ([WithAdmission]), which is where rate limits belong
//  6. the service method runs, inside of the interceptors ([WithInterceptor])
//  7. its result is written, or its error as {"error": ..., "message": ...}
//
// A body that is not JSON with a schema (an image, a backup, text) is a [Stream] in both directions. It
// is not held in memory: a service reads what the client sends within the limit of
// [WithMaxStream], and the handler sends what a service returns as it comes, closes it, and breaks
// the connection off if it cannot get all of it. Callers are authenticated before the first byte is
// read, and admitted before the service reads any.
//
// Subscriptions are not served: their NSIDs are answered as those of unknown endpoints are.
//
// A service method finds what is not in its arguments (the caller, headers, the client's address)
// in the [Call] that [CallFrom] returns.
//
// On the client side a [Client] sends typed calls to one host, and opens the streams of responses;
// generated clients are made of it.
//
// The package imports the standard library and this module's runtime only, so that a client does
// not link a web framework. Package xrpcecho mounts a Handler in an echo application.
package xrpc

// PathPrefix is what the path of every XRPC request begins with; the endpoint's NSID follows.
const PathPrefix = "/xrpc/"

// Kind says what an endpoint is, and with that which HTTP verb it takes.
type Kind uint8

// The kinds of endpoints.
const (
	Query     Kind = iota + 1 // GET
	Procedure                 // POST
)

// verb returns the HTTP method of the kind.
func (k Kind) verb() string {
	if k == Query {
		return "GET"
	}
	return "POST"
}
