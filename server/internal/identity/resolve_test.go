package identity

import (
	"testing"

	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/server/internal/didkey"
)

func TestWebOrigin(t *testing.T) {
	t.Parallel()
	tests := []struct {
		did      syntax.DID
		loopback bool
		want     string // empty if it is refused
	}{
		{"did:web:alice.test", false, "https://alice.test"},
		{"did:web:alice.test", true, "https://alice.test"},
		{"did:web:localhost", false, ""},
		{"did:web:localhost", true, "http://localhost"},
		{"did:web:localhost%3A2583", false, ""},
		{"did:web:localhost%3A2583", true, "http://localhost:2583"},
		{"did:web:localhost%3A2583%3A1", true, ""},
		{"did:web:localhost%3Ax", true, ""},
		{"did:web:localhost%3A1:x", true, ""},
		{"did:web:localhost:x", true, ""},
		{"did:web:localhost.test%3A80", true, ""},
		{"did:web:alice.test%3A443", true, ""},
		{"did:web:127.0.0.1", true, ""},
		{"did:web:Alice.test", false, ""},
	}
	for _, tt := range tests {
		got, ok := webOrigin(tt.did, tt.loopback)
		if ok != (tt.want != "") || ok && got != tt.want {
			t.Errorf("%s, loopback %t: got %s, %t, want %q", tt.did, tt.loopback, got, ok, tt.want)
		}
	}
}

// What is read of a document can be relied on, whatever else it says.
func FuzzParseDocument(f *testing.F) {
	const did = "did:web:alice.test"
	f.Add([]byte(`{"id":"did:web:alice.test","alsoKnownAs":["at://alice.test"],` +
		`"verificationMethod":[{"id":"#atproto","type":"Multikey","controller":"did:web:alice.test","publicKeyMultibase":"zDnaembgSGUhZULN2Caob4HLJPaxBh92N7rtH21TErzqf8HQo"}],` +
		`"service":[{"id":"#atproto_pds","type":"AtprotoPersonalDataServer","serviceEndpoint":"https://pds.test"}]}`))
	f.Add([]byte(`{"id":"did:web:alice.test","service":null,"x":[{}]}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		document, err := parseDocument(did, text)
		if err != nil {
			return
		}
		if document.DID != did {
			t.Errorf("got the document of %s", document.DID)
		}
		if h := document.Handle; h != "" && (h != h.Normalize() || !h.Valid()) {
			t.Errorf("got the handle %q", document.Handle)
		}
		if document.PDS != "" && !isHTTP(document.PDS) {
			t.Errorf("got the server %q", document.PDS)
		}
		for name, key := range document.Keys {
			if _, err := didkey.Parse(key); err != nil {
				t.Errorf("got the key %q called %q", key, name)
			}
		}
	})
}
