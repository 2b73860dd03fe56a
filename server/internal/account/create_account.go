package account

import (
	"context"
	"errors"
	"fmt"

	"github.com/lexgen-go/lexgen/runtime/syntax"
)

// Signup is a request for an account.
type Signup struct {
	Handle      syntax.Handle
	Email       string
	Password    string
	RecoveryKey string // a did:key, or empty
	Client      Client
}

// CreateAccount creates an account and its first session. Of several sign-ups for
// one handle or one email exactly one succeeds, however they race.
//
// It returns the refusals of a sign-up, in this order: of the password, the email,
// the handle, the recovery key, and at last [ErrHandleTaken] and [ErrEmailTaken].
// It can also return [ErrBusy] and [ErrStoreFull].
func (s *Service) CreateAccount(ctx context.Context, signup Signup) (Grant, error) {
	if err := s.Passwords.checkNew(signup.Password); err != nil {
		return Grant{}, err
	}
	email, err := normalizeEmail(signup.Email)
	if err != nil {
		return Grant{}, err
	}
	handle, err := s.Handles.Check(signup.Handle)
	if err != nil {
		return Grant{}, err
	}
	genesis, err := s.Identity.NewGenesis(handle, signup.RecoveryKey)
	if err != nil {
		return Grant{}, fmt.Errorf("create identity: %w", err)
	}
	// The store decides again in CreateAccount. Asking first spares the work of
	// hashing for a name that is taken.
	if err := s.Accounts.CheckAvailable(ctx, handle, email); err != nil {
		return Grant{}, describeTaken(err, handle, signup.Email)
	}
	hash, err := s.Hasher.Hash(ctx, normalizePassword(signup.Password))
	if err != nil {
		return Grant{}, fmt.Errorf("hash password: %w", err)
	}
	account := Account{DID: genesis.DID, Handle: handle, Email: email, CreatedAt: s.Now()}
	session, grant, err := s.openSession(account, signup.Client)
	if err != nil {
		return Grant{}, err
	}
	err = s.Accounts.CreateAccount(ctx, NewAccount{
		Account:      account,
		PasswordHash: hash,
		Genesis:      genesis,
		Session:      session,
	})
	if err != nil {
		return Grant{}, describeTaken(err, handle, signup.Email)
	}
	return grant, nil
}

// describeTaken adds what is taken to the error of a store: the handle in small
// letters, the email as the client wrote it.
func describeTaken(err error, handle syntax.Handle, email string) error {
	switch {
	case errors.Is(err, ErrHandleTaken):
		return ErrHandleTaken.because("Handle already taken: %s", handle)
	case errors.Is(err, ErrEmailTaken):
		return ErrEmailTaken.because("Email already taken: %s", email)
	default:
		return fmt.Errorf("create account: %w", err)
	}
}
