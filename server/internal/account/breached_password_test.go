package account_test

import (
	"errors"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/lexgen-go/lexgen/server/internal/account"
)

const breachedText = "This password is known from a data breach, please choose a different password."

// fakeBreached is a list of breached passwords. It counts the look-ups, and each fails with err if that
// is not nil.
type fakeBreached struct {
	passwords []string
	err       error
	asked     atomic.Int64
}

func (f *fakeBreached) Contains(password string) (bool, error) {
	f.asked.Add(1)
	for _, breached := range f.passwords {
		if breached == password {
			return true, f.err
		}
	}
	return false, f.err
}

// passwordChoices are the ways to choose a password. Each has what it takes but for the password.
var passwordChoices = []struct {
	name string
	kind error // of a refusal
	try  func(t *testing.T, b *bench) (choose func(password string) error)
}{
	{"sign-up", account.ErrInvalidPassword, func(t *testing.T, b *bench) func(string) error {
		return func(password string) error {
			signup := alice()
			signup.Handle, signup.Email, signup.Password = "bob.test", "bob@example.com", password
			_, err := b.CreateAccount(t.Context(), signup)
			return err
		}
	}},
	{"import", account.ErrInvalidPassword, func(t *testing.T, b *bench) func(string) error {
		return func(password string) error {
			signup := moving()
			signup.Password = password
			_, err := b.CreateAccount(t.Context(), signup)
			return err
		}
	}},
	{"reset", account.ErrInvalidRequest, func(t *testing.T, b *bench) func(string) error {
		token := b.requestReset(t)
		return func(password string) error { return b.ResetPassword(t.Context(), token, password, account.Client{}) }
	}},
	{"administrator", account.ErrInvalidRequest, func(t *testing.T, b *bench) func(string) error {
		return func(password string) error {
			return b.SetPassword(t.Context(), "did:plc:1", password, account.Client{})
		}
	}},
}

// Who chooses a breached password is told so before anything is done, and can choose another one.
func TestBreachedPasswords(t *testing.T) {
	t.Parallel()
	for _, choice := range passwordChoices {
		t.Run(choice.name, func(t *testing.T) {
			t.Parallel()
			b := newMovingBench(t)
			grant := b.signUp(t)
			choose := choice.try(t, b)
			hashed, identities := b.hasher.hashed, len(b.identity.logs)
			b.Passwords.Breached = &fakeBreached{passwords: []string{"hunter2", "pässword"}}
			for _, password := range []string{"hunter2", "pässword", "pa\u0308ssword"} {
				err := choose(password)
				wantError(t, password, err, choice.kind)
				wantText(t, password, err, breachedText)
			}
			if b.hasher.hashed != hashed || len(b.identity.logs) != identities {
				t.Errorf("a refusal comes after %d hashes and with %d new identities", b.hasher.hashed-hashed, len(b.identity.logs)-identities)
			}
			b.refresh(t, grant.RefreshJWT)
			b.logIn(t, "asdf")
			wantError(t, "another password", choose("battery staple"), nil)
		})
	}
}

// A list that cannot be read lets nothing through, and that is no mistake of the client.
func TestBreachedPasswordsFaults(t *testing.T) {
	t.Parallel()
	for _, choice := range passwordChoices {
		t.Run(choice.name, func(t *testing.T) {
			t.Parallel()
			b := newMovingBench(t)
			b.signUp(t)
			choose := choice.try(t, b)
			hashed := b.hasher.hashed
			b.Passwords.Breached = &fakeBreached{err: errTest}
			err := choose("battery staple")
			wantError(t, choice.name, err, errTest)
			var refusal *account.Refusal
			if errors.As(err, &refusal) {
				t.Errorf("got the refusal %v", refusal)
			}
			if b.hasher.hashed != hashed {
				t.Error("a password is hashed that was not looked up")
			}
			b.Passwords.Breached = &fakeBreached{}
			wantError(t, "when the list can be read", choose("battery staple"), nil)
		})
	}
}

// The list is asked in the form that was typed too, and only for what the other rules let pass.
func TestBreachedPasswordForms(t *testing.T) {
	t.Parallel()
	const typed = "pa\u0308ssword" // with the two dots as a character of their own
	tests := []struct {
		name     string
		listed   string
		password string
		want     string
		asked    int64
	}{
		{"as typed", typed, typed, breachedText, 1},
		{"as hashed", "pässword", typed, breachedText, 2},
		{"neither", "asdf", typed, "", 2},
		{"one form", "asdf", "pässword", "", 1},
		{"too long", "asdf", strings.Repeat("x", 257), "Password too long. Maximum length is 256 characters.", 0},
		{"too short", "asdf", "asdf", "Password too short. Minimum length is 8 characters.", 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			list := &fakeBreached{passwords: []string{tt.listed}}
			b.Passwords = account.PasswordPolicy{MinLength: 8, Breached: list}
			signup := alice()
			signup.Password = tt.password
			_, err := b.CreateAccount(t.Context(), signup)
			if tt.want == "" {
				wantError(t, "CreateAccount", err, nil)
			} else {
				wantText(t, "CreateAccount", err, tt.want)
			}
			if got := list.asked.Load(); got != tt.asked {
				t.Errorf("got %d look-ups, want %d", got, tt.asked)
			}
		})
	}
}

// Passwords from before there was a list stay good. A login never asks it, also if it hashes anew.
func TestBreachedPasswordsLogin(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.signUp(t)
	list := &fakeBreached{passwords: []string{"asdf"}, err: errTest}
	b.Passwords.Breached = list
	b.hasher.onVerify = func(account.Verdict) (account.Verdict, error) { return account.MatchOutdated, nil }
	hashed := b.hasher.hashed
	b.logIn(t, "asdf")
	if got := list.asked.Load(); got != 0 || b.hasher.hashed == hashed {
		t.Errorf("a login asks the list %d times, and hashes %d times", got, b.hasher.hashed-hashed)
	}
}
