package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/lexgen-go/lexgen/generated/comatproto"
	"github.com/lexgen-go/lexgen/runtime/xrpc"
	"github.com/lexgen-go/lexgen/server/internal/plc/directory/directorytest"
)

// A moody directory answers operations with whatever a test wants.
type moody struct {
	*directorytest.Server
	status atomic.Int32 // 0 to take operations
	body   string       // set before status
}

// ServeHTTP implements [http.Handler].
func (m *moody) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	status := int(m.status.Load())
	if r.Method != http.MethodPost || status == 0 {
		m.Server.ServeHTTP(w, r)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	fmt.Fprint(w, m.body)
}

// What a directory has against an operation is told to who asked for it; that it fails is told without
// what it says.
func TestDirectoryAnswers(t *testing.T) {
	t.Parallel()
	const unavailable = `{"error":"UpstreamFailure","message":"Unable to perform PLC operation"}`
	tests := []struct {
		name   string
		status int
		body   string
		want   int
		answer string
	}{
		{
			"refusal", 400, `{"message":"Too many rotation keys"}`,
			400, `{"error":"InvalidRequest","message":"Too many rotation keys"}`,
		},
		{
			"conflict", 409, `{"message":"Not the last operation"}`,
			400, `{"error":"InvalidRequest","message":"Not the last operation"}`,
		},
		{
			"refusal without a message", 400, `<html>`,
			400, `{"error":"InvalidRequest","message":"Unable to perform PLC operation"}`,
		},
		{"too many requests", 429, `{"message":"secret"}`, 502, unavailable},
		{"fault", 500, `{"message":"secret"}`, 502, unavailable},
		{"out of order", 503, `secret`, 502, unavailable},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			directory := &moody{Server: directorytest.New(t), body: test.body}
			listener := httptest.NewServer(directory)
			t.Cleanup(listener.Close)
			s := startServer(t, t.TempDir(), "--plc-directory", listener.URL)
			alice, err := client(s.url, "").CreateAccount(t.Context(), aSignup())
			must(t, err)
			directory.status.Store(int32(test.status))
			for nsid, body := range map[string]string{
				comatproto.ServerCreateAccountNSID:  `{"handle":"carol.test","email":"carol@example.com","password":"asdf"}`,
				comatproto.IdentityUpdateHandleNSID: `{"handle":"carla.test"}`,
			} {
				r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.url+xrpc.PathPrefix+nsid, strings.NewReader(body))
				must(t, err)
				r.Header.Set("Content-Type", "application/json")
				if nsid == comatproto.IdentityUpdateHandleNSID {
					r.Header.Set("Authorization", "Bearer "+alice.AccessJWT)
				}
				if res, got := do(t, r); res.StatusCode != test.want || got != test.answer {
					t.Errorf("%s: got %d %s\nwant %d %s", nsid, res.StatusCode, got, test.want, test.answer)
				}
			}
		})
	}
}
