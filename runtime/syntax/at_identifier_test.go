package syntax_test

import (
	"testing"

	"github.com/lexgen-go/lexgen/runtime/syntax"
)

func TestParseATIdentifier(t *testing.T) {
	t.Parallel()
	testParse(t, syntax.ATIdentifierFormat, syntax.ParseATIdentifier, append(handleCases(),
		parseCase{"DID", "did:plc:abc", ""},
		parseCase{"DID in capitals", "DID:plc:abc", "has a character other than letters, digits, hyphens and dots"},
		parseCase{"broken DID that resembles a handle", "did:thing.test", "has a character other than small letters in the method"},
		parseCase{"DID without identifier", "did:plc:", "has an empty identifier"},
		parseCase{"handle that starts with did", "did.example.com", ""},
	))
}

func TestATIdentifierKinds(t *testing.T) {
	t.Parallel()
	tests := []struct {
		in     syntax.ATIdentifier
		did    syntax.DID
		handle syntax.Handle
	}{
		{"did:plc:abc", "did:plc:abc", ""},
		{"Alice.example.com", "", "Alice.example.com"},
		{"did:thing.test", "", ""},
		{"localhost", "", ""},
		{"", "", ""},
	}
	for _, tc := range tests {
		did, isDID := tc.in.DID()
		testEqual(t, tc.in.String()+" DID", did, tc.did)
		testEqual(t, tc.in.String()+" is DID", isDID, tc.did != "")
		handle, isHandle := tc.in.Handle()
		testEqual(t, tc.in.String()+" handle", handle, tc.handle)
		testEqual(t, tc.in.String()+" is handle", isHandle, tc.handle != "")
	}
}

func FuzzATIdentifier(f *testing.F) {
	for _, s := range []string{"did:plc:abc", "alice.example.com", "did:thing.test", "did.example.com", ""} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		valid := checkInvariants(t, syntax.ATIdentifierFormat, syntax.ParseATIdentifier, s)
		did, isDID := syntax.ATIdentifier(s).DID()
		handle, isHandle := syntax.ATIdentifier(s).Handle()
		testEqual(t, "is one of the two", isDID != isHandle, valid)
		if valid {
			testEqual(t, "recombined", string(did)+string(handle), s)
		}
	})
}
