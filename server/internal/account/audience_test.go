package account

import (
	"strings"
	"testing"

	"github.com/lexgen-go/lexgen/runtime/syntax"
)

// An audience is a DID and at most one fragment, and fits in a token.
func FuzzIsAudience(f *testing.F) {
	for _, seed := range []string{
		"did:web:example.com", "did:web:example.com#svc", "did:web:localhost%3A80", "did:plc:ewvi7nxzyoun6zhxrhs64oiz", "did:web:#", "did:plc:a b",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if !isAudience(s) {
			return
		}
		did, fragment, found := strings.Cut(s, "#")
		if !syntax.DID(did).Valid() || found && fragment == "" || strings.Contains(fragment, "#") || len(s) > maxAudience || !isVisibleASCII(s) {
			t.Errorf("isAudience accepts %q", s)
		}
	})
}
