package account_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/lexgen-go/lexgen/server/internal/account"
)

// requestReset asks for a token for alice and returns it.
func (b *bench) requestReset(t *testing.T) string {
	t.Helper()
	if err := b.RequestPasswordReset(t.Context(), "Alice@Example.com"); err != nil {
		t.Fatal(err)
	}
	return b.mailedToken(t)
}

func TestResetPassword(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	grant := b.signUp(t)
	app := b.newAppPassword(t, b.caller(t, grant), "phone", false)
	appGrant := b.logIn(t, app)
	token := b.requestReset(t)

	wantError(t, "ResetPassword", b.ResetPassword(t.Context(), " "+strings.ToLower(token)+" ", "new", account.Client{}), nil)
	mails := b.newMails(t)
	if got := subjects(mails); !slices.Equal(got, []string{"Password changed"}) || !strings.Contains(mails[0].Text, "- phone\n") {
		t.Errorf("mails: got %+v, want the notice with the app passwords that are left", mails)
	}
	for _, old := range []account.Grant{grant, appGrant} {
		_, err := b.RefreshSession(t.Context(), old.RefreshJWT)
		wantError(t, "RefreshSession", err, account.ErrTokenRevoked)
	}
	_, err := b.CreateSession(t.Context(), account.LoginRequest{Identifier: "alice.test", Password: "asdf"})
	wantError(t, "CreateSession with the old password", err, account.ErrInvalidLogin)
	b.logIn(t, "new")
	b.logIn(t, app)
	wantText(t, "ResetPassword again", b.ResetPassword(t.Context(), token, "newer", account.Client{}), "Token is invalid")
}

// A newAppStore has an app password made at the last moment before a new password.
type newAppStore struct {
	account.Store
	create func()
}

func (s newAppStore) SetPassword(ctx context.Context, change account.PasswordChange) error {
	s.create()
	return s.Store.SetPassword(ctx, change)
}

// The mail that tells of a new password names every app password that goes on working.
func TestNewPasswordNamesLateAppPassword(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		set  func(t *testing.T, b *bench) error
	}{
		{"reset", func(t *testing.T, b *bench) error {
			return b.ResetPassword(t.Context(), b.requestReset(t), "new", account.Client{})
		}},
		{"set by an administrator", func(t *testing.T, b *bench) error {
			return b.SetPassword(t.Context(), "did:plc:1", "new", account.Client{})
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			caller := b.caller(t, b.signUp(t))
			b.Store = newAppStore{b.Store, func() { b.newAppPassword(t, caller, "late", false) }}
			wantError(t, tt.name, tt.set(t, b), nil)
			mails := b.newMails(t)
			i := slices.IndexFunc(mails, func(mail account.Mail) bool { return mail.Subject == "Password changed" })
			if i < 0 || !strings.Contains(mails[i].Text, "- late\n") {
				t.Errorf("mails: got %q, want the notice with the app password", subjects(mails))
			}
		})
	}
}

func TestResetDropsAppPasswords(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.Policy.ResetDropsAppPasswords = true
	app := b.newAppPassword(t, b.caller(t, b.signUp(t)), "phone", false)
	wantError(t, "ResetPassword", b.ResetPassword(t.Context(), b.requestReset(t), "new", account.Client{}), nil)
	_, err := b.CreateSession(t.Context(), account.LoginRequest{Identifier: "alice.test", Password: app})
	wantError(t, "CreateSession", err, account.ErrInvalidLogin)
}

// What is refused leaves the password and a good token as they are, and costs no hash.
func TestResetPasswordRefusals(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name     string
		token    string // empty for the right one
		password string
		wait     time.Duration
		want     string
		usable   bool // the right token still is
	}{
		{"wrong token", "123456", "new", 0, "Token is invalid", true},
		{"no token", " ", "new", 0, "Token is invalid", true},
		{"late", "", "new", account.EmailTokenLifetime, "Token is expired", false},
		{"long password", "", strings.Repeat("x", 257), 0, "Invalid password length.", true},
		{"no password", "", "", 0, "Password is required", true},
		{"NUL", "", "a\x00", 0, "Password has characters that are not text", true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			b.signUp(t)
			right := b.requestReset(t)
			token := tt.token
			if token == "" {
				token = right
			}
			b.now = b.now.Add(tt.wait)
			hashed := b.hasher.hashed
			wantText(t, "ResetPassword", b.ResetPassword(t.Context(), token, tt.password, account.Client{}), tt.want)
			if b.hasher.hashed != hashed {
				t.Error("a reset that is refused costs a hash")
			}
			b.logIn(t, "asdf")
			if err := b.ResetPassword(t.Context(), right, "new", account.Client{}); (err == nil) != tt.usable {
				t.Errorf("ResetPassword with the right token: got %v, want it to be usable: %t", err, tt.usable)
			}
		})
	}
}

// The refusals of a reset are not those of a sign-up.
func TestResetPasswordKinds(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.Passwords.MinLength = 8
	err := b.ResetPassword(t.Context(), "AAAAA-AAAAA", "short", account.Client{})
	wantError(t, "ResetPassword", err, account.ErrInvalidRequest)
	wantText(t, "ResetPassword", err, "Password too short. Minimum length is 8 characters.")
}

func TestResetPasswordRace(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.signUp(t)
	token := b.requestReset(t)
	errs := race(10, func(int) error { return b.ResetPassword(t.Context(), token, "new", account.Client{}) })
	if len(errs) != 9 {
		t.Errorf("got %d failures, want 9", len(errs))
	}
	for _, err := range errs {
		wantError(t, "ResetPassword", err, account.ErrEmailTokenInvalid)
	}
}

// A new token replaces the one before.
func TestRequestPasswordResetTwice(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.signUp(t)
	first, second := b.requestReset(t), b.requestReset(t)
	wantError(t, "ResetPassword with the first", b.ResetPassword(t.Context(), first, "new", account.Client{}), account.ErrEmailTokenInvalid)
	wantError(t, "ResetPassword with the second", b.ResetPassword(t.Context(), second, "new", account.Client{}), nil)
}

// Whoever asks for whatever address, the answer is the same.
func TestRequestPasswordResetIsSilent(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	did := b.signUp(t).Account.DID
	for _, email := range []string{"", "nobody@example.com", "not an address", "alice.test", "did:plc:1"} {
		wantError(t, "RequestPasswordReset for "+email, b.RequestPasswordReset(t.Context(), email), nil)
	}
	b.wantMails(t)
	b.takeDown(t, did)
	wantError(t, "RequestPasswordReset of an account taken down", b.RequestPasswordReset(t.Context(), "alice@example.com"), nil)
	b.wantMails(t, "Password Reset Requested")
}

// Nobody can fill the mailbox of another.
func TestRequestPasswordResetLimit(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.signUp(t)
	for range 50 {
		wantError(t, "RequestPasswordReset", b.RequestPasswordReset(t.Context(), "alice@example.com"), nil)
	}
	if got := len(b.newMails(t)); got != 3 {
		t.Errorf("got %d mails, want 3", got)
	}
	b.now = b.now.Add(account.EmailTokenLifetime)
	token := b.requestReset(t)
	for range 5 { // who used the last one gets another
		wantError(t, "ResetPassword", b.ResetPassword(t.Context(), token, "new", account.Client{}), nil)
		b.newMails(t)
		token = b.requestReset(t)
	}
}

// An account that proved to be its owner's need not wait for the failures of others.
func TestResetPasswordForgetsFailures(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.failures.limit = 1
	b.signUp(t)
	for _, identifier := range []string{"alice.test", "alice@example.com"} {
		_, err := b.CreateSession(t.Context(), account.LoginRequest{Identifier: identifier, Password: "guess"})
		wantError(t, "guess", err, account.ErrInvalidLogin)
	}
	wantError(t, "ResetPassword", b.ResetPassword(t.Context(), b.requestReset(t), "new", account.Client{}), nil)
	for _, identifier := range []string{"alice.test", "alice@example.com", "did:plc:1"} {
		_, err := b.CreateSession(t.Context(), account.LoginRequest{Identifier: identifier, Password: "new"})
		wantError(t, "CreateSession as "+identifier, err, nil)
	}
}

func TestSetPassword(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	grant := b.signUp(t)
	did := grant.Account.DID
	wantError(t, "SetPassword", b.SetPassword(t.Context(), did, "new", account.Client{}), nil)
	b.wantMails(t, "Password changed")
	_, err := b.RefreshSession(t.Context(), grant.RefreshJWT)
	wantError(t, "RefreshSession", err, account.ErrTokenRevoked)
	b.logIn(t, "new")
	wantText(t, "SetPassword with a long one", b.SetPassword(t.Context(), did, strings.Repeat("x", 257), account.Client{}), "Invalid password length.")
	wantError(t, "SetPassword of nobody", b.SetPassword(t.Context(), "did:plc:nobody", "new", account.Client{}), account.ErrAccountNotFound)
}

func TestSetPasswordFaults(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	did := b.signUp(t).Account.DID
	for _, fault := range []error{errTest, account.ErrBusy} {
		b.hasher.onHash = func() error { return fault }
		if err := b.SetPassword(t.Context(), did, "new", account.Client{}); !errors.Is(err, fault) {
			t.Errorf("SetPassword: got %v, want %v", err, fault)
		}
	}
}
