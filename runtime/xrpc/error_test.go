package xrpc_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/lexgen-go/lexgen/runtime/xrpc"
)

// TestErrorNameStatus is about the status that goes with a name.
func TestErrorNameStatus(t *testing.T) {
	t.Parallel()
	for name, want := range map[xrpc.ErrorName]int{
		xrpc.ErrInvalidRequest:         400,
		xrpc.ErrAuthenticationRequired: 401,
		xrpc.ErrForbidden:              403,
		xrpc.ErrXRPCNotSupported:       404,
		xrpc.ErrNotAcceptable:          406,
		xrpc.ErrPayloadTooLarge:        413,
		xrpc.ErrUnsupportedMediaType:   415,
		xrpc.ErrRateLimitExceeded:      429,
		xrpc.ErrInternalServerError:    500,
		xrpc.ErrMethodNotImplemented:   501,
		xrpc.ErrUpstreamFailure:        502,
		xrpc.ErrNotEnoughResources:     503,
		xrpc.ErrUpstreamTimeout:        504,
		errTaken:                       400,
		"":                             400,
	} {
		got := name.New("why")
		if got.Status != want || got.Name != name || got.Message != "why" {
			t.Errorf("%q: got %v, want status %d", name, got, want)
		}
		if got := xrpc.NewError(want); name != errTaken && name != "" && got.Name != name {
			t.Errorf("%d: got %v, want the name %s", want, got, name)
		}
	}
}

func TestErrorWithStatus(t *testing.T) {
	t.Parallel()
	cause := errors.New("cause")
	err := &xrpc.Error{Status: 400, Name: errTaken, Message: "m", Header: http.Header{"A": {"1"}}, Cause: cause}
	got := err.WithStatus(409)
	if text := got.Error(); text != "xrpc: 409 HandleTaken: m: cause" || got.Header.Get("A") != "1" || !errors.Is(got, cause) {
		t.Errorf("got %v, headers %v, want the same with status 409", got, got.Header)
	}
	if err.Status != 400 {
		t.Errorf("the status of the original is %d, want 400", err.Status)
	}
}

// TestErrorAs is about finding the name in an error.
func TestErrorAs(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name string
		err  error
		want xrpc.ErrorName // empty if there is none
	}{
		{"error", errTaken.New("m"), errTaken},
		{"name", errTaken, errTaken},
		{"wrapped error", fmt.Errorf("change handle: %w", errTaken.New("m")), errTaken},
		{"wrapped name", fmt.Errorf("change handle: %w", errTaken), errTaken},
		{"name before that of the cause", &xrpc.Error{Name: errTaken, Cause: errInvalidToken}, errTaken},
		{"name of the cause", &xrpc.Error{Status: 500, Cause: errInvalidToken}, errInvalidToken},
		{"no name", &xrpc.Error{Status: 500}, ""},
		{"another error", errors.New("HandleTaken"), ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var got xrpc.ErrorName
			if ok := errors.As(test.err, &got); ok != (test.want != "") || got != test.want {
				t.Errorf("got %q, %t, want %q", got, ok, test.want)
			}
			if test.want != "" && !errors.Is(test.err, test.want) {
				t.Errorf("errors.Is(%v, %s) is false", test.err, test.want)
			}
			if errors.Is(test.err, xrpc.ErrorName("Other")) {
				t.Errorf("errors.Is(%v, Other) is true", test.err)
			}
		})
	}
}

// TestPassedOn is about a service that returns the error of a call that it has made itself: what
// another server answered is not meant for its caller, unless the service says so.
func TestPassedOn(t *testing.T) {
	t.Parallel()
	const upstreamFailure = `502 {"error":"UpstreamFailure","message":"Upstream Failure"}`
	upstream := client(401, http.Header{
		"Set-Cookie": {"a=b"}, "Access-Control-Allow-Origin": {"*"}, "Www-Authenticate": {"Bearer"},
	}, `{"error":"AuthMissing","message":"secret"}`)
	for _, test := range []struct {
		name   string
		answer func(received error) error
		want   string
		logged bool
	}{
		{"as it is", func(err error) error { return err }, upstreamFailure, true},
		{"wrapped", func(err error) error { return fmt.Errorf("ask: %w", err) }, upstreamFailure, true},
		{"joined with a name", func(err error) error { return errors.Join(errTaken, err) }, upstreamFailure, true},
		{"wrapped with a name", func(err error) error { return fmt.Errorf("%w: %w", errTaken, err) }, upstreamFailure, true},
		{"unwrapped", func(err error) error { return unwrap(err) }, upstreamFailure, true},
		{"with another status", func(err error) error { return unwrap(err).WithStatus(400) }, upstreamFailure, true},
		{
			"cause of the service's answer", func(err error) error { return &xrpc.Error{Name: errTaken, Message: "m", Cause: err} },
			`400 {"error":"HandleTaken","message":"m"}`, false,
		},
		{
			"cause of the service's fault", func(err error) error { return &xrpc.Error{Status: 503, Name: "Busy", Cause: err} },
			`503 {"error":"Busy"}`, true,
		},
		{
			"translated", func(err error) error { return xrpc.NewError(unwrap(err).Status) },
			`401 {"error":"AuthenticationRequired","message":"Authentication Required"}`, false,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			logged := new(journal)
			got := serve(get("/xrpc/com.example.test"), one(func(ctx context.Context) error {
				return test.answer(upstream.Do(ctx, &xrpc.Request{NSID: "com.example.other", Kind: xrpc.Query}))
			}), xrpc.WithLogger(logged.logger()))
			if text := fmt.Sprintf("%d %s", got.Code, got.Body); text != test.want {
				t.Errorf("got %s, want %s", text, test.want)
			}
			if lines := logged.take(); strings.Contains(lines, "AuthMissing: secret") != test.logged || strings.Count(lines, "\n") > 1 {
				t.Errorf("log is %q, want the error: %t", lines, test.logged)
			}
			if cookies, origins := got.Header()["Set-Cookie"], got.Header()["Access-Control-Allow-Origin"]; cookies != nil || len(origins) != 1 {
				t.Errorf("headers of the other server are passed on: %v %v", cookies, origins)
			}
		})
	}
}

// unwrap returns the XRPC error within err.
func unwrap(err error) *xrpc.Error {
	var received *xrpc.Error
	errors.As(err, &received)
	return received
}

// TestWriteError is about errors that arise outside of a handler.
func TestWriteError(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, method string
		err          error
		want         response
	}{
		{"error", "GET", errTaken.New("m").WithStatus(409), failure(409, "HandleTaken", "m")},
		{"name", "POST", xrpc.ErrForbidden, failure(403, "Forbidden", "")},
		{
			"headers", "GET", &xrpc.Error{Name: xrpc.ErrRateLimitExceeded, Header: http.Header{"Retry-After": {"7"}}},
			failure(429, "RateLimitExceeded", "", "Retry-After: 7"),
		},
		{"challenge", "GET", xrpc.NewError(401), failure(401, "AuthenticationRequired", "Authentication Required",
			`WWW-Authenticate: Bearer realm="xrpc", error="AuthenticationRequired"`)},
		{
			"message as long as may be", "GET", errTaken.New(strings.Repeat("a", 2048)),
			failure(400, "HandleTaken", strings.Repeat("a", 2048), "Vary: Accept-Encoding"),
		},
		{
			"message that is too long", "GET", errTaken.New(strings.Repeat("é", 1025)),
			failure(400, "HandleTaken", strings.Repeat("é", 1022)+"…", "Vary: Accept-Encoding"),
		},
		{"any other", "GET", errors.New("secret"), failure(500, "InternalServerError", "Internal Server Error")},
		{"HEAD", "HEAD", errors.New("secret"), head(failure(500, "InternalServerError", "Internal Server Error"))},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			recorder := httptest.NewRecorder()
			xrpc.WriteError(recorder, httptest.NewRequest(test.method, "/elsewhere", nil), test.err)
			got := response{recorder.Code, map[string]string{}, recorder.Body.String()}
			for name, values := range recorder.Header() {
				got.header[name] = strings.Join(values, " | ")
			}
			compare(t, "recorder", got, test.want)
		})
	}
}
