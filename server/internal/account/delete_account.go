package account

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/lexgen-go/lexgen/runtime/syntax"
)

// DeleteRequest is a request to delete an account for good. Its password and its token
// say whose request it is.
type DeleteRequest struct {
	DID      syntax.DID
	Password string // the account's own
	Token    string
	Client   Client
}

// DeleteAccount deletes an account, whatever its status, with all that belongs to it.
//
// It returns [ErrTooManyFailures], [ErrLoginPasswordTooLong] and [ErrInvalidDeletion], for
// which the same work was done whatever was wrong; and, only to who knows the password,
// [ErrEmailTokenInvalid] and [ErrEmailTokenExpired]. It can also return [ErrBusy].
func (s *Service) DeleteAccount(ctx context.Context, request DeleteRequest) error {
	identifier := byDID(request.DID)
	credentials, err := s.verifyDeletion(ctx, identifier, request)
	if err != nil {
		if errors.Is(err, ErrInvalidDeletion) || errors.Is(err, ErrLoginPasswordTooLong) {
			s.Failures.Fail(failureKey(identifier))
		}
		return err
	}
	proof := s.proof(PurposeDeleteAccount, request.Token)
	err = s.delete(ctx, credentials.Account, Deletion{CredentialVersion: credentials.CredentialVersion, Proof: &proof})
	if errors.Is(err, ErrCredentialsChanged) || errors.Is(err, ErrAccountNotFound) {
		return ErrInvalidDeletion
	}
	return err
}

// verifyDeletion finds the account and compares the password.
func (s *Service) verifyDeletion(ctx context.Context, identifier Identifier, request DeleteRequest) (Credentials, error) {
	credentials, err := s.findCredentials(ctx, identifier)
	if err != nil {
		return Credentials{}, err
	}
	if err := s.admit(ctx, identifier, credentials.Account, request.Client); err != nil {
		return Credentials{}, err
	}
	verdict, err := s.verifyPassword(ctx, identifier, credentials, request.Password)
	switch {
	case errors.Is(err, ErrInvalidLogin), err == nil && verdict == Mismatch:
		return Credentials{}, ErrInvalidDeletion
	case err != nil:
		return Credentials{}, err
	}
	return credentials, nil
}

// RemoveAccount deletes an account for an administrator. It returns [ErrAccountNotFound].
func (s *Service) RemoveAccount(ctx context.Context, did syntax.DID) error {
	account, err := s.Store.FindAccount(ctx, byDID(did))
	if err != nil {
		return fmt.Errorf("find account: %w", err)
	}
	return s.delete(ctx, account, Deletion{})
}

// delete deletes an account and says farewell.
func (s *Service) delete(ctx context.Context, account Account, deletion Deletion) error {
	deletion.DID = account.DID
	deletion.At = s.Now()
	if s.Policy.HandleQuarantine > 0 {
		deletion.QuarantineUntil = deletion.At.Add(s.Policy.HandleQuarantine)
	}
	if account.Email != "" {
		farewell, err := s.newMail(account, farewellNotice())
		if err != nil {
			return err
		}
		farewell.DID = "" // it outlives the account
		deletion.Mails = []QueuedMail{farewell}
	}
	if err := s.Store.DeleteAccount(ctx, deletion); err != nil {
		return fmt.Errorf("delete account: %w", err)
	}
	return nil
}

// deleteOverdue deletes an account if its deadline is still over: its owner may have
// activated it a moment ago.
func (s *Service) deleteOverdue(ctx context.Context, did syntax.DID, now time.Time) error {
	defer s.lockIdentity(did)()
	account, err := s.Store.FindAccount(ctx, byDID(did))
	switch {
	case errors.Is(err, ErrAccountNotFound):
		return nil
	case err != nil:
		return fmt.Errorf("find account: %w", err)
	case account.DeleteAfter.IsZero() || now.Before(account.DeleteAfter):
		return nil
	}
	return s.delete(ctx, account, Deletion{})
}
