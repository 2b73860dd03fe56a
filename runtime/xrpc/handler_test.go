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
	return []xrpc.Endpoint{{NSID: "com.example.test", Kind: xrpc.Query, Invoke: func(ctx context.Context, _ *xrpc.Call) (any, error) {
		return nil, method(ctx)
	}}}
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
		{"chosen 500", xrpc.ErrInternalServerError.New("secret message"), "secret message"},
		{"name of 500", fmt.Errorf("secret wrapping: %w", xrpc.ErrInternalServerError), "secret wrapping"},
		{"cause of 500", &xrpc.Error{Status: 500, Cause: errors.New("secret cause")}, "secret cause"},
		{"upstream", xrpc.NewError(http.StatusBadGateway), ""},
		{"cause of upstream", &xrpc.Error{Status: http.StatusBadGateway, Cause: errors.New("secret cause")}, "secret cause"},
		{"status out of range", &xrpc.Error{Status: 99, Name: "Odd"}, "Odd"},
		{"not implemented", xrpc.Unimplemented(), ""},
		{"name of upstream", xrpc.ErrUpstreamFailure, ""},
		{"declared", errTaken, ""},
		{"cause of the client's fault", &xrpc.Error{Name: errTaken, Cause: errors.New("secret cause")}, ""},
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
