package xrpc_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/lexgen-go/lexgen/runtime/lexjson"
	"github.com/lexgen-go/lexgen/runtime/xrpc"
)

func TestClientError(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, body string
		status     int
		want       string
	}{
		{"name and message", `{"error":"HandleTaken","message":"it is taken"}`, 400, "xrpc: 400 HandleTaken: it is taken"},
		{"name only", `{"error":"HandleTaken"}`, 409, "xrpc: 409 HandleTaken"},
		{"unknown members", `{"code":1,"error":"HandleTaken","message":"m","details":{"x":[]}}`, 400, "xrpc: 400 HandleTaken: m"},
		{"message of another type", `{"error":"HandleTaken","message":{"text":"m"}}`, 400, "xrpc: 400 HandleTaken"},
		{"name of another type", `{"error":{"code":7},"message":"m"}`, 400, "xrpc: 400 InvalidRequest"},
		{"no name", `{"message":"m"}`, 403, "xrpc: 403 Forbidden"},
		{"empty name", `{"error":""}`, 404, "xrpc: 404 XRPCNotSupported"},
		{"empty", "", 401, "xrpc: 401 AuthenticationRequired"},
		{"HTML", "<html>Bad gateway</html>", 502, "xrpc: 502 UpstreamFailure"},
		{"array", "[]", 429, "xrpc: 429 RateLimitExceeded"},
		{"truncated", `{"error":"HandleTaken"`, 503, "xrpc: 503 NotEnoughResources"},
		{"own 500", `{"error":"InternalServerError","message":"Internal Server Error"}`, 500, "xrpc: 500 InternalServerError: Internal Server Error"},
		{"unlisted 4xx", "", 418, "xrpc: 418 InvalidRequest"},
		{"unlisted 5xx", "", 522, "xrpc: 522 UpstreamFailure"},
		{"beyond 5xx", "", 999, "xrpc: 999 UpstreamFailure"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			for _, contentType := range []string{mediaJSON, "text/html", ""} {
				err := client(test.status, typed(contentType), test.body).
					Do(t.Context(), &xrpc.Request{NSID: "com.example.test", Kind: xrpc.Query, Output: new(page)})
				var got *xrpc.Error
				if !errors.As(err, &got) {
					t.Fatalf("error is %v, want an *xrpc.Error", err)
				}
				if got.Error() != test.want || got.Status != test.status {
					t.Errorf("error is %v, want %v", got, test.want)
				}
				if errors.Is(err, errTaken) != strings.Contains(test.want, "HandleTaken") {
					t.Errorf("errors.Is(%v, errTaken) is %t", err, errors.Is(err, errTaken))
				}
			}
		})
	}
}

func TestClientErrorHeader(t *testing.T) {
	t.Parallel()
	err := client(429, http.Header{"Retry-After": {"7"}}, "").Do(t.Context(), &xrpc.Request{Kind: xrpc.Query})
	var got *xrpc.Error
	if !errors.As(err, &got) || got.Header.Get("Retry-After") != "7" {
		t.Errorf("error is %#v, want one with the header Retry-After", err)
	}
}

// TestClientMisuse is about requests that cannot be made. None is sent.
func TestClientMisuse(t *testing.T) {
	t.Parallel()
	unreachable := &xrpc.Client{Host: "https://example.com", HTTP: &http.Client{Transport: transport(func(*http.Request) (*http.Response, error) {
		panic("a request is sent")
	})}}
	for _, test := range []struct {
		name   string
		client *xrpc.Client
		input  xrpc.Body
		want   string
	}{
		{"nil client", nil, nil, "com.example.test: the client has no host"},
		{"no host", new(xrpc.Client), nil, "com.example.test: the client has no host"},
		{"nil input", unreachable, (*note)(nil), "com.example.test: the input is a nil pointer"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			err := test.client.Do(t.Context(), &xrpc.Request{NSID: "com.example.test", Kind: xrpc.Procedure, Input: test.input})
			if err == nil || err.Error() != test.want {
				t.Errorf("error is %v, want %s", err, test.want)
			}
		})
	}
}

// unwritable is a body that cannot be written.
type unwritable struct{ page }

func (*unwritable) EncodeJSON(w *lexjson.Writer) { w.String("\xff") }

func TestClientFailure(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken")
	failing := &xrpc.Client{Host: "https://example.com", HTTP: &http.Client{Transport: transport(func(*http.Request) (*http.Response, error) {
		return nil, broken
	})}}
	if err := failing.Do(t.Context(), &xrpc.Request{Kind: xrpc.Query}); !errors.Is(err, broken) {
		t.Errorf("transport: error is %v, want %v", err, broken)
	}
	ending := &xrpc.Client{Host: "https://example.com", HTTP: &http.Client{Transport: transport(func(*http.Request) (*http.Response, error) {
		body := io.MultiReader(strings.NewReader(`{"te`), errorReader{broken})
		return &http.Response{StatusCode: 200, Header: typed(mediaJSON), Body: io.NopCloser(body)}, nil
	})}}
	if err := ending.Do(t.Context(), &xrpc.Request{Kind: xrpc.Query, Output: new(page)}); !errors.Is(err, broken) {
		t.Errorf("body: error is %v, want %v", err, broken)
	}
	if err := (&xrpc.Client{Host: "::"}).Do(t.Context(), &xrpc.Request{Kind: xrpc.Query}); err == nil {
		t.Error("host: no error")
	}
	if err := failing.Do(t.Context(), &xrpc.Request{Kind: xrpc.Procedure, Input: new(unwritable)}); err == nil || errors.Is(err, broken) {
		t.Errorf("input: error is %v, want one before the request is sent", err)
	}
}

// errorReader is a reader that fails.
type errorReader struct{ err error }

// Read implements [io.Reader].
func (r errorReader) Read([]byte) (int, error) { return 0, r.err }

func TestClientCancel(t *testing.T) {
	t.Parallel()
	entered, release := make(chan struct{}), make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		close(entered)
		<-release
	}))
	defer server.Close()
	defer close(release)
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		<-entered
		cancel()
	}()
	err := (&xrpc.Client{Host: server.URL}).Do(ctx, &xrpc.Request{NSID: "com.example.test", Kind: xrpc.Query})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("error is %v, want context.Canceled", err)
	}
}
