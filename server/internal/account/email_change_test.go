package account_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/lexgen-go/lexgen/server/internal/account"
)

func TestConfirmEmail(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	grant := b.signUp(t)
	caller := b.caller(t, grant)
	wantError(t, "RequestEmailConfirmation", b.RequestEmailConfirmation(t.Context(), caller, account.Client{}), nil)
	token := b.mailedToken(t)
	tests := []struct{ name, email, token, want string }{
		{"another address", "bob@example.com", token, "invalid email"},
		{"no address", "", token, "invalid email"},
		{"wrong token", "alice@example.com", "123456", "Token is invalid"},
	}
	for _, tt := range tests {
		wantText(t, tt.name, b.ConfirmEmail(t.Context(), caller, tt.email, tt.token, account.Client{}), tt.want)
	}
	wantError(t, "ConfirmEmail", b.ConfirmEmail(t.Context(), caller, "ALICE@example.com", strings.ToLower(token), account.Client{}), nil)
	if got := b.account(t, caller.Account.DID).EmailConfirmedAt; !got.Equal(b.now) {
		t.Errorf("confirmed at: got %s, want %s", got, b.now)
	}
	err := b.ConfirmEmail(t.Context(), caller, "alice@example.com", token, account.Client{})
	wantText(t, "ConfirmEmail again", err, "Token is invalid")
	b.remove(t, caller.Account.DID)
	err = b.ConfirmEmail(t.Context(), caller, "alice@example.com", token, account.Client{})
	wantText(t, "ConfirmEmail of an account that is gone", err, "user not found")
}

func TestConfirmEmailExpires(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	caller := b.caller(t, b.signUp(t))
	wantError(t, "RequestEmailConfirmation", b.RequestEmailConfirmation(t.Context(), caller, account.Client{}), nil)
	token := b.mailedToken(t)
	b.now = b.now.Add(account.EmailTokenLifetime)
	err := b.ConfirmEmail(t.Context(), caller, "alice@example.com", token, account.Client{})
	wantText(t, "ConfirmEmail", err, "Token is expired")
}

// A token for one purpose is not good for another.
func TestTokenPurposes(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	caller := b.caller(t, b.signUp(t))
	wantError(t, "RequestAccountDelete", b.RequestAccountDelete(t.Context(), caller, account.Client{}), nil)
	token := b.mailedToken(t)
	err := b.ConfirmEmail(t.Context(), caller, "alice@example.com", token, account.Client{})
	wantError(t, "ConfirmEmail", err, account.ErrEmailTokenInvalid)
	wantError(t, "ResetPassword", b.ResetPassword(t.Context(), token, "new", account.Client{}), account.ErrEmailTokenInvalid)
}

func TestRequestWithoutAddress(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	reservation := account.Reservation{
		Account:    account.Account{DID: "did:plc:mute", Handle: "mute.test", CreatedAt: b.now},
		SigningKey: account.SealedKey{Public: "did:key:mute", Sealed: []byte("sealed")},
	}
	opened := account.NewSession{Session: account.Session{ID: "session", DID: "did:plc:mute", Kind: account.SessionPassword}}
	wantError(t, "ImportAccount", b.store.ImportAccount(t.Context(), reservation, opened, account.Record{}), nil)
	caller := account.Caller{Account: b.account(t, "did:plc:mute"), Session: opened.Session}
	const want = "account does not have an email address"
	wantText(t, "RequestAccountDelete", b.RequestAccountDelete(t.Context(), caller, account.Client{}), want)
	wantText(t, "RequestEmailConfirmation", b.RequestEmailConfirmation(t.Context(), caller, account.Client{}), want)
}

func TestUpdateUnconfirmedEmail(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	caller := b.caller(t, b.signUp(t))
	required, err := b.RequestEmailUpdate(t.Context(), caller, account.Client{})
	if required || err != nil {
		t.Errorf("RequestEmailUpdate: got %t, %v, want no token", required, err)
	}
	b.wantMails(t)
	wantError(t, "UpdateEmail", b.UpdateEmail(t.Context(), caller, account.EmailUpdate{Email: "New@Example.com"}), nil)
	if got := b.account(t, caller.Account.DID).Email; got != "new@example.com" {
		t.Errorf("address: got %s, want new@example.com", got)
	}
	mails := b.newMails(t)
	if len(mails) != 1 || mails[0].To != "alice@example.com" || mails[0].Subject != "Email address changed" {
		t.Errorf("mails: got %+v, want a notice to the address before", mails)
	}
}

// A confirmed address is changed by who reads the mail there. What goes wrong leaves the
// token as it is.
func TestUpdateConfirmedEmail(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	grant := b.signUp(t)
	caller := b.confirm(t, grant)
	b.enter(t, "did:plc:bob", "bob.test", "hash of secret")
	required, err := b.RequestEmailUpdate(t.Context(), caller, account.Client{})
	if !required || err != nil {
		t.Fatalf("RequestEmailUpdate: got %t, %v, want a token", required, err)
	}
	token := b.mailedToken(t)
	wantError(t, "RequestAccountDelete", b.RequestAccountDelete(t.Context(), caller, account.Client{}), nil)
	deletion := b.mailedToken(t)

	const unsupported = "This email address is not supported, please use a different email."
	tests := []struct{ name, email, token, want string }{
		{"no address", "not an address", "", unsupported},
		{"no address, wrong token", "bad@localhost", "123456", unsupported},
		{"no token", "new@example.com", "", "confirmation token required"},
		{"space for a token", "new@example.com", " ", "confirmation token required"},
		{"wrong token", "new@example.com", "123456", "Token is invalid"},
		{"address of another", "bob.test@example.com", token, "This email address is already in use, please use a different email."},
	}
	for _, tt := range tests {
		err := b.UpdateEmail(t.Context(), caller, account.EmailUpdate{Email: tt.email, Token: tt.token})
		wantText(t, tt.name, err, tt.want)
	}
	err = b.UpdateEmail(t.Context(), caller, account.EmailUpdate{Email: "new@example.com", Token: strings.ToLower(token)})
	wantError(t, "UpdateEmail", err, nil)
	if got := b.account(t, caller.Account.DID); got.Email != "new@example.com" || !got.EmailConfirmedAt.IsZero() {
		t.Errorf("got account %+v, want an unconfirmed new address", got)
	}
	err = b.DeleteAccount(t.Context(), account.DeleteRequest{DID: caller.Account.DID, Password: "asdf", Token: deletion})
	wantError(t, "DeleteAccount with a token from the address before", err, account.ErrEmailTokenInvalid)
}

// To switch the second factor, or nothing at all, does not make the address unconfirmed.
func TestUpdateAuthFactor(t *testing.T) {
	t.Parallel()
	on, off := true, false
	tests := []struct {
		name       string
		email      string
		authFactor *bool
		wantFactor bool
		wantEvent  account.EventKind
		wantMails  []string
	}{
		{"on", "alice@example.com", &on, true, account.EventAuthFactor, []string{"Sign in codes turned on"}},
		{"on, the address in capitals", "ALICE@example.com", &on, true, account.EventAuthFactor, []string{"Sign in codes turned on"}},
		{"off as before", "alice@example.com", &off, false, account.EventTokenMailed, nil},
		{"nothing", "alice@example.com", nil, false, account.EventTokenMailed, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			caller := b.confirm(t, b.signUp(t))
			if _, err := b.RequestEmailUpdate(t.Context(), caller, account.Client{}); err != nil {
				t.Fatal(err)
			}
			update := account.EmailUpdate{Email: tt.email, Token: b.mailedToken(t), AuthFactor: tt.authFactor}
			wantError(t, "UpdateEmail", b.UpdateEmail(t.Context(), caller, update), nil)
			got := b.account(t, caller.Account.DID)
			if got.EmailAuthFactor != tt.wantFactor || !got.EmailConfirmedAt.Equal(caller.Account.EmailConfirmedAt) {
				t.Errorf("got account %+v, want factor %t and a confirmed address", got, tt.wantFactor)
			}
			events, err := b.store.Events(t.Context(), got.DID, 1)
			if err != nil || events[0].Kind != tt.wantEvent {
				t.Errorf("last event: got %v, %v, want %s", events, err, tt.wantEvent)
			}
			if got := subjects(b.newMails(t)); !slices.Equal(got, tt.wantMails) {
				t.Errorf("mails: got %q, want %q", got, tt.wantMails)
			}
		})
	}
}

// Codes go to nobody but who owns the address.
func TestUpdateAuthFactorUnconfirmed(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	caller := b.caller(t, b.signUp(t))
	on := true
	err := b.UpdateEmail(t.Context(), caller, account.EmailUpdate{Email: "alice@example.com", AuthFactor: &on})
	wantError(t, "UpdateEmail", err, account.ErrInvalidRequest)
	err = b.UpdateEmail(t.Context(), caller, account.EmailUpdate{Email: "new@example.com", AuthFactor: &on})
	wantText(t, "UpdateEmail with another address", err, "Confirm the new email address before you turn on sign in codes")
	if got := b.account(t, caller.Account.DID); got.EmailAuthFactor || got.Email != "alice@example.com" {
		t.Errorf("got account %+v, want it as before", got)
	}
}

// A new address turns the second factor off, and the owner is told.
func TestUpdateEmailTurnsAuthFactorOff(t *testing.T) {
	t.Parallel()
	const told = "Sign in codes are turned off"
	b := newBench(t)
	caller := b.confirm(t, b.signUp(t))
	update := func(update account.EmailUpdate) string {
		t.Helper()
		if _, err := b.RequestEmailUpdate(t.Context(), caller, account.Client{}); err != nil {
			t.Fatal(err)
		}
		update.Token = b.mailedToken(t)
		wantError(t, "UpdateEmail", b.UpdateEmail(t.Context(), caller, update), nil)
		mails := b.newMails(t)
		if len(mails) != 1 || mails[0].To != "alice@example.com" || strings.Contains(mails[0].HTML, told) != strings.Contains(mails[0].Text, told) {
			t.Fatalf("mails: got %+v", mails)
		}
		return mails[0].Text
	}
	on := true
	update(account.EmailUpdate{Email: "alice@example.com", AuthFactor: &on})
	if text := update(account.EmailUpdate{Email: "new@example.com"}); !strings.Contains(text, told) {
		t.Errorf("letter: got %s, want %q in it", text, told)
	}
	if got := b.account(t, caller.Account.DID); got.EmailAuthFactor || got.Email != "new@example.com" {
		t.Errorf("got account %+v, want a new address without the second factor", got)
	}
}

// No token is asked for before a change of an address that nobody confirmed, so that one
// that a client sends anyway does not count.
func TestUpdateUnconfirmedEmailWithToken(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	caller := b.caller(t, b.signUp(t))
	err := b.UpdateEmail(t.Context(), caller, account.EmailUpdate{Email: "new@example.com", Token: "123456"})
	wantError(t, "UpdateEmail", err, nil)
	if got := b.account(t, caller.Account.DID).Email; got != "new@example.com" {
		t.Errorf("address: got %s, want new@example.com", got)
	}
}

// Nobody gets a throwaway address. Who has one keeps it.
func TestUpdateToThrowawayEmail(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	caller := b.caller(t, b.signUp(t))
	for _, email := range []string{"alice@mailinator.com", "Alice@Eu.YOPmail.com"} {
		err := b.UpdateEmail(t.Context(), caller, account.EmailUpdate{Email: email})
		wantText(t, email, err, "This email address is not supported, please use a different email.")
	}
	wantError(t, "SetEmail", b.SetEmail(t.Context(), "alice.test", "alice@mailinator.com", account.Client{}), nil)
	caller.Account = b.account(t, caller.Account.DID)
	off := false
	err := b.UpdateEmail(t.Context(), caller, account.EmailUpdate{Email: "alice@mailinator.com", AuthFactor: &off})
	wantError(t, "UpdateEmail to the same address", err, nil)
}

// What becomes of a change depends on the account as it is, not as the request found it.
func TestUpdateEmailOfAnotherMoment(t *testing.T) {
	t.Parallel()
	on := true
	tests := []struct {
		name      string
		meanwhile string // the address that another request sets
		update    account.EmailUpdate
		want      error
		event     account.EventKind // the last
		to        string            // who is told
	}{
		{"another address", "second@example.com", account.EmailUpdate{Email: "third@example.com"}, nil, account.EventEmailChanged, "second@example.com"},
		{"back to the first", "second@example.com", account.EmailUpdate{Email: "alice@example.com"}, nil, account.EventEmailChanged, "second@example.com"},
		{"the same as the other", "second@example.com", account.EmailUpdate{Email: "second@example.com"}, nil, account.EventEmailChanged, ""},
		{"codes to the other", "second@example.com", account.EmailUpdate{Email: "second@example.com", AuthFactor: &on}, account.ErrInvalidRequest, account.EventEmailChanged, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			caller := b.caller(t, b.signUp(t))
			wantError(t, "the other request", b.UpdateEmail(t.Context(), caller, account.EmailUpdate{Email: tt.meanwhile}), nil)
			b.newMails(t)
			b.now = b.now.Add(time.Second)
			wantError(t, "UpdateEmail", b.UpdateEmail(t.Context(), caller, tt.update), tt.want)
			events, err := b.store.Events(t.Context(), caller.Account.DID, 10)
			if err != nil || events[0].Kind != tt.event {
				t.Errorf("events: got %v, %v, want %s first", events, err, tt.event)
			}
			var to string
			for _, mail := range b.newMails(t) {
				to += mail.To
			}
			if to != tt.to {
				t.Errorf("notices: got one to %q, want %q", to, tt.to)
			}
		})
	}
}

func TestSetEmail(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	caller := b.confirm(t, b.signUp(t))
	b.enter(t, "did:plc:bob", "bob.test", "hash of secret")
	set := func(identifier, email string) error {
		return b.SetEmail(t.Context(), identifier, email, account.Client{})
	}
	wantText(t, "SetEmail of nobody", set("nobody.test", "new@example.com"), "Account does not exist: nobody.test")
	wantError(t, "SetEmail to no address", set("alice.test", "new"), account.ErrInvalidEmail)
	wantError(t, "SetEmail to another's", set("alice.test", "bob.test@example.com"), account.ErrEmailTaken)
	for _, identifier := range []string{"Alice.test", "did:plc:1"} {
		b.now = b.now.Add(time.Second)
		wantError(t, "SetEmail of "+identifier, set(identifier, "New@example.com"), nil)
		if got := b.account(t, caller.Account.DID); got.Email != "new@example.com" || !got.EmailConfirmedAt.IsZero() {
			t.Errorf("got account %+v, want an unconfirmed new address", got)
		}
	}
	b.wantMails(t, "Email address changed")
}
