package directory_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/server/internal/plc"
	"github.com/lexgen-go/lexgen/server/internal/plc/directory"
)

// do lets a handler answer below a prefix.
func do(t *testing.T, h *directory.Handler, method, path, body string) *http.Response {
	t.Helper()
	if h.Logger == nil {
		h.Logger = slog.New(slog.DiscardHandler)
	}
	recorder := httptest.NewRecorder()
	request := httptest.NewRequestWithContext(t.Context(), method, "/plc"+path, strings.NewReader(body))
	http.StripPrefix("/plc", h).ServeHTTP(recorder, request)
	return recorder.Result()
}

func wantAnswer(t *testing.T, response *http.Response, status int, mediaType, body string) {
	t.Helper()
	got, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	if response.StatusCode != status || string(got) != body {
		t.Errorf("got %d %s, want %d %s", response.StatusCode, got, status, body)
	}
	if got := response.Header.Get("Content-Type"); got != mediaType {
		t.Errorf("content type: got %s, want %s", got, mediaType)
	}
	if got := response.Header.Get("Access-Control-Allow-Origin"); got != "*" {
		t.Errorf("allowed origin: got %q, want *", got)
	}
}

func TestHandlerReads(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	first := b.submit(t, b.genesis)
	void := b.update(first).Sign(b.server)
	b.now = b.now.Add(time.Hour)
	b.submit(t, void)
	b.now = b.now.Add(time.Hour)
	last := b.update(first).Sign(b.user)
	b.submit(t, last)
	genesisJSON, voidJSON, lastJSON := string(toJSON(t, b.genesis)), string(toJSON(t, void)), string(toJSON(t, last))
	did, key := string(b.did), b.user.Public()
	audit := func(operation plc.Operation, text, nullified, at string) string {
		return `{"did":"` + did + `","operation":` + text + `,"cid":"` + string(operation.CID()) + `","nullified":` + nullified + `,"createdAt":"` + at + `"}`
	}
	const media, ld = "application/json", "application/did+ld+json"
	tests := []struct {
		path, media, want string
	}{
		{"/_health", media, `{"status":"ok"}`},
		{"/" + did, ld, `{"@context":["https://www.w3.org/ns/did/v1","https://w3id.org/security/multikey/v1","https://w3id.org/security/suites/secp256k1-2019/v1"],` +
			`"id":"` + did + `","alsoKnownAs":["at://alice.test"],` +
			`"verificationMethod":[{"id":"` + did + `#atproto","type":"Multikey","controller":"` + did + `","publicKeyMultibase":"` + key.Multibase() + `"}],` +
			`"service":[{"id":"#atproto_pds","type":"AtprotoPersonalDataServer","serviceEndpoint":"https://pds.test"}]}`},
		{"/" + did + "/data", media, `{"did":"` + did + `","rotationKeys":["` + key.String() + `","` + b.server.Public().String() + `"],` +
			`"verificationMethods":{"atproto":"` + key.String() + `"},"alsoKnownAs":["at://alice.test"],` +
			`"services":{"atproto_pds":{"type":"AtprotoPersonalDataServer","endpoint":"https://pds.test"}}}`},
		{"/" + did + "/log", media, "[" + genesisJSON + "," + lastJSON + "]"},
		{"/" + did + "/log/last", media, lastJSON},
		{"/" + did + "/log/audit", media, "[" +
			audit(b.genesis, genesisJSON, "false", "2026-03-01T12:00:00.000Z") + "," +
			audit(void, voidJSON, "true", "2026-03-01T13:00:00.000Z") + "," +
			audit(last, lastJSON, "false", "2026-03-01T14:00:00.000Z") + "]"},
	}
	for _, tt := range tests {
		t.Run(tt.path, func(t *testing.T) {
			t.Parallel()
			wantAnswer(t, do(t, &directory.Handler{Directory: b.Directory}, http.MethodGet, tt.path, ""), http.StatusOK, tt.media, tt.want)
			response := do(t, &directory.Handler{Directory: b.Directory}, http.MethodHead, tt.path, "")
			if response.StatusCode != http.StatusOK {
				t.Errorf("HEAD: got %d, want 200", response.StatusCode)
			}
		})
	}
}

func TestHandlerRefusals(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	first := b.submit(t, b.genesis)
	gone := newBench(t)
	gone.Directory = b.Directory
	gone.submit(t, gone.tombstone(gone.submit(t, gone.genesis)).Sign(gone.server))
	stranger := newBench(t)
	did, goneDID, strangerDID := string(b.did), string(gone.did), string(stranger.did)
	tests := []struct {
		name, method, path, body string
		status                   int
		message                  string
	}{
		{"unknown", "GET", "/" + strangerDID, "", 404, "DID not registered: " + strangerDID},
		{"unknown data", "GET", "/" + strangerDID + "/data", "", 404, "DID not registered: " + strangerDID},
		{"unknown log", "GET", "/" + strangerDID + "/log", "", 404, "DID not registered: " + strangerDID},
		{"unknown audit", "GET", "/" + strangerDID + "/log/audit", "", 404, "DID not registered: " + strangerDID},
		{"unknown last", "GET", "/" + strangerDID + "/log/last", "", 404, "DID not registered: " + strangerDID},
		{"tombstone", "GET", "/" + goneDID, "", 410, "DID not available: " + goneDID},
		{"tombstone's data", "GET", "/" + goneDID + "/data", "", 410, "DID not available: " + goneDID},
		{"root", "GET", "/", "", 404, "Not found"},
		{"export", "GET", "/export", "", 404, "Not found"},
		{"no DID", "GET", "/did:web:pds.test", "", 404, "Not found"},
		{"below a DID", "GET", "/" + did + "/x", "", 404, "Not found"},
		{"slash at the end", "GET", "/" + did + "/", "", 404, "Not found"},
		{"below health", "GET", "/_health/x", "", 404, "Not found"},
		{"method", "PUT", "/" + did, "", 405, "Method not allowed"},
		{"post below a DID", "POST", "/" + did + "/data", "", 404, "Not found"},
		{"no body", "POST", "/" + did, "", 400, "invalid operation: it is not JSON as it should be"},
		{"large body", "POST", "/" + did, strings.Repeat(" ", plc.MaxJSON+1), 413, "Operation too large"},
		{"wrong signature", "POST", "/" + did, string(toJSON(t, b.update(first).Sign(newKey(t)))), 400, "invalid signature"},
		{"genesis", "POST", "/" + strangerDID, string(toJSON(t, stranger.genesis)), 400, "This directory only keeps identities that its own server creates"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			response := do(t, &directory.Handler{Directory: b.Directory}, tt.method, tt.path, tt.body)
			wantAnswer(t, response, tt.status, "application/json", `{"message":"`+tt.message+`"}`)
		})
	}
}

func TestHandlerPost(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	const text = "text/plain; charset=utf-8"
	open := &directory.Handler{Directory: b.Directory, AllowGenesis: true}
	wantAnswer(t, do(t, open, http.MethodPost, "/"+string(b.did), string(toJSON(t, b.genesis))), http.StatusOK, text, "OK")
	closed := &directory.Handler{Directory: b.Directory}
	second := b.update(b.genesis.CID()).Sign(b.user)
	for _, operation := range []plc.Operation{b.genesis, second, second} {
		wantAnswer(t, do(t, closed, http.MethodPost, "/"+string(b.did), string(toJSON(t, operation))), http.StatusOK, text, "OK")
	}
	b.wantLog(t, []syntax.CID{b.genesis.CID(), second.CID()})
}

// An error of the store is logged, and its text does not get out.
func TestHandlerFault(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for _, path := range []string{"", "/data", "/log", "/log/audit", "/log/last"} {
		var logged strings.Builder
		h := &directory.Handler{
			Directory: directory.New(fakeLog{err: errors.New("a fault")}, time.Now),
			Logger:    slog.New(slog.NewTextHandler(&logged, nil)),
		}
		wantAnswer(t, do(t, h, http.MethodGet, "/"+string(b.did)+path, ""), http.StatusInternalServerError,
			"application/json", `{"message":"Internal Server Error"}`)
		if !strings.Contains(logged.String(), "a fault") {
			t.Errorf("%s: logged %q", path, &logged)
		}
	}
}

// A fault of the line is none of the server's.
func TestHandlerBrokenBody(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	h := &directory.Handler{Directory: b.Directory}
	recorder := httptest.NewRecorder()
	request := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/"+string(b.did), io.MultiReader(strings.NewReader("{"), brokenReader{}))
	h.ServeHTTP(recorder, request)
	wantAnswer(t, recorder.Result(), http.StatusBadRequest, "application/json", `{"message":"The body could not be read"}`)
}

type brokenReader struct{}

func (brokenReader) Read([]byte) (int, error) { return 0, context.Canceled }
