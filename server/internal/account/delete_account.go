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
	credentials, err := s.findCredentials(ctx, identifier)
	if err != nil {
		return err
	}
	guess, err := s.admit(ctx, identifier, credentials.Account, request.Client)
	if err != nil {
		return err
	}
	err = s.verifyDeletion(ctx, identifier, credentials, request.Password)
	if err := s.settle(guess, false /* own */, err); err != nil {
		return err
	}
	proof := s.proof(PurposeDeleteAccount, request.Token)
	err = s.delete(ctx, credentials.Account, Deletion{CredentialVersion: credentials.CredentialVersion, Proof: &proof})
	if errors.Is(err, ErrCredentialsChanged) || errors.Is(err, ErrAccountNotFound) {
		return ErrInvalidDeletion
	}
	return err
}

// verifyDeletion compares the password.
func (s *Service) verifyDeletion(ctx context.Context, identifier Identifier, credentials Credentials, password string) error {
	verdict, err := s.verifyPassword(ctx, identifier, credentials, password)
	if errors.Is(err, ErrInvalidLogin) || err == nil && verdict == Mismatch {
		return ErrInvalidDeletion
	}
	return err
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
	deletion.QuarantineUntil = s.quarantine(account.Handle)
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
func (s *Service) deleteOverdue(ctx context.Context, account Account, now time.Time) error {
	err := s.delete(ctx, account, Deletion{OverdueAt: now})
	if errors.Is(err, ErrNotOverdue) {
		return nil
	}
	return err
}
