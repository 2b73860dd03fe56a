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
	logIn := func(b *bench, identifier, password string) error {
		_, err := b.CreateSession(t.Context(), account.LoginRequest{Identifier: identifier, Password: password, Client: home})
		return err
	}
	deletion := func(b *bench, did, password string) error {
		return b.DeleteAccount(t.Context(), account.DeleteRequest{DID: syntax.DID(did), Password: password, Token: "123456", Client: home})
	}
	tests := []struct {
		name           string
		known, unknown string
		try            func(b *bench, name, password string) error
		wrong, right   error
	}{
		{"login", "alice.test", "nobody.test", logIn, account.ErrInvalidLogin, nil},
		{"deletion", "did:plc:1", "did:plc:nobody", deletion, account.ErrInvalidDeletion, account.ErrEmailTokenInvalid},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b, _ := newBenchAtHome(t)
			for _, name := range []string{tt.known, tt.unknown} {
				for i := range 5 {
					want := tt.wrong
					if i >= b.failures.limit {
						want = account.ErrTooManyFailures
					}
					b.wantTry(t, want, func() error { return tt.try(b, name, "guess") })
				}
			}
			b.wantTry(t, account.ErrTooManyFailures, func() error { return tt.try(b, tt.known, string(make([]byte, 513))) })
			b.wantTry(t, tt.right, func() error { return tt.try(b, tt.known, "asdf") })
		})
	}
}

// wantTry checks what a try at a password comes to: an error, which says how long to wait if
// there were too many failures, after the work of one.
func (b *bench) wantTry(t *testing.T, want error, try func() error) {
	t.Helper()
	worked := b.hasher.worked
	err := try()
	wantError(t, "try", err, want)
	var refusal *account.Refusal
	if waits := errors.As(err, &refusal) && refusal.RetryAfter() == time.Minute; waits != errors.Is(want, account.ErrTooManyFailures) {
		t.Errorf("a try is told to wait %s", refusal.RetryAfter())
	}
	if got := b.hasher.worked - worked; got != 1 {
		t.Errorf("a try costs %d verifications, want 1", got)
	}
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
