package main

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"

	"github.com/lexgen-go/lexgen/generated/comatproto"
	"github.com/lexgen-go/lexgen/runtime/xrpc"
)

// Everything that is asked of the server is answered in one form, whether it is an endpoint or not.
func TestPaths(t *testing.T) {
	t.Parallel()
	url, _, _ := startProgram(t, t.TempDir())
	tests := []struct {
		verb, path string
		status     int
		want       string
	}{
		{"GET", "/", 404, `{"error":"XRPCNotSupported","message":"XRPC Not Supported"}`},
		{"GET", "/robots.txt", 404, `{"error":"XRPCNotSupported","message":"XRPC Not Supported"}`},
		{"POST", "/xrpc", 404, `{"error":"XRPCNotSupported","message":"XRPC Not Supported"}`},
		{"HEAD", "/", 404, ""},
		{"GET", "/xrpc/", 400, `{"error":"InvalidRequest","message":"invalid xrpc path"}`},
		{"GET", "/xrpc/app.bsky.feed.getTimeline", 501, `{"error":"MethodNotImplemented","message":"Method Not Implemented"}`},
		{"PURGE", "/xrpc/" + comatproto.ServerDescribeServerNSID, 400, `{"error":"InvalidRequest","message":"Incorrect HTTP method (PURGE) expected GET"}`},
		{"GET", "/xrpc/_health", 200, `{"version":"` + version() + `"}`},
		{"OPTIONS", "/xrpc/" + comatproto.ServerCreateSessionNSID, 204, ""},
	}
	for _, test := range tests {
		t.Run(test.verb+" "+test.path, func(t *testing.T) {
			t.Parallel()
			r, err := http.NewRequestWithContext(t.Context(), test.verb, url+test.path, http.NoBody)
			must(t, err)
			res, body := do(t, r)
			if res.StatusCode != test.status || body != test.want {
				t.Errorf("got %d %s\nwant %d %s", res.StatusCode, body, test.status, test.want)
			}
			if got := res.Header.Get("Access-Control-Allow-Origin"); got != "*" {
				t.Errorf("Access-Control-Allow-Origin: got %q", got)
			}
			if res.Header.Get("Access-Control-Allow-Credentials") != "" {
				t.Error("credentials are allowed")
			}
			if res.Header.Get("X-Request-Id") == "" {
				t.Error("the answer has no request id")
			}
		})
	}
}

func TestBrotliBody(t *testing.T) {
	t.Parallel()
	url, _, _ := startProgram(t, t.TempDir())
	var body bytes.Buffer
	w := brotli.NewWriter(&body)
	w.Write([]byte(`{"identifier":"nobody.test","password":"x"}`))
	must(t, w.Close())
	r, err := http.NewRequestWithContext(t.Context(), "POST", url+xrpc.PathPrefix+comatproto.ServerCreateSessionNSID, &body)
	must(t, err)
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Content-Encoding", "br")
	if res, text := do(t, r); res.StatusCode != http.StatusUnauthorized {
		t.Errorf("got %d %s", res.StatusCode, text)
	}
}

// A request is a line in the log, a health check only if asked for.
func TestRequestLog(t *testing.T) {
	t.Parallel()
	tests := []struct {
		level string
		want  []string // paths
	}{
		{"debug", []string{"/xrpc/_health", "/xrpc/com.atproto.server.getSession", "/a b\n"}},
		{"info", []string{"/xrpc/com.atproto.server.getSession", "/a b\n"}},
		{"warn", nil},
	}
	for _, test := range tests {
		t.Run(test.level, func(t *testing.T) {
			t.Parallel()
			url, log, stop := startProgram(t, t.TempDir(), "--log-format", "json", "--log-level", test.level)
			get(t, url+"/xrpc/_health")
			get(t, url+xrpc.PathPrefix+comatproto.ServerGetSessionNSID+"?secret=1")
			get(t, url+"/a%20b%0a?secret=1")
			stop()
			var got []string
			for line := range strings.Lines(log.String()) {
				var entry struct {
					Level, Msg, Method, Path, ID, Client string
					Duration                             *float64 `json:"duration_ms"`
				}
				if json.Unmarshal([]byte(line), &entry) == nil && entry.Msg == "request" {
					got = append(got, entry.Path)
					if entry.Method != "GET" || entry.ID == "" || entry.Client != "127.0.0.1" || entry.Duration == nil {
						t.Errorf("got %s", line)
					}
				}
			}
			if strings.Join(got, "|") != strings.Join(test.want, "|") {
				t.Errorf("logged paths: got %q, want %q", got, test.want)
			}
		})
	}
}

// The id of a request is the server's own, and a client does not fill the log.
func TestRequestIsClipped(t *testing.T) {
	t.Parallel()
	url, log, stop := startProgram(t, t.TempDir())
	id := strings.Repeat("x", 5_000)
	r, err := http.NewRequestWithContext(t.Context(), strings.Repeat("M", 5_000), url+"/"+strings.Repeat("é", 1_000), http.NoBody)
	must(t, err)
	r.Header.Set("X-Request-Id", id)
	res, _ := do(t, r)
	stop()
	if got := res.Header.Get("X-Request-Id"); got == id || got == "" {
		t.Errorf("X-Request-Id: got %.20s", got)
	}
	wantContains(t, "log", log.String(), "msg=request", "/é", "id="+res.Header.Get("X-Request-Id"))
	if got := len(log.String()); got > 1000 {
		t.Errorf("the log has %d bytes: %.1000s", got, log.String())
	}
}

// refreshID returns the id that a refresh token claims.
func refreshID(t *testing.T, token string) string {
	t.Helper()
	payload, err := base64.RawURLEncoding.DecodeString(strings.Split(token, ".")[1])
	must(t, err)
	var claims struct{ JTI string }
	must(t, json.Unmarshal(payload, &claims))
	if claims.JTI == "" {
		t.Fatal("a refresh token has no id")
	}
	return claims.JTI
}
