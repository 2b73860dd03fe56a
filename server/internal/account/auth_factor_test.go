package account_test

import (
	"net/netip"
	"strings"
	"testing"

	"github.com/lexgen-go/lexgen/server/internal/account"
)

// withFactor signs alice up with a second factor.
func withFactor(t *testing.T, b *bench) account.Caller {
	t.Helper()
	grant := b.signUp(t)
	caller := b.confirm(t, grant)
	b.switchFactor(t, caller, true)
	return b.caller(t, grant)
}

// switchFactor turns the second factor on or off.
func (b *bench) switchFactor(t *testing.T, caller account.Caller, on bool) {
	t.Helper()
	required, err := b.RequestEmailUpdate(t.Context(), caller, account.Client{})
	if err != nil || !required {
		t.Fatalf("RequestEmailUpdate: got %t, %v, want a token", required, err)
	}
	err = b.UpdateEmail(t.Context(), caller, account.EmailUpdate{Email: caller.Account.Email, Token: b.mailedToken(t), AuthFactor: &on})
	if err != nil {
		t.Fatal(err)
	}
}

func TestAuthFactor(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	caller := withFactor(t, b)
	if !caller.Account.EmailAuthFactor || caller.Account.EmailConfirmedAt.IsZero() {
		t.Fatalf("got account %+v, want a second factor and a confirmed address", caller.Account)
	}
	b.wantMails(t, "Sign in codes turned on")

	login := account.LoginRequest{Identifier: "alice.test", Password: "guess"}
	_, err := b.CreateSession(t.Context(), login)
	wantError(t, "CreateSession with a wrong password", err, account.ErrInvalidLogin)
	b.wantMails(t)

	login.Password = "asdf"
	_, err = b.CreateSession(t.Context(), login)
	wantError(t, "CreateSession without the code", err, account.ErrAuthFactorRequired)
	code := b.mailedToken(t)

	login.AuthFactorToken = "AAAAA-AAAAA"
	_, err = b.CreateSession(t.Context(), login)
	wantText(t, "CreateSession with a wrong code", err, "Token is invalid")
	login.AuthFactorToken = " " + strings.ToLower(code) + "\n"
	if _, err = b.CreateSession(t.Context(), login); err != nil {
		t.Fatal(err)
	}
	_, err = b.CreateSession(t.Context(), login)
	wantError(t, "CreateSession with the code again", err, account.ErrEmailTokenInvalid)
	b.logIn(t, b.newAppPassword(t, caller, "phone", false))

	b.switchFactor(t, caller, false)
	b.logIn(t, "asdf")
}

// Who logs in while the owner turns the second factor on is asked for the code all the same,
// with a code that counts and without a failure.
func TestAuthFactorTurnedOnMeanwhile(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	caller := b.confirm(t, b.signUp(t))
	store := b.Store
	b.Store = lateStore{store, func() {
		b.Store = store
		b.switchFactor(t, caller, true)
	}}
	login := account.LoginRequest{Identifier: "alice.test", Password: "asdf"}
	_, err := b.CreateSession(t.Context(), login)
	wantError(t, "CreateSession", err, account.ErrAuthFactorRequired)
	if got := b.failures.total(); got != 0 {
		t.Errorf("got %d failures, want none", got)
	}
	login.AuthFactorToken = b.mailedToken(t)
	_, err = b.CreateSession(t.Context(), login)
	wantError(t, "CreateSession with the code", err, nil)
}

func TestAuthFactorExpires(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	withFactor(t, b)
	login := account.LoginRequest{Identifier: "alice.test", Password: "asdf"}
	_, err := b.CreateSession(t.Context(), login)
	wantError(t, "CreateSession without the code", err, account.ErrAuthFactorRequired)
	login.AuthFactorToken = b.mailedToken(t)
	b.now = b.now.Add(account.EmailTokenLifetime)
	_, err = b.CreateSession(t.Context(), login)
	wantText(t, "CreateSession", err, "Token is expired")
}

// A few wrong codes void the right one, and count as failures.
func TestAuthFactorGuesses(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	withFactor(t, b)
	login := account.LoginRequest{Identifier: "alice.test", Password: "asdf"}
	_, err := b.CreateSession(t.Context(), login)
	wantError(t, "CreateSession without the code", err, account.ErrAuthFactorRequired)
	code := b.mailedToken(t)
	for range account.MaxTokenAttempts {
		login.AuthFactorToken = "AAAAA-AAAAA"
		_, err = b.CreateSession(t.Context(), login)
		wantError(t, "CreateSession with a wrong code", err, account.ErrEmailTokenInvalid)
	}
	login.AuthFactorToken = code
	_, err = b.CreateSession(t.Context(), login)
	wantError(t, "CreateSession with the right code", err, account.ErrEmailTokenInvalid)
	b.failures.limit = account.MaxTokenAttempts
	_, err = b.CreateSession(t.Context(), login)
	wantError(t, "CreateSession after too many failures", err, account.ErrTooManyFailures)
}

// Who knows the password and not the code does not become a client that the account knows.
func TestAuthFactorClientIsNotKnown(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	caller := withFactor(t, b)
	stranger := account.Client{IP: "203.0.113.7", UserAgent: "script"}
	_, err := b.CreateSession(t.Context(), account.LoginRequest{Identifier: "alice.test", Password: "asdf", Client: stranger})
	wantError(t, "CreateSession", err, account.ErrAuthFactorRequired)
	network := netip.MustParsePrefix(stranger.IP + "/32")
	if known, err := b.store.KnowsNetwork(t.Context(), caller.Account.DID, []account.EventKind{account.EventTokenMailed, account.EventLogin, account.EventNewLogin}, network); err != nil || known {
		t.Errorf("KnowsNetwork: got %t, %v, want false", known, err)
	}
}

// Who knows the password can neither fill the mailbox of the owner nor make every code
// void before it is read.
func TestAuthFactorMailLimit(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	withFactor(t, b)
	b.newMails(t)
	login := account.LoginRequest{Identifier: "alice.test", Password: "asdf"}
	request := func() {
		_, err := b.CreateSession(t.Context(), login)
		wantError(t, "CreateSession without the code", err, account.ErrAuthFactorRequired)
	}
	for range 2 {
		request()
	}
	if got := len(b.newMails(t)); got != 2 {
		t.Errorf("got %d mails, want 2", got)
	}
	request()
	code := b.mailedToken(t)
	request()
	b.wantMails(t)
	login.AuthFactorToken = code
	_, err := b.CreateSession(t.Context(), login)
	wantError(t, "CreateSession with the last code", err, nil)
}
