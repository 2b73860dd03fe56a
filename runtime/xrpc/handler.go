package xrpc

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/netip"
	"slices"
	"strings"

	"github.com/lexgen-go/lexgen/runtime/lexjson"
	"github.com/lexgen-go/lexgen/runtime/syntax"
)

// DefaultMaxBody is how many bytes a JSON body may have if [WithMaxBody] does not say otherwise.
const DefaultMaxBody = 150 << 10

// DefaultMaxStream is how many bytes the [Stream] of a request may have if [WithMaxStream] does not say otherwise.
const DefaultMaxStream = 5 << 20

// healthPath is below [PathPrefix] but is not an NSID.
const healthPath = "_health"

// Handler serves a set of endpoints, and everything else below /xrpc/: the health check, the
// answers to unknown endpoints and wrong verbs, and cross-origin requests.
// It may be used by several goroutines at once.
type Handler struct {
	endpoints    map[syntax.NSID]*Endpoint
	authenticate Authenticator
	admit        Admission
	interceptors []Interceptor
	invoke       InvokeFunc // the service method, inside of the interceptors
	logger       *slog.Logger
	version      string
	healthy      func(ctx context.Context) error
	maxBody      int64
	maxStream    int64
	clientAddr   func(*http.Request) netip.Addr
	encodings    map[string]func(io.Reader) (io.ReadCloser, error)
}

// NewHandler returns a handler of the endpoints. It panics if two of them have the same NSID,
// because no request could tell which is meant.
func NewHandler(endpoints []Endpoint, options ...Option) *Handler {
	h := &Handler{
		endpoints:  make(map[syntax.NSID]*Endpoint, len(endpoints)),
		logger:     slog.Default(),
		maxBody:    DefaultMaxBody,
		maxStream:  DefaultMaxStream,
		clientAddr: connectionAddr,
		encodings:  contentEncodings(),
	}
	for _, endpoint := range endpoints {
		nsid := endpoint.NSID.Normalize()
		if h.endpoints[nsid] != nil {
			panic("xrpc: two endpoints " + string(endpoint.NSID))
		}
		h.endpoints[nsid] = &endpoint
	}
	for _, option := range options {
		option(h)
	}
	h.invoke = func(ctx context.Context, call *Call) (any, error) { return call.Endpoint.Invoke(ctx, call) }
	for _, interceptor := range slices.Backward(h.interceptors) {
		h.invoke = interceptor(h.invoke)
	}
	return h
}

// ServeHTTP answers any request. The path must begin with [PathPrefix]; a host that serves XRPC
// below another path strips that first ([http.StripPrefix]). It panics with [http.ErrAbortHandler] if
// the stream of a response breaks off, so that the client does not take what it got for all of it.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	allowCrossOrigin(w.Header())
	if r.Method == http.MethodOptions && belowPrefix(r) {
		preflight(w, r)
		return
	}
	call := &Call{Header: r.Header, ResponseHeader: http.Header{}}
	defer call.close()
	response, err := h.respond(r, call)
	if err != nil {
		response = errorResponse(h.report(r, err))
	}
	addHeader(w.Header(), call.ResponseHeader)
	if err := response.write(w, r); err != nil {
		h.report(r, fmt.Errorf("send stream: %w", err))
		panic(http.ErrAbortHandler)
	}
}

// respond finds out what the request is for, and answers it. What is in the header of the call's
// response is sent even with an error.
func (h *Handler) respond(r *http.Request, call *Call) (*response, error) {
	if !belowPrefix(r) {
		return nil, NewError(http.StatusNotFound)
	}
	name := strings.TrimPrefix(r.URL.Path, PathPrefix)
	if name == healthPath {
		return h.health(r)
	}
	nsid := syntax.NSID(strings.TrimSuffix(name, "/"))
	if !nsid.Valid() {
		return nil, ErrInvalidRequest.New("invalid xrpc path")
	}
	endpoint := h.endpoints[nsid.Normalize()]
	if endpoint == nil {
		return nil, Unimplemented()
	}
	if err := checkVerb(r, endpoint.Kind); err != nil {
		return nil, err
	}
	call.Endpoint, call.ClientAddr = endpoint, h.clientAddr(r)
	output, err := h.call(r, call)
	call.output, _ = output.(*Stream)
	if err != nil {
		return nil, err
	}
	return encodeOutput(endpoint, output)
}

// belowPrefix reports whether the path begins with [PathPrefix]. Routers match the path as it was
// sent, so a prefix with escapes does not count. In what follows it they change nothing.
func belowPrefix(r *http.Request) bool {
	return strings.HasPrefix(r.URL.EscapedPath(), PathPrefix)
}

// checkVerb lets a HEAD request be a GET request whose response has no body.
func checkVerb(r *http.Request, kind Kind) error {
	verb := kind.verb()
	if r.Method == verb || r.Method == http.MethodHead && kind == Query {
		return nil
	}
	return ErrInvalidRequest.New(fmt.Sprintf("Incorrect HTTP method (%.20s) expected %s", r.Method, verb))
}

// call takes a request through the steps of the package comment, up to the service method's result.
func (h *Handler) call(r *http.Request, call *Call) (output any, err error) {
	endpoint := call.Endpoint
	if endpoint.NewParams != nil {
		call.Params = endpoint.NewParams()
	}
	if endpoint.NewInput != nil {
		call.Input = endpoint.NewInput()
	}
	if err := decodeParams(r, call.Params); err != nil {
		return nil, err
	}
	if err := h.identify(r, call); err != nil {
		return nil, err
	}
	ctx := NewContext(r.Context(), call)
	if err := h.readInput(r, call); err != nil {
		return nil, err
	}
	if h.admit != nil {
		if err := h.admit(ctx, call); err != nil {
			return nil, err
		}
	}
	return h.invoke(ctx, call)
}

// identify authenticates the caller. What is sent to a caller must not be cached for others.
func (h *Handler) identify(r *http.Request, call *Call) error {
	if h.authenticate == nil {
		return nil
	}
	caller, err := h.authenticate(r, call.Endpoint)
	if caller != nil {
		call.Caller = caller
		call.ResponseHeader.Set("Cache-Control", "private")
		call.ResponseHeader.Set("Vary", "Authorization")
	}
	return err
}

// health answers the health check.
func (h *Handler) health(r *http.Request) (*response, error) {
	if err := checkVerb(r, Query); err != nil {
		return nil, err
	}
	status := http.StatusOK
	body := healthBody{version: h.version}
	if h.healthy != nil {
		if err := h.healthy(r.Context()); err != nil {
			h.logger.ErrorContext(r.Context(), "health check failed", "error", err)
			status, body.problem = http.StatusServiceUnavailable, "Service Unavailable"
		}
	}
	return encode(status, contentJSON, body)
}

// healthBody is the JSON of the health check.
type healthBody struct{ version, problem string }

// EncodeJSON implements [lexjson.Encoder].
func (b healthBody) EncodeJSON(w *lexjson.Writer) {
	w.BeginObject()
	w.Key("version").String(b.version)
	if b.problem != "" {
		w.Key("error").String(b.problem)
	}
	w.EndObject()
}

// report returns what a client may see of an error, and logs the error if the server is to blame,
// which it is not for what fails because the client has gone.
func (h *Handler) report(r *http.Request, err error) *Error {
	answer := public(err)
	fault := answer.Status == http.StatusInternalServerError ||
		answer.Status > http.StatusInternalServerError && !isDeliberate(err)
	gone := errors.Is(r.Context().Err(), context.Canceled)
	if fault && !gone {
		h.logger.ErrorContext(r.Context(), "xrpc call failed", "path", r.URL.Path, "status", answer.Status, "error", err)
	}
	return answer
}

// isDeliberate reports whether a service chose the answer, and there is no more to know of it.
func isDeliberate(err error) bool {
	if chosen, ok := errors.AsType[*Error](err); ok {
		return !chosen.received && chosen.Cause == nil
	}
	_, ok := errors.AsType[ErrorName](err)
	return ok
}

// WriteError writes err as a [Handler] would: hosts use it for the errors that arise outside of a
// Handler, so that clients see one form of error only.
func WriteError(w http.ResponseWriter, r *http.Request, err error) {
	allowCrossOrigin(w.Header())
	errorResponse(public(err)).write(w, r)
}

// connectionAddr returns the address of the connection's other end.
func connectionAddr(r *http.Request) netip.Addr {
	addr, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}
	}
	return addr.Addr().Unmap()
}
