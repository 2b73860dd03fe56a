package account_test

import (
	"testing"

	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/server/internal/account"
)

// newResolvingBench returns a bench with alice, with an account that is deactivated and
// one that was taken down, in a world with some domains.
func newResolvingBench(t *testing.T) *bench {
	t.Helper()
	b := newBench(t)
	b.signUp(t)
	for _, name := range []string{"gone", "barred"} {
		grant, err := b.CreateAccount(t.Context(), account.Signup{
			Handle: syntax.Handle(name + ".test"), Email: name + "@example.com", Password: "asdf",
		})
		if err != nil {
			t.Fatal(err)
		}
		if name == "gone" {
			b.deactivate(t, grant.Account.DID)
		} else {
			b.takeDown(t, grant.Account.DID)
		}
	}
	b.identity.domains["dave.example.com"] = "did:web:dave.example.com"
	b.identity.domains["nobody.test"] = "did:web:mallory.example.com"
	b.identity.domains[lostDomain] = ""
	return b
}

func TestResolveHandle(t *testing.T) {
	t.Parallel()
	b := newResolvingBench(t)
	tests := []struct {
		name   string
		handle syntax.Handle
		want   syntax.DID // empty for ErrHandleNotFound
	}{
		{"local", "alice.test", "did:plc:1"},
		{"capital letters", "Alice.TEST", "did:plc:1"},
		{"deactivated", "gone.test", ""},
		{"taken down", "barred.test", ""},
		{"under a domain of the server", "nobody.test", ""},
		{"external", "dave.example.com", "did:web:dave.example.com"},
		{"external in capital letters", "DAVE.Example.com", "did:web:dave.example.com"},
		{"unknown domain", "unknown.example.com", ""},
		{"silent domain", lostDomain, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := b.ResolveHandle(t.Context(), tt.handle)
			wantResolved(t, "ResolveHandle", got, err, tt.want)
		})
	}
}

// An account that is not active is not found either if its handle is a domain that names it.
func TestResolveHandleInactive(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		end  func(b *bench, t *testing.T, did syntax.DID)
	}{
		{"deactivated", (*bench).deactivate},
		{"taken down", (*bench).takeDown},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			grant := b.signUp(t)
			b.identity.domains["alice.example.com"] = grant.Account.DID
			if err := b.UpdateHandle(t.Context(), b.caller(t, grant), "alice.example.com", account.Client{}); err != nil {
				t.Fatal(err)
			}
			tt.end(b, t, grant.Account.DID)
			b.identity.asked = 0
			got, err := b.ResolveHandle(t.Context(), "Alice.example.com")
			wantResolved(t, "ResolveHandle", got, err, "")
			if b.identity.asked != 0 {
				t.Errorf("asked %d domains, want 0", b.identity.asked)
			}
			b.remove(t, grant.Account.DID)
			got, err = b.ResolveHandle(t.Context(), "alice.example.com")
			wantResolved(t, "ResolveHandle of nobody here", got, err, grant.Account.DID)
		})
	}
}

// An account of this server is found under its handle whatever the domain says.
func TestResolveHandleLocalFirst(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	grant := b.signUp(t)
	b.identity.domains["alice.example.com"] = grant.Account.DID
	if err := b.UpdateHandle(t.Context(), b.caller(t, grant), "alice.example.com", account.Client{}); err != nil {
		t.Fatal(err)
	}
	b.identity.domains["alice.example.com"] = "did:web:mallory.example.com"
	got, err := b.ResolveHandle(t.Context(), "alice.example.com")
	wantResolved(t, "ResolveHandle", got, err, grant.Account.DID)
}

func TestLocalHandle(t *testing.T) {
	t.Parallel()
	b := newResolvingBench(t)
	tests := []struct {
		name string
		host string
		want syntax.DID
	}{
		{"local", "alice.test", "did:plc:1"},
		{"with a port", "Alice.test:2583", "did:plc:1"},
		{"deactivated", "gone.test", ""},
		{"external", "dave.example.com", ""},
		{"no handle", "localhost:2583", ""},
		{"address", "[2001:db8::1]:443", ""},
		{"empty", "", ""},
		{"not text", "\xff\x00", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := b.LocalHandle(t.Context(), tt.host)
			wantResolved(t, "LocalHandle", got, err, tt.want)
		})
	}
	if b.identity.asked != 0 {
		t.Errorf("asked %d domains, want 0", b.identity.asked)
	}
}

func wantResolved(t *testing.T, call string, got syntax.DID, err error, want syntax.DID) {
	t.Helper()
	switch {
	case got != want:
		t.Errorf("%s: got %q, %v, want %q", call, got, err, want)
	case want == "":
		wantError(t, call, err, account.ErrHandleNotFound)
		wantText(t, call, err, "Unable to resolve handle")
	case err != nil:
		t.Errorf("%s: %v", call, err)
	}
}
