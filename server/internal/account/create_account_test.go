package account_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

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
	caller, err := b.Authenticate(t.Context(), grant.AccessJWT)
	if err != nil {
		t.Fatal(err)
	}
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
}

// The first rule that a sign-up breaks is the one that it is told of. Each of these
// breaks all the rules below it too.
func TestCreateAccountOrder(t *testing.T) {
	t.Parallel()
	taken := account.Signup{Handle: "alice.test", Email: "alice@example.com", Password: "asdf"}
	with := func(s account.Signup, change func(s *account.Signup)) account.Signup {
		change(&s)
		return s
	}
	badKey := with(taken, func(s *account.Signup) { s.RecoveryKey = "bad" })
	badHandle := with(badKey, func(s *account.Signup) { s.Handle = "admin.test" })
	badEmail := with(badHandle, func(s *account.Signup) { s.Email = "nobody" })
	badPassword := with(badEmail, func(s *account.Signup) { s.Password = strings.Repeat("x", 257) })
	tests := []struct {
		name   string
		signup account.Signup
		want   error
	}{
		{"password", badPassword, account.ErrInvalidPassword},
		{"email", badEmail, account.ErrInvalidEmail},
		{"handle", badHandle, account.ErrReservedHandle},
		{"recovery key", badKey, account.ErrInvalidRecoveryKey},
		{"handle taken", taken, account.ErrHandleTaken},
		{"email taken", with(taken, func(s *account.Signup) { s.Handle = "bob.test" }), account.ErrEmailTaken},
	}
	b := newBench(t)
	b.signUp(t)
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
		{"no email", func(s *account.Signup) { s.Email = "" }, "Email is required"},
		{"bad email", func(s *account.Signup) { s.Email = "x" }, "This email address is not supported, please use a different email."},
		{"no password", func(s *account.Signup) { s.Password = "" }, "Password is required"},
		{"binary password", func(s *account.Signup) { s.Password = "a\x00b" }, "Password has characters that are not text"},
		{"long password", func(s *account.Signup) { s.Password = strings.Repeat("é", 257) }, "Password too long. Maximum length is 256 characters."},
		{"handle taken", func(s *account.Signup) { s.Handle = "ALICE.test" }, "Handle already taken: alice.test"},
		{"email taken", func(s *account.Signup) { s.Email = "Alice@EXAMPLE.com" }, "Email already taken: Alice@EXAMPLE.com"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			b.signUp(t)
			signup := account.Signup{Handle: "bob.test", Email: "bob@example.com", Password: strings.Repeat("é", 256)}
			tt.change(&signup)
			_, err := b.CreateAccount(t.Context(), signup)
			wantText(t, "CreateAccount", err, tt.want)
		})
	}
}

// The store has the last word: what looked free may be taken a moment later.
func TestCreateAccountRace(t *testing.T) {
	t.Parallel()
	const racers = 10
	b := newBench(t)
	errs := make(chan error, racers)
	start := make(chan struct{})
	for i := range racers {
		go func() {
			<-start
			signup := alice()
			signup.Password = fmt.Sprint("password ", i)
			_, err := b.CreateAccount(t.Context(), signup)
			errs <- err
		}()
	}
	close(start)
	successes := 0
	for range racers {
		if err := <-errs; err == nil {
			successes++
		} else {
			wantText(t, "a losing CreateAccount", err, "Handle already taken: alice.test")
		}
	}
	if successes != 1 {
		t.Errorf("successes: got %d, want 1", successes)
	}
}

func TestCreateAccountFaults(t *testing.T) {
	t.Parallel()
	t.Run("too many passwords to hash", func(t *testing.T) {
		t.Parallel()
		b := newBench(t)
		b.hasher.onHash = func() error { return account.ErrBusy }
		_, err := b.CreateAccount(t.Context(), alice())
		wantError(t, "CreateAccount", err, account.ErrBusy)
	})
	t.Run("a full store", func(t *testing.T) {
		t.Parallel()
		b := newBench(t)
		b.Accounts = fullAccounts{b.store}
		_, err := b.CreateAccount(t.Context(), alice())
		wantError(t, "CreateAccount", err, account.ErrStoreFull)
		var refusal *account.Refusal
		if errors.As(err, &refusal) {
			t.Errorf("a fault of the server is presented as a refusal: %v", refusal)
		}
	})
}

// fullAccounts is a store without room.
type fullAccounts struct{ account.Accounts }

func (fullAccounts) CreateAccount(context.Context, account.NewAccount) error {
	return account.ErrStoreFull
}

func TestAccountStatus(t *testing.T) {
	t.Parallel()
	at := newBench(t).now
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
