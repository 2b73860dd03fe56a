package account

import (
	"context"
	"errors"
	"fmt"

	"github.com/lexgen-go/lexgen/runtime/syntax"
)

// SubjectStatus returns the account that a moderator asks about, whatever its status.
// It returns [ErrSubjectNotFound].
func (s *Service) SubjectStatus(ctx context.Context, did syntax.DID) (Account, error) {
	account, err := s.Store.FindAccount(ctx, Identifier{ByDID, did.String()})
	switch {
	case errors.Is(err, ErrAccountNotFound):
		return Account{}, ErrSubjectNotFound
	case err != nil:
		return Account{}, fmt.Errorf("find account: %w", err)
	}
	return account, nil
}

// SubjectUpdate is what a moderator decides about an account. What is nil stays.
type SubjectUpdate struct {
	DID         syntax.DID
	Takedown    *Applied
	Deactivated *Applied
}

// Applied says that something is so from now on, or is not so any longer.
type Applied struct {
	Applied bool
	Ref     string // names the decision; of a takedown only, the time if it is empty
}

// UpdateSubject takes an account down or restores it, and deactivates or activates it,
// in this order. A takedown and its end both end every session of the account. What is
// so already is recorded again.
//
// It returns [ErrInvalidRequest] if a takedown comes with an activation,
// [ErrSubjectNotFound], [ErrUserNotFound] for the activation of an account that is
// taken down, and [ErrStoreFull].
func (s *Service) UpdateSubject(ctx context.Context, update SubjectUpdate, client Client) error {
	if update.Takedown.is(true) && update.Deactivated.is(false) {
		return ErrInvalidRequest.Because("Cannot activate and takedown an account at the same time")
	}
	account, err := s.SubjectStatus(ctx, update.DID)
	if err != nil {
		return err
	}
	if update.Takedown != nil {
		if err := s.updateTakedown(ctx, account, *update.Takedown, client); err != nil {
			return err
		}
	}
	if update.Deactivated != nil {
		return s.updateDeactivated(ctx, account, update.Deactivated.Applied, client)
	}
	return nil
}

// is reports whether a is there and has a value.
func (a *Applied) is(applied bool) bool {
	return a != nil && a.Applied == applied
}

// takedownTime is the layout of a takedown's reference that nobody gave.
const takedownTime = "2006-01-02T15:04:05.000Z"

func (s *Service) updateTakedown(ctx context.Context, account Account, takedown Applied, client Client) error {
	if !takedown.Applied {
		record, err := s.record(account, EventRestored, client, "")
		if err != nil {
			return err
		}
		return describeSubject("restore account", s.Store.Restore(ctx, account.DID, record))
	}
	now := s.Now()
	ref := takedown.Ref
	if ref == "" {
		ref = now.UTC().Format(takedownTime)
	}
	record, err := s.record(account, EventTakenDown, client, ref)
	if err != nil {
		return err
	}
	return describeSubject("take account down", s.Store.TakeDown(ctx, account.DID, now, ref, record))
}

func (s *Service) updateDeactivated(ctx context.Context, account Account, deactivated bool, client Client) error {
	kind := EventActivated
	if deactivated {
		kind = EventDeactivated
	}
	record, err := s.record(account, kind, client, "")
	if err != nil {
		return err
	}
	if !deactivated {
		return describeSubject("activate account", s.Store.Activate(ctx, account.DID, record))
	}
	now := s.Now()
	return describeSubject("deactivate account", s.Store.Deactivate(ctx, account.DID, now, account.DeleteAfter, record))
}

// describeSubject turns the error of a store into what a moderator is told.
func describeSubject(operation string, err error) error {
	switch {
	case errors.Is(err, ErrAccountNotFound):
		return ErrSubjectNotFound
	case errors.Is(err, ErrTakendown):
		return ErrUserNotFound
	case err != nil:
		return fmt.Errorf("%s: %w", operation, err)
	}
	return nil
}
