package account_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/lexgen-go/lexgen/server/internal/account"
)

// meanwhileStore does something, once, in the moment before it keeps a mailed token.
type meanwhileStore struct {
	account.Store
	meanwhile func() error
}

func (s *meanwhileStore) PutEmailToken(ctx context.Context, token account.EmailToken) error {
	if meanwhile := s.meanwhile; meanwhile != nil {
		s.meanwhile = nil
		if err := meanwhile(); err != nil {
			return err
		}
	}
	return s.Store.PutEmailToken(ctx, token)
}

// A token goes to the address that the account has when it is kept. Who is not logged in
// writes to the address that he asked for, or to nobody.
func TestTokenOfAnotherMoment(t *testing.T) {
	t.Parallel()
	const after = "new@example.com"
	tests := []struct {
		name string
		ask  func(ctx context.Context, b *bench, caller account.Caller) error
		want error
		to   string // who gets a mail, if anybody
	}{
		{"confirmation", func(ctx context.Context, b *bench, caller account.Caller) error {
			return b.RequestEmailConfirmation(ctx, caller, account.Client{})
		}, nil, after},
		{"update", func(ctx context.Context, b *bench, caller account.Caller) error {
			_, err := b.RequestEmailUpdate(ctx, caller, account.Client{})
			return err
		}, nil, after},
		{"deletion", func(ctx context.Context, b *bench, caller account.Caller) error {
			return b.RequestAccountDelete(ctx, caller, account.Client{})
		}, nil, after},
		{"PLC operation", func(ctx context.Context, b *bench, caller account.Caller) error {
			return b.RequestPLCToken(ctx, caller, account.Client{})
		}, nil, after},
		{"reset", func(ctx context.Context, b *bench, _ account.Caller) error {
			return errors.Join(b.RequestPasswordReset(ctx, "alice@example.com"), b.AnswerResets(ctx))
		}, nil, ""},
		{"sign in code", func(ctx context.Context, b *bench, _ account.Caller) error {
			_, err := b.CreateSession(ctx, account.LoginRequest{Identifier: "alice.test", Password: "asdf"})
			return err
		}, account.ErrInvalidLogin, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			caller := withFactor(t, b)
			b.newMails(t)
			b.Store = &meanwhileStore{b.store, func() error {
				err := b.SetEmail(t.Context(), "alice.test", after, account.Client{})
				b.queuedMails(t)
				return err
			}}
			wantError(t, "the request", tt.ask(t.Context(), b, caller), tt.want)
			var to string
			for _, mail := range b.newMails(t) {
				to += mail.To
			}
			if to != tt.to {
				t.Errorf("the token went to %q, want %q", to, tt.to)
			}
		})
	}
}

// A token is asked for and the account is gone a moment later.
func TestTokenOfAccountGone(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	caller := withFactor(t, b)
	b.newMails(t)
	store := &meanwhileStore{Store: b.store}
	b.Store = store
	gone := func() error { return b.store.DeleteAccount(t.Context(), account.Deletion{DID: caller.Account.DID}) }

	store.meanwhile = gone
	_, err := b.CreateSession(t.Context(), account.LoginRequest{Identifier: "alice.test", Password: "asdf"})
	wantError(t, "CreateSession", err, account.ErrInvalidLogin)
	b.wantMails(t)

	b.signUp(t)
	b.newMails(t)
	store.meanwhile = gone
	wantError(t, "RequestPasswordReset", b.RequestPasswordReset(t.Context(), "alice@example.com"), nil)
	b.wantMails(t)
}

// Who comes with a token too late learns that it has expired, and not that there is none,
// for a day.
func TestExpiredTokenIsRemembered(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	caller := b.caller(t, b.signUp(t))
	wantError(t, "RequestEmailConfirmation", b.RequestEmailConfirmation(t.Context(), caller, account.Client{}), nil)
	confirmation, reset := b.mailedToken(t), b.requestReset(t)
	steps := []struct {
		name string
		wait time.Duration
		want error
	}{
		{"at once", account.EmailTokenLifetime, account.ErrEmailTokenExpired},
		{"for a day", account.EmailTokenMemory - time.Second, account.ErrEmailTokenExpired},
		{"after it", time.Second, account.ErrEmailTokenInvalid},
	}
	for _, step := range steps {
		b.now = b.now.Add(step.wait)
		wantError(t, step.name+": Housekeep", b.Housekeep(t.Context()), nil)
		err := b.ConfirmEmail(t.Context(), caller, "alice@example.com", confirmation, account.Client{})
		wantError(t, step.name+": ConfirmEmail", err, step.want)
		wantError(t, step.name+": ResetPassword", b.ResetPassword(t.Context(), reset, "new", account.Client{}), step.want)
	}
}
