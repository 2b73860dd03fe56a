package account_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/lexgen-go/lexgen/server/internal/account"
)

// requestDeletion returns what deletes alice's account.
func (b *bench) requestDeletion(t *testing.T) account.DeleteRequest {
	t.Helper()
	caller := b.caller(t, b.signUp(t))
	if err := b.RequestAccountDelete(t.Context(), caller, account.Client{}); err != nil {
		t.Fatal(err)
	}
	return account.DeleteRequest{DID: caller.Account.DID, Password: "asdf", Token: b.mailedToken(t)}
}

func TestDeleteAccount(t *testing.T) {
	t.Parallel()
	for _, status := range []account.Status{account.StatusActive, account.StatusDeactivated, account.StatusTakendown} {
		t.Run(string(status), func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			request := b.requestDeletion(t)
			switch status {
			case account.StatusDeactivated:
				b.deactivate(t, request.DID)
			case account.StatusTakendown:
				b.takeDown(t, request.DID)
			}
			request.Token = strings.ToLower(request.Token)
			wantError(t, "DeleteAccount", b.DeleteAccount(t.Context(), request), nil)
			_, err := b.CreateSession(t.Context(), account.LoginRequest{Identifier: "alice.test", Password: "asdf"})
			wantError(t, "CreateSession", err, account.ErrInvalidLogin)
			mails := b.newMails(t)
			if got := subjects(mails); !slices.Equal(got, []string{"Account deleted"}) || mails[0].To != "alice@example.com" {
				t.Errorf("mails: got %+v, want a farewell", mails)
			}
			wantText(t, "DeleteAccount again", b.DeleteAccount(t.Context(), request), "Invalid did or password")
		})
	}
}

// Whatever is wrong but the token looks the same and costs the same, and what is refused
// leaves the token as it is.
func TestDeleteAccountRefusals(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	right := b.requestDeletion(t)
	app := b.newAppPassword(t, account.Caller{Account: b.account(t, right.DID)}, "phone", true)
	tests := []struct {
		name   string
		change func(r *account.DeleteRequest)
		want   string
	}{
		{"wrong password", func(r *account.DeleteRequest) { r.Password = "guess" }, "Invalid did or password"},
		{"wrong password and token", func(r *account.DeleteRequest) { r.Password, r.Token = "guess", "123456" }, "Invalid did or password"},
		{"app password", func(r *account.DeleteRequest) { r.Password = app }, "Invalid did or password"},
		{"NUL", func(r *account.DeleteRequest) { r.Password = "asdf\x00" }, "Invalid did or password"},
		{"unknown DID", func(r *account.DeleteRequest) { r.DID = "did:plc:nobody" }, "Invalid did or password"},
		{"no DID", func(r *account.DeleteRequest) { r.DID = "alice.test" }, "Invalid did or password"},
		{"long password", func(r *account.DeleteRequest) { r.Password = strings.Repeat("x", 513) }, "Password too long. Consider resetting your password."},
		{"wrong token", func(r *account.DeleteRequest) { r.Token = "123456" }, "Token is invalid"},
	}
	for _, tt := range tests {
		request := right
		tt.change(&request)
		before := b.hasher.worked
		wantText(t, tt.name, b.DeleteAccount(t.Context(), request), tt.want)
		if got := b.hasher.worked - before; got != 1 {
			t.Errorf("%s: got %d verifications, want 1", tt.name, got)
		}
	}
	wantError(t, "DeleteAccount", b.DeleteAccount(t.Context(), right), nil)
}

func TestDeleteAccountExpires(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	request := b.requestDeletion(t)
	b.now = b.now.Add(account.EmailTokenLifetime)
	wantText(t, "DeleteAccount", b.DeleteAccount(t.Context(), request), "Token is expired")
}

// A deletion is no way around the failures of logins.
func TestDeleteAccountFailureBudget(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.failures.limit = 1
	request := b.requestDeletion(t)
	guess := request
	guess.Password = "guess"
	wantError(t, "guess", b.DeleteAccount(t.Context(), guess), account.ErrInvalidDeletion)
	wantError(t, "one more", b.DeleteAccount(t.Context(), request), account.ErrTooManyFailures)
	_, err := b.CreateSession(t.Context(), account.LoginRequest{Identifier: "did:plc:1", Password: "asdf"})
	wantError(t, "CreateSession", err, account.ErrTooManyFailures)
}

// A password that is changed while it is compared deletes nothing.
func TestDeleteAccountRace(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	request := b.requestDeletion(t)
	b.hasher.onVerify = func(verdict account.Verdict) (account.Verdict, error) {
		b.setHash(t, request.DID, "hash of new")
		return verdict, nil
	}
	wantError(t, "DeleteAccount", b.DeleteAccount(t.Context(), request), account.ErrInvalidDeletion)
	b.account(t, request.DID)
}

// The handle of an account that is gone stays nobody's for a while.
func TestDeleteAccountQuarantine(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.Policy.HandleQuarantine = time.Hour
	wantError(t, "DeleteAccount", b.DeleteAccount(t.Context(), b.requestDeletion(t)), nil)
	_, err := b.CreateAccount(t.Context(), alice())
	wantError(t, "CreateAccount at once", err, account.ErrHandleTaken)
	b.now = b.now.Add(time.Hour)
	b.signUp(t)
}

// A domain of one's own is not this server's to keep from anybody.
func TestDeleteAccountForeignHandle(t *testing.T) {
	t.Parallel()
	b := newMovingBench(t)
	b.Policy.HandleQuarantine = time.Hour
	b.importCarol(t)
	wantError(t, "RemoveAccount", b.RemoveAccount(t.Context(), movingDID), nil)
	b.identity.domains[ownDomain] = "did:web:dave.example.com"
	b.identity.documents["did:web:dave.example.com"] = account.Document{DID: "did:web:dave.example.com", Handle: ownDomain, PDS: oldPDS, JSON: []byte(`{}`)}
	signup := moving()
	signup.DID, signup.Requester = "did:web:dave.example.com", "did:web:dave.example.com"
	_, err := b.CreateAccount(t.Context(), signup)
	wantError(t, "CreateAccount by who has the domain now", err, nil)
}

func TestRemoveAccount(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	did := b.signUp(t).Account.DID
	wantError(t, "RemoveAccount", b.RemoveAccount(t.Context(), did), nil)
	b.wantMails(t, "Account deleted")
	wantError(t, "RemoveAccount again", b.RemoveAccount(t.Context(), did), account.ErrAccountNotFound)
}
