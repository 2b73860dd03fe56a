package account_test

import (
	"testing"

	"github.com/lexgen-go/lexgen/runtime/syntax"
)

func TestDIDDoc(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		did    syntax.DID
		omit   bool
		onLast func() error
		want   string
	}{
		{"known", "did:plc:1", false, nil, `{"id":"did:plc:1"}`},
		{"unknown", "did:plc:2", false, nil, ""},
		{"not wanted", "did:plc:1", true, nil, ""},
		{"silent directory", "did:plc:1", false, silent, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			b.signUp(t)
			b.Policy.OmitDIDDoc = tt.omit
			b.identity.onLast = tt.onLast
			got := b.DIDDoc(t.Context(), tt.did)
			if string(got) != tt.want || (got == nil) != (tt.want == "") {
				t.Errorf("DIDDoc: got %q, want %q", got, tt.want)
			}
		})
	}
}
