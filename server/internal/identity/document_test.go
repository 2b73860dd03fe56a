package identity_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/server/internal/account"
	"github.com/lexgen-go/lexgen/server/internal/identity"
)

func TestDocumentOfPLC(t *testing.T) {
	t.Parallel()
	s := newService(t, nil)
	signingKey := newKey(t)
	genesis, err := s.NewGenesis("alice.test", signingKey, "")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Document(t.Context(), genesis.DID, false /* fresh */); !errors.Is(err, account.ErrIdentityNotFound) {
		t.Errorf("before it is published: got %v, want %v", err, account.ErrIdentityNotFound)
	}
	if err := s.Publish(t.Context(), genesis.DID, genesis.JSON); err != nil {
		t.Fatal(err)
	}
	got, err := s.Document(t.Context(), genesis.DID, false /* fresh */)
	if err != nil {
		t.Fatal(err)
	}
	want := account.Document{
		DID: genesis.DID, Handle: "alice.test", Keys: map[string]string{"atproto": signingKey}, PDS: "https://pds.test", JSON: got.JSON,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("document (-want +got):\n%s", diff)
	}
	if !strings.Contains(string(got.JSON), string(genesis.DID)) {
		t.Errorf("got the text %s", got.JSON)
	}
}

// A document is one of a host of strangers: it may hold anything.
func TestDocumentOfWeb(t *testing.T) {
	t.Parallel()
	const (
		did    = "did:web:alice.test"
		method = `{"id":"did:web:alice.test#atproto","type":"Multikey","controller":"did:web:alice.test","publicKeyMultibase":"zDnaembgSGUhZULN2Caob4HLJPaxBh92N7rtH21TErzqf8HQo"}`
		pds    = `{"id":"#atproto_pds","type":"AtprotoPersonalDataServer","serviceEndpoint":"https://pds.test"}`
	)
	keys := map[string]string{"atproto": exampleP256}
	swap := func(in, old, new string) string { return strings.Replace(in, old, new, 1) }
	tests := []struct {
		name, members string
		want          account.Document
	}{
		{"nothing", ``, account.Document{}},
		{"key", `,"verificationMethod":[` + method + `]`, account.Document{Keys: keys}},
		{"key by its fragment alone", `,"verificationMethod":[` + swap(method, `"did:web:alice.test#`, `"#`) + `]`, account.Document{Keys: keys}},
		{
			"key of an older type", `,"verificationMethod":[` + swap(swap(method, "Multikey", "EcdsaSecp256k1VerificationKey2019"),
				"zDnaembgSGUhZULN2Caob4HLJPaxBh92N7rtH21TErzqf8HQo", "zQYEBzXeuTM9UR3rfvNag6L3RNAs5pQZyYPsomTsgQhsxLdEgCrPTLgFna8yqCnxPpNT7DBk6Ym3dgPKNu86vt9GR") + `]`,
			account.Document{Keys: map[string]string{"atproto": "did:key:zQ3shXjHeiBuRCKmM36cuYnm7YEMzhGnCmCyW92sRJ9pribSF"}},
		},
		{
			"two keys of a name", `,"verificationMethod":[` + method + `,` + swap(method, "zDnaembgSGUhZULN2Caob4HLJPaxBh92N7rtH21TErzqf8HQo", "zQ3shXjHeiBuRCKmM36cuYnm7YEMzhGnCmCyW92sRJ9pribSF") + `]`,
			account.Document{Keys: keys},
		},
		{"key of another's", `,"verificationMethod":[` + swap(method, `"controller":"did:web:alice.test"`, `"controller":"did:web:bob.test"`) + `]`, account.Document{}},
		{"key with the id of another's", `,"verificationMethod":[` + swap(method, `"did:web:alice.test#`, `"did:web:bob.test#`) + `]`, account.Document{}},
		{"key of an unknown type", `,"verificationMethod":[` + swap(method, "Multikey", "X") + `]`, account.Document{}},
		{"handle", `,"alsoKnownAs":["https://x.test","at://Alice.test","at://bob.test"]`, account.Document{Handle: "alice.test"}},
		{"handle after one that is none", `,"alsoKnownAs":["at://did:web:x","at://bob.test/x","at://bob.test"]`, account.Document{Handle: "bob.test"}},
		{"server", `,"service":[` + pds + `]`, account.Document{PDS: "https://pds.test"}},
		{"server with its DID", `,"service":[` + swap(pds, `"#`, `"did:web:alice.test#`) + `]`, account.Document{PDS: "https://pds.test"}},
		{"second server", `,"service":[` + swap(pds, "https://pds.test", "x") + `,` + pds + `]`, account.Document{}},
		{"server of another type", `,"service":[` + swap(pds, "AtprotoPersonalDataServer", "X") + `]`, account.Document{}},
		{"server of another name", `,"service":[` + swap(pds, "#atproto_pds", "#x") + `]`, account.Document{}},
		{"server without a host", `,"service":[` + swap(pds, "https://pds.test", "https://") + `]`, account.Document{}},
		{"server of another scheme", `,"service":[` + swap(pds, "https://pds.test", "javascript://pds.test") + `]`, account.Document{}},
		{"many endpoints", `,"service":[` + swap(pds, `"https://pds.test"`, `["https://pds.test"]`) + `]`, account.Document{}},
		{"other types everywhere", `,"alsoKnownAs":[1,{},null],"verificationMethod":{},"service":[[],"x",null]`, account.Document{}},
		{"more than we know", `,"@context":[{"a":{"b":[1,2.5e3]}}],"ID":"did:web:bob.test"`, account.Document{}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			text := `{"id":"` + did + `"` + tt.members + `}`
			host, transport := newHost(t, says(text))
			s := newService(t, func(c *identity.Config) { c.Transport = transport })
			got, err := s.Document(t.Context(), did, false /* fresh */)
			if err != nil {
				t.Fatal(err)
			}
			want := tt.want
			want.DID, want.JSON = did, []byte(text)
			if want.Keys == nil {
				want.Keys = map[string]string{}
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("document (-want +got):\n%s", diff)
			}
			if r := host.last.Load(); r.Host != "alice.test" || r.URL.Path != "/.well-known/did.json" {
				t.Errorf("asked %s for %s", r.Host, r.URL.Path)
			}
		})
	}
}

func TestDocumentErrors(t *testing.T) {
	t.Parallel()
	missing, silent := account.ErrIdentityNotFound, account.ErrDirectoryUnavailable
	status := func(status int) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) }
	}
	tests := []struct {
		name  string
		did   syntax.DID
		host  http.HandlerFunc
		want  error
		asked int32
	}{
		{"not there", "did:web:alice.test", status(404), missing, 1},
		{"gone", "did:web:alice.test", status(410), missing, 1},
		{"fault", "did:web:alice.test", status(500), silent, 1},
		{"of another DID", "did:web:alice.test", says(`{"id":"did:web:bob.test"}`), missing, 1},
		{"of no DID", "did:web:alice.test", says(`{}`), missing, 1},
		{"not JSON", "did:web:alice.test", says(`<html>`), silent, 1},
		{"not an object", "did:web:alice.test", says(`[]`), silent, 1},
		{"two DIDs", "did:web:alice.test", says(`{"id":"did:web:bob.test","id":"did:web:alice.test"}`), silent, 1},
		{"deep", "did:web:alice.test", says(`{"id":"did:web:alice.test","x":` + strings.Repeat("[", 50) + strings.Repeat("]", 50) + `}`), silent, 1},
		{"large", "did:web:alice.test", says(`{"id":"did:web:alice.test"}` + strings.Repeat(" ", 16<<10)), silent, 1},
		{"path", "did:web:alice.test:bob", says(`{}`), missing, 0},
		{"port", "did:web:alice.test%3A8443", says(`{}`), missing, 0},
		{"address", "did:web:127.0.0.1", says(`{}`), missing, 0},
		{"localhost", "did:web:localhost", says(`{}`), missing, 0},
		{"localhost with a port", "did:web:localhost%3A2583", says(`{}`), missing, 0},
		{"escape", "did:web:alice.test%2F..", says(`{}`), missing, 0},
		{"no did:plc", "did:plc:abc", says(`{}`), missing, 0},
		{"other method", "did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK", says(`{}`), missing, 0},
		{"no DID", "alice.test", says(`{}`), missing, 0},
		{"nothing", "", says(`{}`), missing, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			host, transport := newHost(t, tt.host)
			s := newService(t, func(c *identity.Config) { c.Transport = transport })
			if _, err := s.Document(t.Context(), tt.did, false /* fresh */); !errors.Is(err, tt.want) {
				t.Errorf("got %v, want %v", err, tt.want)
			}
			if got := host.asked.Load(); got != tt.asked {
				t.Errorf("the host was asked %d times, want %d", got, tt.asked)
			}
		})
	}
}

func TestDocumentIsKept(t *testing.T) {
	t.Parallel()
	const did = "did:web:alice.test"
	host, transport := newHost(t, says(`{"id":"`+did+`"}`))
	now := time.Unix(0, 0)
	s := newService(t, func(c *identity.Config) {
		c.Transport = transport
		c.Now = func() time.Time { return now }
	})
	steps := []struct {
		later time.Duration
		fresh bool
		want  int32 // how often the host was asked
	}{{0, false, 1}, {0, false, 1}, {0, true, 2}, {5*time.Minute - 1, false, 2}, {1, false, 3}}
	for i, step := range steps {
		now = now.Add(step.later)
		if _, err := s.Document(t.Context(), did, step.fresh); err != nil {
			t.Fatal(err)
		}
		if got := host.asked.Load(); got != step.want {
			t.Errorf("step %d: the host was asked %d times, want %d", i, got, step.want)
		}
	}
}

// For development a did:web may be one of this machine, without TLS.
func TestDocumentOfLocalhost(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, port, _ := strings.Cut(r.Host, ":")
		_, _ = io.WriteString(w, `{"id":"did:web:localhost%3A`+port+`"}`)
	}))
	t.Cleanup(server.Close)
	port := server.URL[strings.LastIndexByte(server.URL, ':')+1:]
	s := newService(t, func(c *identity.Config) { c.AllowLoopback = true })
	if _, err := s.Document(t.Context(), syntax.DID("did:web:localhost%3A"+port), false /* fresh */); err != nil {
		t.Errorf("got %v", err)
	}
}
