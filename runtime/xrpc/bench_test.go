package xrpc_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"github.com/lexgen-go/lexgen/runtime/xrpc"
)

// discard is a response that nobody reads.
type discard struct{ header http.Header }

func (d *discard) Header() http.Header         { return d.header }
func (d *discard) Write(p []byte) (int, error) { return len(p), nil }
func (d *discard) WriteHeader(int)             {}

// byHand is how one would write the method without a framework, and without checks.
func byHand(w http.ResponseWriter, r *http.Request) {
	type input struct {
		Text   string   `json:"text"`
		Count  *int64   `json:"count,omitempty"`
		Tags   []string `json:"tags,omitempty"`
		Parent *input   `json:"parent,omitempty"`
	}
	query := r.URL.Query()
	if _, err := strconv.Atoi(query.Get("limit")); err != nil || query.Get("text") == "" {
		http.Error(w, "bad query", http.StatusBadRequest)
		return
	}
	var v input
	if err := json.NewDecoder(r.Body).Decode(&v); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	w.Header().Set("Content-Type", mediaJSON)
	json.NewEncoder(w).Encode(v)
}

// BenchmarkEndpoint compares a whole call (parameters, body, checks, service, response) with
// net/http and encoding/json used by hand and without any checks.
func BenchmarkEndpoint(b *testing.B) {
	echo := func(_ context.Context, _ *search, input *note) (*note, error) { return input, nil }
	generated := xrpc.NewHandler([]xrpc.Endpoint{{
		NSID: "com.example.note.save", Kind: xrpc.Procedure, InputEncoding: mediaJSON, OutputEncoding: mediaJSON,
		NewParams: newSearch, NewInput: newNote, Invoke: withBoth(echo),
	}})
	const body = `{"text":"hello, world","count":42,"tags":["one","two","three"],"parent":{"text":"above"}}`
	for _, test := range []struct {
		name    string
		handler http.Handler
	}{{"xrpc", generated}, {"by hand", http.HandlerFunc(byHand)}} {
		b.Run(test.name, func(b *testing.B) {
			r := httptest.NewRequest(http.MethodPost, "/xrpc/com.example.note.save?text=a&limit=10", nil)
			r.Header.Set("Content-Type", mediaJSON)
			r.ContentLength = int64(len(body))
			reader := strings.NewReader(body)
			w := &discard{http.Header{}}
			b.ReportAllocs()
			for b.Loop() {
				reader.Reset(body)
				r.Body = readCloser{reader}
				clear(w.header)
				test.handler.ServeHTTP(w, r)
			}
		})
	}
}

type readCloser struct{ *strings.Reader }

// Close implements [io.Closer].
func (readCloser) Close() error { return nil }
