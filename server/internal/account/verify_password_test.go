package account_test

import (
	"errors"
	"testing"
	"time"

	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/server/internal/account"
)

// home is the network that alice's account knows.
var home = account.Client{IP: "192.0.2.1", UserAgent: "app"}

// newBenchAtHome returns a bench with alice's account, which allows for 2 failures, and its DID.
func newBenchAtHome(t *testing.T) (*bench, syntax.DID) {
	t.Helper()
	b := newBench(t)
	b.failures.limit = 2
	signup := alice()
	signup.Client = home
	grant, err := b.CreateAccount(t.Context(), signup)
	if err != nil {
		t.Fatal(err)
	}
	return b, grant.Account.DID
}

// Who guesses from a network that an account knows does not learn from the failures that there
// is such an account: answers and work are those of an account that is not there.
func TestFailuresTellNothing(t *testing.T) {
	t.Parallel()
	b, did := newBenchAtHome(t)
	logIn := func(identifier, password string) error {
		_, err := b.CreateSession(t.Context(), account.LoginRequest{Identifier: identifier, Password: password, Client: home})
		return err
	}
	deletion := func(did, password string) error {
		return b.DeleteAccount(t.Context(), account.DeleteRequest{DID: syntax.DID(did), Password: password, Token: "123456", Client: home})
	}
	tests := []struct {
		name           string
		known, unknown string
		try            func(name, password string) error
		wrong          error
	}{
		{"login", "alice.test", "nobody.test", logIn, account.ErrInvalidLogin},
		{"deletion", string(did), "did:plc:nobody", deletion, account.ErrInvalidDeletion},
	}
	for _, tt := range tests {
		for _, name := range []string{tt.known, tt.unknown} {
			for i := range 5 {
				worked := b.hasher.worked
				want := tt.wrong
				if i >= b.failures.limit {
					want = account.ErrTooManyFailures
				}
				err := tt.try(name, "guess")
				wantError(t, tt.name+" as "+name, err, want)
				var refusal *account.Refusal
				if waits := errors.As(err, &refusal) && refusal.RetryAfter() == time.Minute; waits != (i >= b.failures.limit) {
					t.Errorf("%s as %s: try %d is told to wait %s", tt.name, name, i+1, refusal.RetryAfter())
				}
				if got := b.hasher.worked - worked; got != 1 {
					t.Errorf("%s as %s: try %d costs %d verifications, want 1", tt.name, name, i+1, got)
				}
			}
		}
	}
	wantError(t, "deletion with the right password", deletion(string(did), "asdf"), account.ErrEmailTokenInvalid)
	wantError(t, "login with a password that is too long", logIn("alice.test", string(make([]byte, 513))), account.ErrTooManyFailures)
	wantError(t, "login with the right password", logIn("alice.test", "asdf"), nil)
}

// A right password that has to wait does nothing: no session, no mail, and no end to the wait.
func TestBarredPassword(t *testing.T) {
	t.Parallel()
	b, did := newBenchAtHome(t)
	elsewhere := account.Client{IP: "203.0.113.7", UserAgent: "app"}
	logIn := func(password string) error {
		_, err := b.CreateSession(t.Context(), account.LoginRequest{Identifier: "alice.test", Password: password, Client: elsewhere})
		return err
	}
	for range b.failures.limit {
		wantError(t, "guess", logIn("guess"), account.ErrInvalidLogin)
	}
	failed := b.failures.total()
	b.newMails(t)
	for range 2 {
		wantError(t, "right password", logIn("asdf"), account.ErrTooManyFailures)
	}
	b.wantMails(t)
	b.wantEvents(t, did, account.EventCreated)
	if got := b.failures.total(); got != failed {
		t.Errorf("got %d failures, want %d as before", got, failed)
	}
}

// What keeps the server from looking at a password is told as it is, also to who has to wait.
func TestBarredByNoVerdict(t *testing.T) {
	t.Parallel()
	b, _ := newBenchAtHome(t)
	b.failures.limit = 1
	request := account.LoginRequest{Identifier: "alice.test", Password: "guess"}
	_, err := b.CreateSession(t.Context(), request)
	wantError(t, "guess", err, account.ErrInvalidLogin)
	for _, fault := range []error{errTest, account.ErrBusy} {
		b.hasher.onVerify = func(account.Verdict) (account.Verdict, error) { return account.Mismatch, fault }
		_, err := b.CreateSession(t.Context(), request)
		wantError(t, "one more", err, fault)
	}
}
