package xrpc_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/labstack/echo/v4"

	"github.com/lexgen-go/lexgen/runtime/xrpc"
	"github.com/lexgen-go/lexgen/runtime/xrpcecho"
)

const (
	errAuthMissing  xrpc.ErrorName = "AuthMissing"
	errInvalidToken xrpc.ErrorName = "InvalidToken"
	errTaken        xrpc.ErrorName = "HandleTaken"
)

const mediaJSON = "application/json"

// The methods of the service under test. They return what they were given, so that the answer
// shows what was decoded.

func searchNotes(_ context.Context, params *search) (*page, error) {
	text := fmt.Sprintf("text=%q limit=%d", params.Text, params.Limit.Or(0))
	if exact, ok := params.Exact.Get(); ok {
		text += fmt.Sprintf(" exact=%t", exact)
	}
	if author, ok := params.Author.Get(); ok {
		text += fmt.Sprintf(" author=%s", author)
	}
	return &page{fmt.Sprintf("%s tags=%q sizes=%v flags=%v", text, params.Tags, params.Sizes, params.Flags)}, nil
}

func saveNote(_ context.Context, input *note) (*note, error) { return input, nil }

func tagNote(_ context.Context, params *search, input *note) (*page, error) {
	return &page{params.Text + " " + input.Text}, nil
}

func whoAmI(ctx context.Context) (*page, error) {
	call := xrpc.CallFrom(ctx)
	return &page{fmt.Sprintf("%v from %s", call.Caller, call.ClientAddr)}, nil
}

// answer does what the parameter text says.
func answer(ctx context.Context, params *search) (*page, error) {
	header := xrpc.CallFrom(ctx).ResponseHeader
	switch verb, rest, _ := strings.Cut(params.Text, " "); verb {
	case "name":
		return nil, xrpc.ErrorName(rest)
	case "wrapped":
		return nil, fmt.Errorf("change handle: %w", errTaken.New("it is taken"))
	case "status":
		err := &xrpc.Error{Message: "as asked", Cause: errors.New("secret cause")}
		if _, scanError := fmt.Sscan(rest, &err.Status, &err.Name); scanError != nil && scanError != io.ErrUnexpectedEOF {
			return nil, scanError
		}
		return nil, err
	case "bare":
		err := new(xrpc.Error)
		fmt.Sscan(rest, &err.Status)
		return nil, err
	case "odd":
		return nil, xrpc.ErrorName("two words \xff\r\n").New("bad \xff text")
	case "bytes":
		return nil, errTaken.New("not \xff text")
	case "limited":
		header.Set("RateLimit-Limit", "30")
		return nil, &xrpc.Error{Status: http.StatusTooManyRequests, Header: http.Header{"Retry-After": {"7"}}}
	case "challenge":
		header.Set("WWW-Authenticate", "DPoP algs=ES256")
		return nil, xrpc.NewError(http.StatusUnauthorized)
	case "secret":
		return nil, errors.New("secret text")
	case "unwritable":
		return &page{"\xff"}, nil
	case "header":
		header.Set("X-Injected", "a\r\nX-Evil: b")
		return &page{"ok"}, nil
	case "big":
		var n int
		fmt.Sscan(rest, &n)
		return &page{strings.Repeat("a", max(0, min(n, 1<<16)-len(`{"text":""}`)))}, nil
	}
	return &page{params.Text}, nil
}

func defaults(context.Context, *settings) (*settings, error) { return &settings{}, nil }

// nothing is the method of endpoints without output.
func nothing(context.Context, *xrpc.Call) (any, error) { return nil, nil }

// endpoints returns those of the service under test.
func endpoints() []xrpc.Endpoint {
	return []xrpc.Endpoint{
		{NSID: "com.example.note.search", Kind: xrpc.Query, OutputEncoding: mediaJSON, NewParams: newSearch, Invoke: withParams(searchNotes)},
		{NSID: "com.example.note.answer", Kind: xrpc.Query, OutputEncoding: mediaJSON, NewParams: newSearch, Invoke: withParams(answer)},
		{NSID: "com.example.note.whoAmI", Kind: xrpc.Query, OutputEncoding: mediaJSON, Invoke: bare(whoAmI)},
		{NSID: "com.example.note.ping", Kind: xrpc.Query, Invoke: nothing},
		{NSID: "com.example.note.touch", Kind: xrpc.Query, NewParams: newSearch, Invoke: nothing},
		{NSID: "com.example.note.drop", Kind: xrpc.Procedure, Invoke: nothing},
		{NSID: "com.example.note.store", Kind: xrpc.Procedure, InputEncoding: mediaJSON, NewInput: newSettings, Invoke: nothing},
		{NSID: "com.example.note.file", Kind: xrpc.Procedure, InputEncoding: mediaJSON, NewParams: newSearch, NewInput: newNote, Invoke: nothing},
		{
			NSID: "com.example.note.save", Kind: xrpc.Procedure, InputEncoding: mediaJSON, OutputEncoding: mediaJSON,
			NewInput: newNote, Invoke: withInput(saveNote),
		},
		{
			NSID: "com.example.note.configure", Kind: xrpc.Procedure, InputEncoding: mediaJSON, OutputEncoding: mediaJSON,
			NewInput: newSettings, Invoke: withInput(defaults),
		},
		{
			NSID: "com.example.note.tag", Kind: xrpc.Procedure, InputEncoding: mediaJSON, OutputEncoding: mediaJSON,
			NewParams: newSearch, NewInput: newNote, Invoke: withBoth(tagNote),
		},
	}
}

// The functions below make what generated code has in the literal of an [xrpc.Endpoint].

func newSearch() xrpc.Params { return new(search) }
func newNote() xrpc.Body     { return new(note) }
func newSettings() xrpc.Body { return new(settings) }

func bare[O any](method func(context.Context) (O, error)) xrpc.InvokeFunc {
	return func(ctx context.Context, _ *xrpc.Call) (any, error) { return method(ctx) }
}

func withParams[P xrpc.Params, O any](method func(context.Context, P) (O, error)) xrpc.InvokeFunc {
	return func(ctx context.Context, call *xrpc.Call) (any, error) { return method(ctx, call.Params.(P)) }
}

func withInput[I xrpc.Body, O any](method func(context.Context, I) (O, error)) xrpc.InvokeFunc {
	return func(ctx context.Context, call *xrpc.Call) (any, error) { return method(ctx, call.Input.(I)) }
}

func withBoth[P xrpc.Params, I xrpc.Body, O any](method func(context.Context, P, I) (O, error)) xrpc.InvokeFunc {
	return func(ctx context.Context, call *xrpc.Call) (any, error) {
		return method(ctx, call.Params.(P), call.Input.(I))
	}
}

// authenticate knows the token "good", and whoAmI needs one. The token "sealed" is known too, but
// must not be used.
func authenticate(r *http.Request, endpoint *xrpc.Endpoint) (any, error) {
	switch r.Header.Get("Authorization") {
	case "":
		if endpoint.NSID == "com.example.note.whoAmI" {
			return nil, &xrpc.Error{Status: http.StatusUnauthorized, Name: errAuthMissing, Message: "Authentication Required"}
		}
		return nil, nil
	case "Bearer good":
		return "alice", nil
	case "Bearer sealed":
		return "mallory", xrpc.NewError(http.StatusForbidden)
	default:
		return nil, errInvalidToken.New("Token could not be verified")
	}
}

// admit does not let alice save a note that says "spam".
func admit(_ context.Context, call *xrpc.Call) error {
	if input, ok := call.Input.(*note); ok && call.Caller == "alice" && input.Text == "spam" {
		return xrpc.NewError(http.StatusTooManyRequests)
	}
	return nil
}

// A journal is a logger's memory. It may be used by several goroutines at once.
type journal struct {
	mu    sync.Mutex
	lines bytes.Buffer
}

// Write implements [io.Writer].
func (j *journal) Write(line []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.lines.Write(line)
}

// take returns what was logged since the last call.
func (j *journal) take() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	defer j.lines.Reset()
	return j.lines.String()
}

func (j *journal) logger() *slog.Logger {
	return slog.New(slog.NewTextHandler(j, nil))
}

// A host is a server that the matrix is run against.
type host struct {
	name string
	addr string
	log  *journal
}

// mounts are the ways of serving a handler that must make no difference.
var mounts = []struct {
	name  string
	mount func(*xrpc.Handler) http.Handler
}{
	{"net/http", func(h *xrpc.Handler) http.Handler { return h }},
	{"echo", func(h *xrpc.Handler) http.Handler {
		e := echo.New()
		e.HTTPErrorHandler = xrpcecho.HandleError
		xrpcecho.Mount(e, h)
		return e
	}},
}

// hosts returns servers of the same handler, mounted in every way.
func hosts(t *testing.T, endpoints []xrpc.Endpoint, options ...xrpc.Option) []host {
	t.Helper()
	var list []host
	for _, m := range mounts {
		logged := new(journal)
		handler := xrpc.NewHandler(endpoints, append([]xrpc.Option{xrpc.WithLogger(logged.logger())}, options...)...)
		server := httptest.NewServer(m.mount(handler))
		t.Cleanup(server.Close)
		list = append(list, host{m.name, strings.TrimPrefix(server.URL, "http://"), logged})
	}
	return list
}

// serviceHosts returns servers of the service under test.
func serviceHosts(t *testing.T) []host {
	t.Helper()
	return hosts(t, endpoints(), xrpc.WithAuthenticator(authenticate), xrpc.WithAdmission(admit), xrpc.WithHealth("1.2.3", nil))
}
