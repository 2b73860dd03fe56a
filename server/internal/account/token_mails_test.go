package account_test

import (
	"regexp"
	"testing"
	"time"

	"github.com/lexgen-go/lexgen/server/internal/account"
)

// However many log in at once, the owner is mailed three codes, and the last of
// them is good.
func TestAuthFactorMailsAtOnce(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	withFactor(t, b)
	b.newMails(t)
	login := account.LoginRequest{Identifier: "alice.test", Password: "asdf"}
	errs := race(40, func(int) error {
		_, err := b.CreateSession(t.Context(), login)
		return err
	})
	if len(errs) != 40 {
		t.Errorf("%d of 40 logins needed a code, want all", len(errs))
	}
	for _, err := range errs {
		wantError(t, "CreateSession", err, account.ErrAuthFactorRequired)
	}
	mails := b.newMails(t)
	if len(mails) != 3 {
		t.Fatalf("got %d mails, want 3", len(mails))
	}
	code := regexp.MustCompile(`[A-Z2-7]{5}-[A-Z2-7]{5}`)
	accepted := 0
	for _, mail := range mails {
		login.AuthFactorToken = code.FindString(mail.Text)
		if _, err := b.CreateSession(t.Context(), login); err == nil {
			accepted++
		}
	}
	if accepted != 1 {
		t.Errorf("%d of the codes are good, want 1", accepted)
	}
}

// However often a reset is asked for, the owner is mailed three tokens in the life of one.
func TestPasswordResetMails(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.signUp(t)
	b.newMails(t)
	errs := race(40, func(int) error {
		return b.RequestPasswordReset(t.Context(), "alice@example.com")
	})
	for _, err := range errs {
		t.Errorf("RequestPasswordReset: %v", err)
	}
	if got := len(b.newMails(t)); got != 3 {
		t.Errorf("got %d mails, want 3", got)
	}
}

// Nothing else that happens to the account makes room for more mails before the tokens are
// over, and mails for one purpose take nothing from those for another.
func TestTokenMailsAreNotCrowdedOut(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	caller := withFactor(t, b)
	app := b.newAppPassword(t, caller, "phone", false)
	b.newMails(t)
	purposes := []struct {
		name string
		ask  func() error
		want error
	}{
		{"reset", func() error {
			return b.RequestPasswordReset(t.Context(), "alice@example.com")
		}, nil},
		{"sign in code", func() error {
			_, err := b.CreateSession(t.Context(), account.LoginRequest{Identifier: "alice.test", Password: "asdf"})
			return err
		}, account.ErrAuthFactorRequired},
	}
	for minute := range 4 {
		for _, purpose := range purposes {
			mailed := 0
			for range 12 {
				wantError(t, purpose.name, purpose.ask(), purpose.want)
				mailed += len(b.newMails(t))
			}
			if want := map[int]int{0: 3}[minute]; mailed != want {
				t.Errorf("%s: got %d mails in minute %d, want %d", purpose.name, mailed, minute, want)
			}
		}
		for range 50 {
			b.logIn(t, app)
		}
		for range 20 {
			wantError(t, "RequestAccountDelete", b.RequestAccountDelete(t.Context(), caller, account.Client{}), nil)
		}
		b.newMails(t)
		b.now = b.now.Add(time.Minute)
	}
	b.now = b.now.Add(account.EmailTokenLifetime)
	for _, purpose := range purposes {
		wantError(t, purpose.name, purpose.ask(), purpose.want)
		if got := len(b.newMails(t)); got != 1 {
			t.Errorf("%s: got %d mails when the tokens are over, want 1", purpose.name, got)
		}
	}
}
