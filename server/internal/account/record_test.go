package account_test

import (
	"fmt"
	"maps"
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
		window    time.Duration
	}{
		{"confirmed address", true, time.Hour},
		{"unconfirmed address", false, 24 * time.Hour},
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
			if got := b.takeMails(t); got != 10 {
				t.Errorf("got %d mails, want 5 of each of two kinds", got)
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

// Nobody makes so much noise that a change of another kind goes unseen.
func TestNoticesAreNotCrowdedOut(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name      string
		confirmed bool
		change    func(t *testing.T, b *bench, caller account.Caller) error
		want      string
	}{
		{"address", false, func(t *testing.T, b *bench, caller account.Caller) error {
			return b.UpdateEmail(t.Context(), caller, account.EmailUpdate{Email: "thief@example.com"})
		}, "Email address changed"},
		{"deactivation", false, func(t *testing.T, b *bench, caller account.Caller) error {
			return b.Deactivate(t.Context(), caller, time.Time{}, account.Client{})
		}, "Account deactivated"},
		{"handle", false, func(t *testing.T, b *bench, caller account.Caller) error {
			return b.UpdateHandle(t.Context(), caller, "thief.test", account.Client{})
		}, "Handle changed"},
		{"login from elsewhere", false, func(t *testing.T, b *bench, _ account.Caller) error {
			_, err := b.CreateSession(t.Context(), account.LoginRequest{
				Identifier: "alice.test", Password: "asdf", Client: account.Client{IP: "203.0.113.7"},
			})
			return err
		}, "New login"},
		{"password", false, func(t *testing.T, b *bench, caller account.Caller) error {
			return b.SetPassword(t.Context(), caller.Account.DID, "new", account.Client{})
		}, "Password changed"},
		{"second factor off", true, func(t *testing.T, b *bench, caller account.Caller) error {
			b.switchFactor(t, caller, false)
			return nil
		}, "Sign in codes turned off"},
		{"confirmed address", true, func(t *testing.T, b *bench, caller account.Caller) error {
			_, err := b.RequestEmailUpdate(t.Context(), caller, account.Client{})
			wantError(t, "RequestEmailUpdate", err, nil)
			return b.UpdateEmail(t.Context(), caller, account.EmailUpdate{Email: "thief@example.com", Token: b.mailedToken(t)})
		}, "Email address changed"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			grant := b.signUp(t)
			if tt.confirmed {
				b.switchFactor(t, b.confirm(t, grant), true)
			}
			caller := b.caller(t, grant)
			b.toggle(t, caller, 20)
			b.newMails(t)
			wantError(t, "the change", tt.change(t, b, caller), nil)
			b.wantMails(t, tt.want)
		})
	}
}

// A thief who has the address changed and the account switched off is not alone with that:
// the first is told to the address from before.
func TestTheftIsTold(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	grant := b.signUp(t)
	caller := b.caller(t, grant)
	for i := range 5 {
		b.newAppPassword(t, caller, fmt.Sprint("thief", i), false)
	}
	b.newMails(t)
	update := account.EmailUpdate{Email: "thief@example.com"}
	wantError(t, "UpdateEmail", b.UpdateEmail(t.Context(), caller, update), nil)
	caller = b.caller(t, grant)
	wantError(t, "Deactivate", b.Deactivate(t.Context(), caller, time.Time{}, account.Client{}), nil)
	got := map[string]string{}
	for _, mail := range b.newMails(t) {
		got[mail.Subject] = mail.To
	}
	want := map[string]string{"Email address changed": "alice@example.com", "Account deactivated": "thief@example.com"}
	if !maps.Equal(got, want) {
		t.Errorf("got mails %v, want %v", got, want)
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

// Events that the owner was not told of keep none from being told: of what goes on and on he
// hears again and again.
func TestNoticesOfASteadyStream(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name      string
		confirmed bool
		hours     int
		want      map[int]int // mails in an hour
	}{
		{"confirmed address", true, 4, map[int]int{0: 5, 1: 5, 2: 5, 3: 5}},
		{"unconfirmed address", false, 49, map[int]int{0: 5, 24: 5, 48: 5}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			grant := b.signUp(t)
			if tt.confirmed {
				b.confirm(t, grant)
			}
			b.takeMails(t)
			for hour := range tt.hours {
				mailed := 0
				for sixth := range 6 {
					client := account.Client{IP: fmt.Sprintf("2001:db8:%x:%x::1", hour, sixth)}
					_, err := b.CreateSession(t.Context(), account.LoginRequest{Identifier: "alice.test", Password: "asdf", Client: client})
					wantError(t, "CreateSession", err, nil)
					mailed += b.takeMails(t)
					b.now = b.now.Add(10 * time.Minute)
				}
				if want := tt.want[hour]; mailed != want {
					t.Errorf("got %d mails in hour %d, want %d", mailed, hour, want)
				}
			}
		})
	}
}

// What cannot be done without a mailed code, or is the administrator's, is told each time.
func TestNoticesWithoutEnd(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	did := b.caller(t, b.signUp(t)).Account.DID
	b.newMails(t)
	for range 20 {
		wantError(t, "SetPassword", b.SetPassword(t.Context(), did, "new", account.Client{}), nil)
	}
	if got := len(b.newMails(t)); got != 20 {
		t.Errorf("got %d mails, want 20", got)
	}
}
