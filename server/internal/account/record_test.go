package account_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/lexgen-go/lexgen/server/internal/account"
)

// toggle creates and revokes an app password n times.
func (b *bench) toggle(t *testing.T, caller account.Caller, n int) {
	t.Helper()
	for range n {
		b.newAppPassword(t, caller, "phone", false)
		if err := b.RevokeAppPassword(t.Context(), caller, "phone", account.Client{}); err != nil {
			t.Fatal(err)
		}
	}
}

// takeMails takes the mails that wait out of the store and counts them.
func (b *bench) takeMails(t *testing.T) int {
	t.Helper()
	mails, err := b.store.ClaimMails(t.Context(), b.now, b.now, 100)
	if err != nil {
		t.Fatal(err)
	}
	for _, mail := range mails {
		if err := b.store.FinishMail(t.Context(), mail.ID); err != nil {
			t.Fatal(err)
		}
	}
	return len(mails)
}

// Who is logged in can fill neither the mailbox of the owner nor that of a stranger.
func TestNoticesAreBounded(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name      string
		confirmed bool
		most      int
		window    time.Duration
	}{
		{"confirmed address", true, 20, time.Hour},
		{"unconfirmed address", false, 5, 24 * time.Hour},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			grant := b.signUp(t)
			if tt.confirmed {
				b.confirm(t, grant)
			}
			caller := b.caller(t, grant)
			b.takeMails(t)
			b.toggle(t, caller, 15)
			if got := b.takeMails(t); got != tt.most {
				t.Errorf("got %d mails, want %d", got, tt.most)
			}
			b.now = b.now.Add(tt.window - time.Second)
			b.toggle(t, caller, 1)
			if got := b.takeMails(t); got != 0 {
				t.Errorf("got %d mails a second before the end of the window, want 0", got)
			}
			b.now = b.now.Add(time.Second)
			b.toggle(t, caller, 1)
			if got := b.takeMails(t); got != 2 {
				t.Errorf("got %d mails after the window, want 2", got)
			}
		})
	}
}

// An account is no way to write to one stranger after the other.
func TestNoticesToChangingAddresses(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	caller := b.caller(t, b.signUp(t))
	b.newMails(t)
	for i := range 20 {
		update := account.EmailUpdate{Email: fmt.Sprintf("stranger%d@example.com", i)}
		wantError(t, "UpdateEmail", b.UpdateEmail(t.Context(), caller, update), nil)
	}
	if got := len(b.newMails(t)); got != 5 {
		t.Errorf("got %d mails, want 5", got)
	}
}

// A login from ever new networks is told of as seldom as anything else.
func TestNoticesOfLogins(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.signUp(t)
	b.newMails(t)
	for i := range 20 {
		client := account.Client{IP: fmt.Sprintf("2001:db8:0:%x::1", i)}
		_, err := b.CreateSession(t.Context(), account.LoginRequest{Identifier: "alice.test", Password: "asdf", Client: client})
		wantError(t, "CreateSession", err, nil)
	}
	if got := len(b.newMails(t)); got != 5 {
		t.Errorf("got %d mails, want 5", got)
	}
}

// However many notices there were, that the password was changed is told.
func TestNoticesLeaveRoom(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	caller := b.confirm(t, b.signUp(t))
	b.toggle(t, caller, 15)
	b.newMails(t)
	wantError(t, "SetPassword", b.SetPassword(t.Context(), caller.Account.DID, "new", account.Client{}), nil)
	b.wantMails(t, "Password changed")
}
