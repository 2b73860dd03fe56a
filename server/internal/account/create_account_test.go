package account_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/lexgen-go/lexgen/server/internal/account"
)

func TestCreateAccount(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	grant, err := b.CreateAccount(t.Context(), account.Signup{
		Handle:   "Alice.TEST",
		Email:    "Alice@Example.com",
		Password: "asdf",
		Client:   account.Client{UserAgent: "Browser/1", IP: "192.0.2.1"},
	})
	if err != nil {
		t.Fatal(err)
	}
	want := account.Account{DID: "did:plc:1", Handle: "alice.test", Email: "alice@example.com", CreatedAt: b.now}
	if grant.Account != want {
		t.Errorf("account: got %+v, want %+v", grant.Account, want)
	}
	if got := string(grant.DIDDoc); got != `{"id":"did:plc:1"}` {
		t.Errorf("DID document: got %s", got)
	}
	caller := b.caller(t, grant)
	session := account.Session{
		ID:         caller.Session.ID,
		DID:        "did:plc:1",
		Kind:       account.SessionPassword,
		Client:     account.Client{UserAgent: "Browser/1", IP: "192.0.2.1"},
		CreatedAt:  b.now,
		LastUsedAt: b.now,
		ExpiresAt:  b.now.AddDate(0, 0, 90),
		EndsAt:     b.now.AddDate(0, 0, 365),
	}
	if caller.Account != want || caller.Session != session {
		t.Errorf("caller: got %+v, want %+v and %+v", caller, want, session)
	}
	refresh, err := b.tokens.VerifyRefreshOfAnyAge(grant.RefreshJWT)
	if err != nil {
		t.Fatal(err)
	}
	if !refresh.ExpiresAt.Equal(session.ExpiresAt) || len(refresh.ID) != 44 {
		t.Errorf("refresh token: got %+v, want one of 44 characters that expires at %s", refresh, session.ExpiresAt)
	}
	b.wantEvents(t, "did:plc:1", account.EventCreated)
	b.wantMails(t)
}

// A new identity is signed for by a key of its own, which is kept sealed, and claims the
// handle.
func TestCreateAccountIdentity(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	signup := alice()
	signup.RecoveryKey = "did:key:recovery"
	grant, err := b.CreateAccount(t.Context(), signup)
	if err != nil {
		t.Fatal(err)
	}
	did := grant.Account.DID
	b.identity.wantClaim(t, did, "alice.test", 1)
	last, err := b.identity.LastOperation(t.Context(), did)
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(last.Fields.RotationKeys, " "); got != "did:key:recovery did:key:operator did:key:server" {
		t.Errorf("rotation keys: got %s", got)
	}
	key, err := b.store.SigningKey(t.Context(), did)
	if err != nil {
		t.Fatal(err)
	}
	if got := last.Fields.VerificationMethods["atproto"]; got != key.Public {
		t.Errorf("signing key: the directory has %s, the store %s", got, key.Public)
	}
	private, err := b.Sealer.Open(account.SigningKeyPurpose(key.Public), key.Sealed)
	if err != nil || string(private) != "private key 1" {
		t.Errorf("sealed key: got %q, %v", private, err)
	}
}

// The first rule that a sign-up breaks is the one that it is told of. Each of these
// also breaks all the rules above it in the list.
func TestCreateAccountOrder(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.signUp(t)
	b.invite(t, "code", 5)
	b.invite(t, "used-up", 0)
	b.Policy.InvitesRequired = true
	signup := alice()
	signup.RecoveryKey = "bad"
	signup.InviteCode = "code"
	with := func(change func(s *account.Signup)) account.Signup {
		change(&signup)
		return signup
	}
	free := with(func(s *account.Signup) { s.Handle, s.Email = "bob.test", "bob@example.com" })
	tests := []struct {
		name   string
		signup account.Signup
		want   error
	}{
		{"recovery key", free, account.ErrInvalidRecoveryKey},
		{"email taken", with(func(s *account.Signup) { s.Email = "alice@example.com" }), account.ErrEmailTaken},
		{"handle taken", with(func(s *account.Signup) { s.Handle = "alice.test" }), account.ErrHandleTaken},
		{"invite code used up", with(func(s *account.Signup) { s.InviteCode = "used-up" }), account.ErrInvalidInviteCode},
		{"handle", with(func(s *account.Signup) { s.Handle = "admin.test" }), account.ErrReservedHandle},
		{"throwaway email", with(func(s *account.Signup) { s.Email = "bob@mailinator.com" }), account.ErrInvalidEmail},
		{"email", with(func(s *account.Signup) { s.Email = "nobody" }), account.ErrInvalidEmail},
		{"no invite code", with(func(s *account.Signup) { s.InviteCode = " " }), account.ErrInvalidInviteCode},
		{"password", with(func(s *account.Signup) { s.Password = strings.Repeat("x", 257) }), account.ErrInvalidPassword},
		{"operation", with(func(s *account.Signup) { s.PLCOp = true }), account.ErrInvalidRequest},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := b.CreateAccount(t.Context(), tt.signup)
			wantError(t, "CreateAccount", err, tt.want)
		})
	}
	if b.hasher.hashed != 1 {
		t.Errorf("hashed %d passwords, want 1: a sign-up that is refused must cost little", b.hasher.hashed)
	}
}

func TestCreateAccountTexts(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		change func(s *account.Signup)
		want   string
	}{
		{"operation", func(s *account.Signup) { s.PLCOp = true }, `Unsupported input: "plcOp"`},
		{"no email", func(s *account.Signup) { s.Email = "" }, "Email is required"},
		{"bad email", func(s *account.Signup) { s.Email = "x" }, "This email address is not supported, please use a different email."},
		{"no password", func(s *account.Signup) { s.Password = "" }, "Password is required"},
		{"binary password", func(s *account.Signup) { s.Password = "a\x00b" }, "Password has characters that are not text"},
		{"long password", func(s *account.Signup) { s.Password = strings.Repeat("é", 257) }, "Password too long. Maximum length is 256 characters."},
		{"no invite code", func(s *account.Signup) { s.InviteCode = "" }, "No invite code provided"},
		{"unknown invite code", func(s *account.Signup) { s.InviteCode = "x" }, "Provided invite code not available"},
		{"handle taken", func(s *account.Signup) { s.Handle = "ALICE.test" }, "Handle already taken: alice.test"},
		{"email taken", func(s *account.Signup) { s.Email = "Alice@EXAMPLE.com" }, "Email already taken: Alice@EXAMPLE.com"},
		{"domain of one's own", func(s *account.Signup) { s.Handle = "bob.example.com" }, "Not a supported handle domain"},
	}
	b := newBench(t)
	b.signUp(t)
	b.invite(t, "code", 5)
	b.Policy.InvitesRequired = true
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			signup := account.Signup{Handle: "bob.test", Email: "bob@example.com", Password: strings.Repeat("é", 256), InviteCode: "code"}
			tt.change(&signup)
			_, err := b.CreateAccount(t.Context(), signup)
			wantText(t, "CreateAccount", err, tt.want)
		})
	}
}

// The names of an account are taken whatever its status.
func TestCreateAccountInactiveHolder(t *testing.T) {
	t.Parallel()
	for _, status := range []account.Status{account.StatusDeactivated, account.StatusTakendown} {
		t.Run(string(status), func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			grant := b.signUp(t)
			if status == account.StatusTakendown {
				b.takeDown(t, grant.Account.DID)
			} else {
				b.deactivate(t, grant.Account.DID)
			}
			signup := alice()
			_, err := b.CreateAccount(t.Context(), signup)
			wantText(t, "CreateAccount with the handle", err, "Handle already taken: alice.test")
			signup.Handle = "bob.test"
			_, err = b.CreateAccount(t.Context(), signup)
			wantText(t, "CreateAccount with the email", err, "Email already taken: alice@example.com")
		})
	}
}

func TestCreateAccountInvite(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.invite(t, "one-use", 1)
	b.Policy.InvitesRequired = true
	signup := alice()
	signup.InviteCode = " One-Use "
	b.identity.onPublish = refused
	_, err := b.CreateAccount(t.Context(), signup)
	wantError(t, "CreateAccount that the directory refuses", err, account.ErrOperationRefused)
	b.identity.onPublish = nil
	if _, err := b.CreateAccount(t.Context(), signup); err != nil {
		t.Errorf("CreateAccount: got %v, want the use of the code given back", err)
	}
	signup.Handle, signup.Email = "bob.test", "bob@example.com"
	_, err = b.CreateAccount(t.Context(), signup)
	wantError(t, "CreateAccount with a used code", err, account.ErrInvalidInviteCode)
}

// The store has the last word: what looked free may be taken a moment later.
func TestCreateAccountRace(t *testing.T) {
	t.Parallel()
	const racers = 10
	tests := []struct {
		name   string
		signup func(i int) account.Signup
		want   error
	}{
		{"one handle", func(i int) account.Signup {
			return account.Signup{Handle: "alice.test", Email: fmt.Sprintf("%d@example.com", i)}
		}, account.ErrHandleTaken},
		{"one email", func(i int) account.Signup {
			return account.Signup{Handle: handleOf(i), Email: "alice@example.com"}
		}, account.ErrEmailTaken},
		{"one invite code", func(i int) account.Signup {
			return account.Signup{Handle: handleOf(i), Email: fmt.Sprintf("%d@example.com", i)}
		}, account.ErrInvalidInviteCode},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			b.invite(t, "code", 1)
			b.Policy.InvitesRequired = errors.Is(tt.want, account.ErrInvalidInviteCode)
			errs := race(racers, func(i int) error {
				signup := tt.signup(i)
				signup.Password = fmt.Sprint("password ", i)
				signup.InviteCode = "code"
				_, err := b.CreateAccount(t.Context(), signup)
				return err
			})
			if len(errs) != racers-1 {
				t.Errorf("got %d losers, want %d", len(errs), racers-1)
			}
			for _, err := range errs {
				wantError(t, "a losing CreateAccount", err, tt.want)
			}
			if got := len(b.identity.logs); got != 1 {
				t.Errorf("the directory learnt of %d identities, want 1: who loses must leave nothing there", got)
			}
		})
	}
}

// What became of a sign-up follows from what became of its identity.
func TestCreateAccountSaga(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name      string
		onPublish func(func() error) error
		onLast    func() error
		want      error
		created   bool // at once
		released  bool // at once
		later     bool // RecoverSignups creates it
	}{
		{"refused", refused, silent, account.ErrOperationRefused, false, true, false},
		{"the store is full", full, nil, account.ErrStoreFull, false, true, false},
		{"lost before", lostBefore, nil, account.ErrDirectoryUnavailable, false, false, true},
		{"lost after", lostAfter, nil, nil, true, false, true},
		{"lost before, and no answer", lostBefore, silent, account.ErrDirectoryUnavailable, false, false, true},
		{"lost after, and no answer", lostAfter, silent, account.ErrDirectoryUnavailable, false, false, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			b.identity.onPublish, b.identity.onLast = tt.onPublish, tt.onLast
			_, err := b.CreateAccount(t.Context(), alice())
			wantError(t, "CreateAccount", err, tt.want)
			b.wantSignups(t, tt.created, tt.created || tt.released)

			b.identity.onPublish, b.identity.onLast = nil, nil
			b.now = b.now.Add(3 * time.Minute)
			if err := b.RecoverSignups(t.Context()); err != nil {
				t.Errorf("RecoverSignups: %v", err)
			}
			b.wantSignups(t, tt.later, true)
			_, err = b.CreateAccount(t.Context(), alice())
			if tt.later {
				wantError(t, "CreateAccount again", err, account.ErrHandleTaken)
			} else if err != nil {
				t.Errorf("CreateAccount again: got %v, want the names free", err)
			}
		})
	}
}

// An operation that the directory gets when everybody has given it up makes no identity
// without an account.
func TestCreateAccountLate(t *testing.T) {
	t.Parallel()
	for _, recovered := range []bool{false, true} {
		t.Run(fmt.Sprintf("recovered before is %t", recovered), func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			late := b.identity.delay()
			_, err := b.CreateAccount(t.Context(), alice())
			wantError(t, "CreateAccount", err, account.ErrDirectoryUnavailable)
			_, err = b.CreateAccount(t.Context(), alice())
			wantError(t, "CreateAccount again", err, account.ErrHandleTaken)

			b.now = b.now.Add(3 * time.Minute)
			arrive := func() { wantError(t, "the late operation", late(), nil) }
			if !recovered {
				arrive()
			}
			wantError(t, "RecoverSignups", b.RecoverSignups(t.Context()), nil)
			if recovered {
				arrive()
			}
			b.wantSignups(t, true, true)
			b.identity.wantClaim(t, "did:plc:1", "alice.test", 1)
		})
	}
}

// A directory where nobody listens has taken nothing: the names are free at once.
func TestCreateAccountNotSent(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.identity.onPublish = func(func() error) error {
		return errors.Join(account.ErrDirectoryUnavailable, account.ErrNotSent)
	}
	_, err := b.CreateAccount(t.Context(), alice())
	wantError(t, "CreateAccount", err, account.ErrDirectoryUnavailable)
	b.identity.onPublish = nil
	if _, err := b.CreateAccount(t.Context(), alice()); err != nil {
		t.Errorf("CreateAccount again: %v", err)
	}
}

// A client that goes away once the names are reserved leaves nothing undecided.
func TestCreateAccountCancelled(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	ctx, cancel := context.WithCancel(t.Context())
	b.identity.onPublish = func(publish func() error) error {
		cancel()
		return publish()
	}
	if _, err := b.CreateAccount(ctx, alice()); err != nil {
		t.Errorf("CreateAccount: %v", err)
	}
	b.wantSignups(t, true, true)

	b.identity.onPublish = nil
	signup := account.Signup{Handle: "bob.test", Email: "bob@example.com", Password: "asdf"}
	_, err := b.CreateAccount(ctx, signup)
	wantError(t, "CreateAccount of a client that is gone before", err, context.Canceled)
}

func TestCreateAccountBusy(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.hasher.onHash = func() error { return account.ErrBusy }
	_, err := b.CreateAccount(t.Context(), alice())
	wantError(t, "CreateAccount", err, account.ErrBusy)
	b.wantSignups(t, false, true)
}

func TestAccountStatus(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	tests := []struct {
		name    string
		account account.Account
		want    account.Status
	}{
		{"active", account.Account{}, account.StatusActive},
		{"deactivated", account.Account{DeactivatedAt: at}, account.StatusDeactivated},
		{"taken down", account.Account{TakendownAt: at}, account.StatusTakendown},
		{"both", account.Account{DeactivatedAt: at, TakendownAt: at}, account.StatusTakendown},
	}
	for _, tt := range tests {
		if got := tt.account.Status(); got != tt.want {
			t.Errorf("status of an account that is %s: got %s, want %s", tt.name, got, tt.want)
		}
	}
}
