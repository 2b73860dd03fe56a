package xrpc_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/lexgen-go/lexgen/runtime/xrpc"
)

// serve lets a handler of the endpoints answer a request without a network.
func serve(r *http.Request, endpoints []xrpc.Endpoint, options ...xrpc.Option) *httptest.ResponseRecorder {
	recorder := httptest.NewRecorder()
	xrpc.NewHandler(endpoints, options...).ServeHTTP(recorder, r)
	return recorder
}

// one returns the only endpoint, a query without parameters and output.
func one(method func(context.Context) error) []xrpc.Endpoint {
	return []xrpc.Endpoint{{NSID: "com.example.test", Kind: xrpc.Query, Bind: xrpc.BindNoOutput(method)}}
}

func get(target string) *http.Request {
	return httptest.NewRequest(http.MethodGet, target, nil)
}

func TestUnhealthy(t *testing.T) {
	t.Parallel()
	list := hosts(t, nil, xrpc.WithHealth("1.2.3", func(context.Context) error { return errors.New("disk is full") }))
	want := expect(http.StatusServiceUnavailable, `{"version":"1.2.3","error":"Service Unavailable"}`,
		"Content-Type: application/json; charset=utf-8")
	t.Run("requests", func(t *testing.T) {
		run(t, list, []row{
			{"GET", request("GET /xrpc/_health"), want},
			{"HEAD", request("HEAD /xrpc/_health"), head(want)},
		})
	})
	for _, host := range list {
		if got := host.log.take(); strings.Count(got, "disk is full") != 2 {
			t.Errorf("%s: log is %q, want the reason for each request", host.name, got)
		}
	}
}

func TestHealthByDefault(t *testing.T) {
	t.Parallel()
	got := serve(get("/xrpc/_health"), nil)
	if got.Code != http.StatusOK || got.Body.String() != `{"version":""}` {
		t.Errorf("got %d %s", got.Code, got.Body)
	}
}

func TestLog(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name string
		err  error
		want string // the text that is logged once; empty if there is to be none
	}{
		{"internal", errors.New("secret text"), "secret text"},
		{"cause of 500", &xrpc.Error{Status: 500, Cause: errors.New("secret cause")}, "secret cause"},
		{"upstream", xrpc.NewError(http.StatusBadGateway), "UpstreamFailure"},
		{"status out of range", &xrpc.Error{Status: 99, Name: "Odd"}, "Odd"},
		{"not implemented", xrpc.Unimplemented(), ""},
		{"declared", errTaken, ""},
		{"timeout", fmt.Errorf("read store: %w", context.DeadlineExceeded), "read store"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			logged := new(journal)
			endpoints := one(func(context.Context) error { return test.err })
			got := serve(get("/xrpc/com.example.test?token=secretToken"), endpoints, xrpc.WithLogger(logged.logger()))
			lines := logged.take()
			if n := strings.Count(lines, "\n"); (test.want != "") != (n == 1) || n > 1 || !strings.Contains(lines, test.want) {
				t.Errorf("log is %q, want %q", lines, test.want)
			}
			if test.want != "" && strings.Contains(got.Body.String(), "secret") || strings.Contains(lines, "secretToken") {
				t.Errorf("a secret is in %q or %q", got.Body, lines)
			}
		})
	}
}

// TestClientGone is about a client that does not wait: the service is told, and it is nobody's fault.
func TestClientGone(t *testing.T) {
	t.Parallel()
	entered, done := make(chan struct{}), make(chan error, 1)
	endpoints := one(func(ctx context.Context) error {
		close(entered)
		<-ctx.Done()
		done <- ctx.Err()
		return ctx.Err()
	})
	logged := new(journal)
	handled := make(chan struct{})
	handler := xrpc.NewHandler(endpoints, xrpc.WithLogger(logged.logger()))
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer close(handled)
		handler.ServeHTTP(w, r)
	}))
	defer server.Close()
	conn, err := net.Dial("tcp", strings.TrimPrefix(server.URL, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	io.WriteString(conn, request("GET /xrpc/com.example.test"))
	<-entered
	conn.Close()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Errorf("context ends with %v, want context.Canceled", err)
	}
	<-handled
	if got := logged.take(); got != "" {
		t.Errorf("log is %q, want none", got)
	}
}

// TestDeadline is about a host that gives up: that is the server's fault, and is logged.
func TestDeadline(t *testing.T) {
	t.Parallel()
	logged := new(journal)
	ctx, cancel := context.WithDeadline(t.Context(), time.Unix(0, 0))
	defer cancel()
	endpoints := one(func(ctx context.Context) error { return ctx.Err() })
	got := serve(get("/xrpc/com.example.test").WithContext(ctx), endpoints, xrpc.WithLogger(logged.logger()))
	if got.Code != http.StatusInternalServerError {
		t.Errorf("status is %d, want 500", got.Code)
	}
	if lines := logged.take(); !strings.Contains(lines, "deadline exceeded") {
		t.Errorf("log is %q, want the reason", lines)
	}
}

// TestOrder is about the steps of a call: each sees what those before it have found out.
func TestOrder(t *testing.T) {
	t.Parallel()
	var steps []string
	step := func(name string, call *xrpc.Call) {
		steps = append(steps, fmt.Sprintf("%s %v %v %v", name, call.Params.(*search).Text, call.Caller, call.Input.(*note).Text))
	}
	intercept := func(name string) xrpc.Option {
		return xrpc.WithInterceptor(func(next xrpc.Invoke) xrpc.Invoke {
			return func(ctx context.Context, call *xrpc.Call) (xrpc.Output, error) {
				step(name+" in", call)
				output, err := next(ctx, call)
				step(name+" out", call)
				return output, err
			}
		})
	}
	endpoints := []xrpc.Endpoint{{
		NSID: "com.example.test", Kind: xrpc.Procedure, Input: mediaJSON, Output: mediaJSON,
		Bind: xrpc.BindParamsInput(func(ctx context.Context, _ *search, input *note) (*note, error) {
			step("service", xrpc.CallFrom(ctx))
			return input, nil
		}),
	}}
	r := httptest.NewRequest(http.MethodPost, "/xrpc/com.example.test?text=query", strings.NewReader(`{"text":"body"}`))
	r.Header.Set("Content-Type", mediaJSON)
	serve(r, endpoints, intercept("outer"), intercept("inner"),
		xrpc.WithAdmission(func(ctx context.Context, call *xrpc.Call) error {
			step("admit", xrpc.CallFrom(ctx))
			return nil
		}),
		xrpc.WithAuthenticator(func(ctx context.Context, endpoint *xrpc.Endpoint, _ http.Header) (any, error) {
			step("authenticate "+endpoint.NSID, xrpc.CallFrom(ctx))
			return "alice", nil
		}))
	want := []string{
		"authenticate com.example.test query <nil> ", "admit query alice body",
		"outer in query alice body", "inner in query alice body", "service query alice body",
		"inner out query alice body", "outer out query alice body",
	}
	if !slices.Equal(steps, want) {
		t.Errorf("steps are %q, want %q", steps, want)
	}
}

// TestInterceptorAnswers is about interceptors that do not call the service.
func TestInterceptorAnswers(t *testing.T) {
	t.Parallel()
	unreachable := func(context.Context) (*page, error) { panic("the service is called") }
	for _, test := range []struct {
		name   string
		output string
		answer xrpc.Output
		err    error
		want   string
	}{
		{"output", mediaJSON, &page{"cached"}, nil, `200 {"text":"cached"}`},
		{"error", mediaJSON, nil, errTaken, `400 {"error":"HandleTaken"}`},
		{"none where one is declared", mediaJSON, nil, nil, `500 {"error":"InternalServerError","message":"Internal Server Error"}`},
		{"one where none is declared", "", &page{"stray"}, nil, `500 {"error":"InternalServerError","message":"Internal Server Error"}`},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			endpoints := []xrpc.Endpoint{{NSID: "com.example.test", Kind: xrpc.Query, Output: test.output, Bind: xrpc.Bind(unreachable)}}
			got := serve(get("/xrpc/com.example.test"), endpoints, xrpc.WithLogger(new(journal).logger()),
				xrpc.WithInterceptor(func(xrpc.Invoke) xrpc.Invoke {
					return func(context.Context, *xrpc.Call) (xrpc.Output, error) { return test.answer, test.err }
				}))
			if text := fmt.Sprintf("%d %s", got.Code, got.Body); text != test.want {
				t.Errorf("got %s, want %s", text, test.want)
			}
		})
	}
}

func TestPanics(t *testing.T) {
	t.Parallel()
	for name, f := range map[string]func(){
		"duplicate endpoint": func() { xrpc.NewHandler(append(one(nothing), one(nothing)...)) },
		"duplicate endpoint in other case": func() {
			xrpc.NewHandler([]xrpc.Endpoint{{NSID: "com.example.test"}, {NSID: "COM.example.test"}})
		},
		"context of no call": func() { xrpc.CallFrom(context.Background()) },
		"neither output nor error": func() {
			bind := xrpc.Bind(func(context.Context) (*page, error) { return nil, nil })
			serve(get("/xrpc/com.example.test"), []xrpc.Endpoint{{NSID: "com.example.test", Kind: xrpc.Query, Output: mediaJSON, Bind: bind}})
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			defer func() {
				if recover() == nil {
					t.Error("no panic")
				}
			}()
			f()
		})
	}
}

func TestClientAddr(t *testing.T) {
	t.Parallel()
	proxied := xrpc.WithClientAddr(func(r *http.Request) netip.Addr {
		return netip.MustParseAddr(r.Header.Get("X-Real-IP"))
	})
	for _, test := range []struct {
		name, remote string
		options      []xrpc.Option
		want         netip.Addr
	}{
		{"IPv4", "192.0.2.7:1234", nil, netip.MustParseAddr("192.0.2.7")},
		{"IPv6", "[2001:db8::7]:1234", nil, netip.MustParseAddr("2001:db8::7")},
		{"IPv4 in IPv6", "[::ffff:192.0.2.7]:1234", nil, netip.MustParseAddr("192.0.2.7")},
		{"unknown", "@", nil, netip.Addr{}},
		{"proxy", "192.0.2.7:1234", []xrpc.Option{proxied}, netip.MustParseAddr("198.51.100.1")},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var got netip.Addr
			r := get("/xrpc/com.example.test")
			r.RemoteAddr = test.remote
			r.Header.Set("X-Real-IP", "198.51.100.1")
			serve(r, one(func(ctx context.Context) error {
				got = xrpc.CallFrom(ctx).ClientAddr
				return nil
			}), test.options...)
			if got != test.want {
				t.Errorf("address is %v, want %v", got, test.want)
			}
		})
	}
}

func TestNewContext(t *testing.T) {
	t.Parallel()
	call := &xrpc.Call{Caller: "alice"}
	if got := xrpc.CallFrom(xrpc.NewContext(t.Context(), call)); got != call {
		t.Errorf("got %v, want %v", got, call)
	}
}

// TestBodyOptions is about the limit that a host sets, here or around the handler, and about
// encodings of its own.
func TestBodyOptions(t *testing.T) {
	t.Parallel()
	reverse := xrpc.WithContentEncoding("reverse", func(r io.Reader) (io.Reader, error) {
		data, err := io.ReadAll(r)
		slices.Reverse(data)
		return strings.NewReader(string(data)), err
	})
	const body = `{"name":"a"}`
	for _, test := range []struct {
		name, encoding string
		outer          int64 // the host's own limit
		option         xrpc.Option
		want           int
	}{
		{"at the limit", "", 100, xrpc.WithMaxBody(12), http.StatusOK},
		{"above the limit", "", 100, xrpc.WithMaxBody(11), http.StatusRequestEntityTooLarge},
		{"above the host's limit", "", 11, xrpc.WithMaxBody(100), http.StatusRequestEntityTooLarge},
		{"encoding", "Reverse", 100, reverse, http.StatusOK},
		{"encoding that meets the host's limit", "reverse", 11, reverse, http.StatusRequestEntityTooLarge},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			text := []byte(body)
			if test.encoding != "" {
				slices.Reverse(text)
			}
			r := httptest.NewRequest(http.MethodPost, "/xrpc/com.example.note.store", strings.NewReader(string(text)))
			r.Header.Set("Content-Type", mediaJSON)
			r.Header.Set("Content-Encoding", test.encoding)
			r.ContentLength = -1
			r.Body = http.MaxBytesReader(nil, r.Body, test.outer)
			if got := serve(r, endpoints(), test.option); got.Code != test.want {
				t.Errorf("got %d %s, want %d", got.Code, got.Body, test.want)
			}
		})
	}
}

// TestBodyError is about a host that has its own answer to a body that cannot be read.
func TestBodyError(t *testing.T) {
	t.Parallel()
	r := httptest.NewRequest(http.MethodPost, "/xrpc/com.example.note.store", errorReader{xrpc.NewError(http.StatusForbidden)})
	r.Header.Set("Content-Type", mediaJSON)
	if got := serve(r, endpoints()); got.Code != http.StatusForbidden {
		t.Errorf("got %d %s, want 403", got.Code, got.Body)
	}
}

// TestCompressionElsewhere is about middleware that compresses responses itself.
func TestCompressionElsewhere(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"Vary", "Content-Encoding"} {
		recorder := httptest.NewRecorder()
		recorder.Header().Set(name, map[string]string{"Vary": "Origin, accept-encoding", "Content-Encoding": "br"}[name])
		r := get("/xrpc/com.example.note.answer?text=" + url.QueryEscape("big 5000"))
		r.Header.Set("Accept-Encoding", "gzip")
		xrpc.NewHandler(endpoints()).ServeHTTP(recorder, r)
		if recorder.Body.Len() != 5000 {
			t.Errorf("%s: body has %d bytes, want 5000", name, recorder.Body.Len())
		}
	}
}

// TestStripPrefix is about a host that serves XRPC below another path.
func TestStripPrefix(t *testing.T) {
	t.Parallel()
	handler := http.StripPrefix("/api", xrpc.NewHandler(endpoints()))
	for _, path := range []string{"/api/xrpc/com.example.note.ping", "/api/xrpc/com%2Eexample.note.ping"} {
		recorder := httptest.NewRecorder()
		handler.ServeHTTP(recorder, get(path))
		if recorder.Code != http.StatusOK {
			t.Errorf("%s: got %d, want 200", path, recorder.Code)
		}
	}
}
