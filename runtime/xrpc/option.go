package xrpc

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/netip"
)

// Option changes a [Handler] that [NewHandler] makes.
type Option func(*Handler)

// Authenticator finds out who calls, by the request's line and header; it must leave the body
// alone. It returns what [Call.Caller] will be, nil for an endpoint that does not care, or an error
// that becomes the response; an endpoint without authentication must not fail because of a stray
// Authorization header. It may be called by several goroutines at once.
type Authenticator func(r *http.Request, endpoint *Endpoint) (caller any, err error)

// WithAuthenticator sets who authenticates callers. Without it all calls are anonymous.
func WithAuthenticator(authenticate Authenticator) Option {
	return func(h *Handler) { h.authenticate = authenticate }
}

// Admission decides whether a decoded call may run: it is the place for rate limits, which may
// depend on the caller, the client's address and the input. A non-nil error becomes the response.
// It may be called by several goroutines at once.
type Admission func(ctx context.Context, call *Call) error

// WithAdmission sets who admits calls. Without it every call is admitted.
func WithAdmission(admit Admission) Option {
	return func(h *Handler) { h.admit = admit }
}

// Interceptor wraps what follows in the handling of a call: it may look at the decoded call,
// change the call or the context, measure the time, or answer by itself. A stream that it does not
// pass on is its own to close. [NewHandler] calls it once; what it returns may be called by several
// goroutines at once.
type Interceptor func(next InvokeFunc) InvokeFunc

// WithInterceptor adds an interceptor inside of those added before.
func WithInterceptor(interceptor Interceptor) Option {
	return func(h *Handler) { h.interceptors = append(h.interceptors, interceptor) }
}

// WithLogger sets where failures of the server are logged, once each: answers of status 500, those
// above that have an [Error.Cause], and errors that a [Client] received and the service returned.
// The default is [slog.Default].
func WithLogger(logger *slog.Logger) Option {
	return func(h *Handler) { h.logger = logger }
}

// WithHealth sets what /xrpc/_health answers: the version, and with status 503 if check fails.
// The default is an empty version and no check.
func WithHealth(version string, check func(ctx context.Context) error) Option {
	return func(h *Handler) { h.version, h.healthy = version, check }
}

// WithMaxBody sets how many bytes a JSON body may have, after decompression. The default is
// [DefaultMaxBody]. [Endpoint.MaxInput] sets it for one endpoint.
func WithMaxBody(bytes int64) Option {
	return func(h *Handler) { h.maxBody = bytes }
}

// WithMaxStream sets how many bytes a body may have that a service reads as a [Stream], after
// decompression. The default is [DefaultMaxStream]. [Endpoint.MaxInput] sets it for one endpoint.
func WithMaxStream(bytes int64) Option {
	return func(h *Handler) { h.maxStream = bytes }
}

// WithClientAddr sets how the client's address is found, which a host behind proxies must say.
// The default is the address of the connection.
func WithClientAddr(find func(*http.Request) netip.Addr) Option {
	return func(h *Handler) { h.clientAddr = find }
}

// WithContentEncoding lets requests use a Content-Encoding of the given name (in lower case)
// beside gzip, deflate and identity, which are always understood. The reader is closed after use.
func WithContentEncoding(name string, newReader func(io.Reader) (io.ReadCloser, error)) Option {
	return func(h *Handler) { h.encodings[name] = newReader }
}
