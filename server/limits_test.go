package main

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"github.com/lexgen-go/lexgen/generated/comatproto"
	"github.com/lexgen-go/lexgen/runtime/xrpc"
)

// A visitor asks a handler from one address, without a network between them.
type visitor struct {
	handler http.Handler
	address string // and the port
	header  http.Header
}

// visit asks for a path and returns the answer.
func (v visitor) visit(path string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodGet, path, http.NoBody)
	r.RemoteAddr = v.address
	for name, values := range v.header {
		r.Header[name] = values
	}
	w := httptest.NewRecorder()
	v.handler.ServeHTTP(w, r)
	return w
}

// exhaust asks until one more request would be too many.
func (v visitor) exhaust(t *testing.T) {
	t.Helper()
	for i := range requestsPerWindow {
		if got := v.visit("/").Code; got != http.StatusNotFound {
			t.Fatalf("request %d: got %d", i+1, got)
		}
	}
}

// newLimited returns the handler of a server, to which visitors talk directly.
func newLimited(t *testing.T, args ...string) http.Handler {
	t.Helper()
	s := startServer(t, t.TempDir(), append([]string{"--log-level", "error"}, args...)...)
	return s.servers[0].Handler
}

// Who asks too often is told when to come back. The health check is for everybody at all times.
func TestGlobalLimit(t *testing.T) {
	t.Parallel()
	handler := newLimited(t)
	client := visitor{handler: handler, address: "192.0.2.1:1000"}
	first := client.visit("/")
	for name, want := range map[string]string{
		"RateLimit-Limit": "3000", "RateLimit-Remaining": "2999", "RateLimit-Policy": "3000;w=300", "Retry-After": "",
	} {
		if got := first.Header().Get(name); got != want {
			t.Errorf("%s of the first answer: got %q, want %q", name, got, want)
		}
	}
	for range requestsPerWindow - 1 {
		client.visit("/")
	}
	for _, path := range []string{"/", xrpc.PathPrefix + comatproto.ServerDescribeServerNSID, "/.well-known/atproto-did", directoryPath + "/_health"} {
		refused := client.visit(path)
		if got, want := refused.Body.String(), `{"error":"RateLimitExceeded","message":"Rate Limit Exceeded"}`; refused.Code != 429 || got != want {
			t.Errorf("%s: got %d %s, want 429 %s", path, refused.Code, got, want)
		}
		if after, err := strconv.Atoi(refused.Header().Get("Retry-After")); err != nil || after < 1 || after > 300 {
			t.Errorf("%s: got Retry-After %d, %v", path, after, err)
		}
		if refused.Header().Get("Access-Control-Allow-Origin") != "*" || refused.Header().Get("Access-Control-Expose-Headers") == "" || refused.Header().Get("RateLimit-Remaining") != "0" {
			t.Errorf("%s: got %v", path, refused.Header())
		}
	}
	if got := client.visit(healthPath).Code; got != http.StatusOK {
		t.Errorf("health check: got %d", got)
	}
	other := visitor{handler: handler, address: "192.0.2.2:1000"}
	if got := other.visit("/").Code; got != http.StatusNotFound {
		t.Errorf("another client: got %d", got)
	}
	// An endpoint with a limit of its own tells of that.
	limited := other.visit(xrpc.PathPrefix + comatproto.TempCheckHandleAvailabilityNSID + "?handle=alice.test")
	if got := limited.Header().Values("RateLimit-Limit"); len(got) != 1 || got[0] != "60" {
		t.Errorf("RateLimit-Limit of an endpoint: got %q (%d)", got, limited.Code)
	}
}

// Addresses that one client has are one client.
func TestGlobalLimitOfNetworks(t *testing.T) {
	t.Parallel()
	handler := newLimited(t)
	visitor{handler: handler, address: "[2001:db8:1:2::1]:1000"}.exhaust(t)
	for address, want := range map[string]int{
		"[2001:db8:1:2::1]:2000":         429,
		"[2001:db8:1:2:ffff:1:2:3]:1000": 429,
		"[2001:db8:1:3::1]:1000":         404,
		"192.0.2.1:1000":                 404,
	} {
		if got := (visitor{handler: handler, address: address}).visit("/").Code; got != want {
			t.Errorf("%s: got %d, want %d", address, got, want)
		}
	}
}

// Who stands behind a proxy counts alone if the proxy is trusted, and only then.
func TestGlobalLimitBehindProxies(t *testing.T) {
	t.Parallel()
	behind := func(handler http.Handler, client string) visitor {
		return visitor{handler: handler, address: "10.0.0.1:1000", header: http.Header{"X-Forwarded-For": {client}}}
	}
	handler := newLimited(t, "--trusted-proxies", "10.0.0.0/8")
	behind(handler, "192.0.2.1").exhaust(t)
	for client, want := range map[string]int{"192.0.2.1": 429, "198.51.100.1, 192.0.2.1": 429, "192.0.2.2": 404} {
		if got := behind(handler, client).visit("/").Code; got != want {
			t.Errorf("trusted proxy, client %s: got %d, want %d", client, got, want)
		}
	}
	liar := visitor{handler: handler, address: "192.0.2.1:1000", header: http.Header{"X-Forwarded-For": {"192.0.2.9"}}}
	if got := liar.visit("/").Code; got != 429 {
		t.Errorf("header of a client that is no proxy: got %d, want 429", got)
	}
}

// A server without limits refuses nobody.
func TestNoGlobalLimit(t *testing.T) {
	t.Parallel()
	client := visitor{handler: newLimited(t, "--rate-limits=false"), address: "192.0.2.1:1000"}
	client.exhaust(t)
	if last := client.visit("/"); last.Code != http.StatusNotFound || last.Header().Get("RateLimit-Limit") != "" {
		t.Errorf("got %d %v", last.Code, last.Header())
	}
}

// Whoever knows the secret of the operator is not limited. It is in no log.
func TestBypass(t *testing.T) {
	t.Parallel()
	const secret = "a-secret-of-the-operator"
	s := startServerIn(t, t.TempDir(), map[string]string{"LEXGEN_RATE_LIMIT_BYPASS": secret}, "--log-level", "debug")
	client := func(sent string) visitor {
		header := http.Header{}
		header.Set("x-ratelimit-bypass", sent)
		return visitor{handler: s.servers[0].Handler, address: "192.0.2.1:1000", header: header}
	}
	for range 2 {
		if got := client(secret).visit("/"); got.Code != http.StatusNotFound || got.Header().Get("RateLimit-Limit") != "" {
			t.Errorf("with the secret: got %d %v", got.Code, got.Header())
		}
	}
	client("").exhaust(t) // of which nothing is used up so far
	for sent, want := range map[string]int{secret: 404, secret + "x": 429, "": 429} {
		if got := client(sent).visit("/").Code; got != want {
			t.Errorf("with %q, when the limit is used up: got %d, want %d", sent, got, want)
		}
	}
	path := xrpc.PathPrefix + comatproto.TempCheckHandleAvailabilityNSID + "?handle=alice.test"
	for i := range 61 {
		if got := client(secret).visit(path); got.Code != http.StatusOK || got.Header().Get("RateLimit-Limit") != "" {
			t.Fatalf("call %d with the secret: got %d %v", i+1, got.Code, got.Header())
		}
	}
	if strings.Contains(s.log.String(), secret) {
		t.Error("the log holds the secret")
	}
}

// Whoever has to wait because of failures is not told that requests are left.
func TestFailuresLeaveNoRequests(t *testing.T) {
	t.Parallel()
	handler := newLimited(t)
	tests := []struct {
		name      string
		request   func() *http.Request
		remaining string
	}{
		{"login", func() *http.Request {
			body := strings.NewReader(`{"identifier":"nobody.test","password":"wrong"}`)
			r := httptest.NewRequest(http.MethodPost, xrpc.PathPrefix+comatproto.ServerCreateSessionNSID, body)
			r.Header.Set("Content-Type", "application/json")
			return r
		}, "0"},
		{"administrator", func() *http.Request {
			r := httptest.NewRequest(http.MethodGet, xrpc.PathPrefix+comatproto.AdminGetInviteCodesNSID, http.NoBody)
			r.SetBasicAuth("admin", "wrong")
			return r
		}, ""},
	}
	for _, test := range tests {
		refused := 0
		for range 2 * freeFailures {
			w := httptest.NewRecorder()
			handler.ServeHTTP(w, test.request())
			if w.Code != http.StatusTooManyRequests {
				continue
			}
			refused++
			if got := w.Header().Get("RateLimit-Remaining"); got != test.remaining || w.Header().Get("Retry-After") == "" {
				t.Errorf("%s: got %v, want Retry-After and %q requests left", test.name, w.Header(), test.remaining)
			}
		}
		if refused == 0 {
			t.Errorf("%s: none of %d guesses has to wait", test.name, 2*freeFailures)
		}
	}
}

// Who guesses passwords has to wait, unless there are no limits.
func TestGuessing(t *testing.T) {
	t.Parallel()
	for flag, waits := range map[string]bool{"--rate-limits=true": true, "--rate-limits=false": false} {
		t.Run(flag, func(t *testing.T) {
			t.Parallel()
			url, _, _ := startProgram(t, t.TempDir(), flag)
			guess := &comatproto.ServerCreateSessionInput{Identifier: "nobody.test", Password: "wrong"}
			refused := 0
			for range 2 * freeFailures {
				_, err := client(url, "").CreateSession(t.Context(), guess)
				switch {
				case errors.Is(err, xrpc.ErrRateLimitExceeded):
					refused++
				case !errors.Is(err, xrpc.ErrAuthenticationRequired):
					t.Errorf("got %v", err)
				}
			}
			if refused > 0 != waits {
				t.Errorf("got %d of %d refused because of too many failures", refused, 2*freeFailures)
			}
		})
	}
}

// Who guesses the administrator's password behind a proxy keeps out himself, and not the administrator.
func TestGuessingBehindProxies(t *testing.T) {
	t.Parallel()
	handler := newLimited(t, "--trusted-proxies", "10.0.0.0/8")
	ask := func(client, password string) int {
		r := httptest.NewRequest(http.MethodGet, xrpc.PathPrefix+comatproto.AdminGetInviteCodesNSID, http.NoBody)
		r.SetBasicAuth("admin", password)
		v := visitor{handler: handler, address: "10.0.0.1:1000", header: r.Header}
		v.header.Set("X-Forwarded-For", client)
		return v.visit(r.URL.Path).Code
	}
	refused := 0
	for range 2 * freeFailures {
		if ask("192.0.2.1", "wrong") == http.StatusTooManyRequests {
			refused++
		}
	}
	if refused == 0 {
		t.Errorf("none of %d guesses was refused because of too many failures", 2*freeFailures)
	}
	if got := ask("192.0.2.2", adminPassword); got != http.StatusOK {
		t.Errorf("the administrator from elsewhere: got %d", got)
	}
}
