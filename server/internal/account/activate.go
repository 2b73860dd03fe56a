package account

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// leastDeactivation is how long a deactivated account is kept at least. Deleting an
// account takes a password and a mailed token; a session alone must not come to the
// same by asking for an early deletion.
const leastDeactivation = 3 * 24 * time.Hour

// Activate switches the caller's account on, or on again, if its identity points to
// this server. For an active account only that is checked.
//
// It returns [ErrUserNotFound] for an account that is gone or was taken down,
// [ErrInvalidRequest] with what is wrong about the identity, [ErrDirectoryUnavailable],
// [ErrTokenRevoked] if the caller's session has ended meanwhile, and [ErrStoreFull].
func (s *Service) Activate(ctx context.Context, caller Caller, client Client) error {
	account := caller.Account
	if account.Status() == StatusTakendown {
		return ErrUserNotFound
	}
	if err := s.checkIdentity(ctx, account.DID); err != nil {
		return describeUser(err)
	}
	if account.Status() == StatusActive {
		return nil
	}
	record, err := s.recordNotice(caller, EventActivated, client, "", activatedNotice())
	if err != nil {
		return err
	}
	if err := s.Store.Activate(ctx, account.DID, record); err != nil {
		return describeUser(fmt.Errorf("activate account: %w", err))
	}
	return nil
}

// Deactivate switches the caller's account off. deleteAfter is when the account may be
// deleted for good, or zero; before three days are over it is not.
//
// It returns [ErrUserNotFound], [ErrTokenRevoked] if the caller's session has ended
// meanwhile, and [ErrStoreFull].
//
// See https://atproto.com/specs/account.
func (s *Service) Deactivate(ctx context.Context, caller Caller, deleteAfter time.Time, client Client) error {
	account := caller.Account
	now := s.Now()
	if least := now.Add(leastDeactivation); !deleteAfter.IsZero() && deleteAfter.Before(least) {
		deleteAfter = least
	}
	record, err := s.recordNotice(caller, EventDeactivated, client, "", deactivatedNotice(deleteAfter))
	if err != nil {
		return err
	}
	if err := s.Store.Deactivate(ctx, account.DID, now, deleteAfter, record); err != nil {
		return describeUser(fmt.Errorf("deactivate account: %w", err))
	}
	return nil
}

// describeUser turns the errors of a store for an account that its owner cannot switch
// into the one refusal that clients know.
func describeUser(err error) error {
	if errors.Is(err, ErrAccountNotFound) || errors.Is(err, ErrTakendown) {
		return ErrUserNotFound
	}
	return err
}
