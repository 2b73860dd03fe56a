package main

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/labstack/echo/v4"

	"github.com/lexgen-go/lexgen/generated/comatproto"
	"github.com/lexgen-go/lexgen/runtime/xrpc"
	"github.com/lexgen-go/lexgen/server/internal/account"
	"github.com/lexgen-go/lexgen/server/internal/plc/directory/directorytest"
)

// wantNumbered checks that the log has one line with a message at level ERROR, which bears the id that an
// answer bears.
func wantNumbered(t *testing.T, log, message string, header http.Header) {
	t.Helper()
	id := header.Get("X-Request-Id")
	if id == "" {
		t.Error("the answer has no id")
	}
	var lines []string
	for line := range strings.Lines(log) {
		if strings.Contains(line, "level=ERROR") && strings.Contains(line, "msg="+message) {
			lines = append(lines, line)
		}
	}
	if len(lines) != 1 || strings.Count(lines[0], " id=") != 1 || !strings.Contains(lines[0], " id="+id) {
		t.Errorf("got %q, want one line of %s with id=%s", lines, message, id)
	}
}

// Whatever fails in a request is found in the log by the id of its answer.
func TestErrorsAreNumbered(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, verb, path, body string
		message                string
	}{
		{
			"a method", "POST", xrpc.PathPrefix + comatproto.ServerCreateSessionNSID,
			`{"identifier":"alice.test","password":"x"}`, `"xrpc call failed"`,
		},
		{"the health check", "GET", healthPath, "", `"health check failed"`},
		{"the directory", "GET", directoryPath + "/did:plc:aaaaaaaaaaaaaaaaaaaaaaaa", "", "directory"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s := startServer(t, t.TempDir())
			must(t, s.store.Close())
			r, err := http.NewRequestWithContext(t.Context(), test.verb, s.url+test.path, strings.NewReader(test.body))
			must(t, err)
			r.Header.Set("Content-Type", "application/json")
			res, body := do(t, r)
			if res.StatusCode < http.StatusInternalServerError {
				t.Errorf("got %d %s", res.StatusCode, body)
			}
			wantNumbered(t, s.log.String(), test.message, res.Header)
		})
	}
}

// The fault of a directory too is found by the id of the answer to whom it has hit.
func TestUpstreamErrorsAreNumbered(t *testing.T) {
	t.Parallel()
	stile := newTurnstile(t)
	stile.Fail(directorytest.InternalError)
	s := startServer(t, t.TempDir(), "--plc-directory", stile.url)
	const signup = `{"handle":"alice.test","email":"alice@example.com","password":"correct horse"}`
	r, err := http.NewRequestWithContext(t.Context(), "POST", s.url+xrpc.PathPrefix+comatproto.ServerCreateAccountNSID, strings.NewReader(signup))
	must(t, err)
	r.Header.Set("Content-Type", "application/json")
	res, body := do(t, r)
	if res.StatusCode != http.StatusBadGateway {
		t.Errorf("got %d %s", res.StatusCode, body)
	}
	wantNumbered(t, s.log.String(), `"xrpc call failed"`, res.Header)
}

// A panic shows the client nothing; the log has what is needed to find it.
func TestPanic(t *testing.T) {
	t.Parallel()
	var log logbook
	c, err := parseConfig(nil, noEnv)
	must(t, err)
	// A health check of no store is a bug.
	handler := newHandler(&parts{config: c, logger: newLogger(c, &log), service: &account.Service{}}, newMetrics(), true /* admin */)
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, httptest.NewRequest("GET", healthPath, nil))
	if got, want := w.Body.String(), `{"error":"InternalServerError","message":"Internal Server Error"}`; w.Code != 500 || got != want {
		t.Errorf("got %d %s\nwant 500 %s", w.Code, got, want)
	}
	wantContains(t, "log", log.String(), "level=ERROR", "msg=panic", "nil pointer", "ping.go")
	wantNumbered(t, log.String(), "panic", w.Header())
}

// Two requests have two ids, and what belongs to no request has none.
func TestRequestIDs(t *testing.T) {
	t.Parallel()
	s := startServer(t, t.TempDir())
	first, _ := get(t, s.url+"/")
	second, _ := get(t, s.url+"/")
	s.stop()
	log := s.log.String()
	for _, res := range []*http.Response{first, second} {
		if got := strings.Count(log, " id="+res.Header.Get("X-Request-Id")); got != 1 {
			t.Errorf("lines of a request: got %d, want 1: %s", got, log)
		}
	}
	for line := range strings.Lines(log) {
		if strings.Contains(line, "outbox") && strings.Contains(line, " id=") {
			t.Errorf("a line of the start: %s", line)
		}
	}
}

// A logger that is made of the log still numbers its lines, in its group.
func TestNumberedLoggers(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		of   func(*slog.Logger) *slog.Logger
		want string // behind the message; ? is the id
	}{
		{"with attributes", func(l *slog.Logger) *slog.Logger { return l.With("part", "x") }, " part=x n=1 id=?"},
		{"in a group", func(l *slog.Logger) *slog.Logger { return l.With("part", "x").WithGroup("of") }, " part=x of.n=1 of.id=?"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var log logbook
			logger := test.of(slog.New(numbered{slog.NewTextHandler(&log, nil)}))
			e := echo.New()
			e.Use(numberRequests)
			e.GET("/", func(c echo.Context) error {
				logger.InfoContext(c.Request().Context(), "line", "n", 1)
				return nil
			})
			w := httptest.NewRecorder()
			e.ServeHTTP(w, httptest.NewRequest("GET", "/", nil))
			_, got, _ := strings.Cut(log.String(), "msg=line")
			if want := strings.ReplaceAll(test.want, "?", w.Header().Get("X-Request-Id")) + "\n"; got != want {
				t.Errorf("got %q, want %q", got, want)
			}
		})
	}
}
