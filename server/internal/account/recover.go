package account

import (
	"context"
	"errors"
	"fmt"
	"slices"
)

// RecoverSignups clears up sign-ups whose requests came to no end, because the server
// stopped or the directory gave no answer. Where the directory has the identity, or takes
// it now, the account is created, so that its owner can log in; where it refuses, everything
// that was reserved is given back; and where it still gives no answer, nothing is done. It
// is to be called when the server starts, and from time to time.
//
// It goes on after a failure and returns all of them, [ErrDirectoryUnavailable] among
// them.
func (s *Service) RecoverSignups(ctx context.Context) error {
	reservations, err := s.Store.Reservations(ctx, s.Now())
	if err != nil {
		return fmt.Errorf("list sign-ups: %w", err)
	}
	var errs []error
	for _, reservation := range reservations {
		errs = append(errs, s.recoverSignup(ctx, reservation))
	}
	return errors.Join(errs...)
}

func (s *Service) recoverSignup(ctx context.Context, reservation Reservation) error {
	did := reservation.Account.DID
	result, err := s.decideSignup(ctx, reservation.Genesis)
	switch result {
	case published:
		record, err := s.record(reservation.Account, EventCreated, reservation.Client, "")
		if err != nil {
			return err
		}
		_, err = s.Store.FinishSignup(ctx, did, nil /* session */, record)
		if err != nil && !errors.Is(err, ErrReservationGone) {
			return fmt.Errorf("finish sign-up: %w", err)
		}
	case unpublished:
		if err := s.Store.ReleaseSignup(ctx, did); err != nil {
			return fmt.Errorf("release sign-up: %w", err)
		}
	}
	return err
}

// decideSignup finds out whether the directory has an identity. As long as it has not,
// the operation may still be on its way from the first time: what decides is to publish
// it once more, since the directory keeps the same operation only once. The error is nil
// unless the outcome is undecided.
func (s *Service) decideSignup(ctx context.Context, genesis Operation) (outcome, error) {
	last, err := s.lastOperation(ctx, genesis.DID)
	switch {
	case err == nil && last.Tombstoned:
		return unpublished, nil
	case err == nil:
		return published, nil
	case !errors.Is(err, ErrIdentityNotFound):
		return undecided, err
	}
	_, err = s.publish(ctx, genesis, isThere)
	switch {
	case errors.Is(err, ErrOperationRefused): // perhaps because it has just arrived
		return s.lookUp(ctx, genesis.DID, isThere)
	case err != nil:
		return undecided, err
	}
	return published, nil
}

// RecoverHandles is [Service.RecoverSignups] for changes of handles: the account gets the
// handle if its identity claims it, and otherwise the handle is given back. Nothing is
// published: since the request, its owner may have changed the identity elsewhere.
func (s *Service) RecoverHandles(ctx context.Context) error {
	reservations, err := s.Store.HandleReservations(ctx, s.Now())
	if err != nil {
		return fmt.Errorf("list changes of handles: %w", err)
	}
	var errs []error
	for _, reservation := range reservations {
		errs = append(errs, s.recoverHandle(ctx, reservation))
	}
	return errors.Join(errs...)
}

func (s *Service) recoverHandle(ctx context.Context, reservation HandleReservation) error {
	did, handle := reservation.DID, reservation.Handle
	unlock, err := s.lockIdentity(ctx, did)
	if err != nil {
		return err
	}
	defer unlock()
	reserved, err := s.Store.ReservedHandles(ctx, did)
	switch {
	case err != nil:
		return fmt.Errorf("list changes of handles: %w", err)
	case !slices.Contains(reserved, reservation): // since it was listed, a request has been at work on it
		return nil
	}
	account, err := s.Store.FindAccount(ctx, byDID(did))
	switch {
	case errors.Is(err, ErrAccountNotFound):
		return s.releaseHandle(ctx, did, handle, nil)
	case err != nil:
		return fmt.Errorf("find account: %w", err)
	case !isPLC(did): // nothing was changed outside
		return s.releaseHandle(ctx, did, handle, nil)
	}
	result, err := s.lookUp(ctx, did, func(last PublishedOperation) bool { return claimsHandle(last.Fields, handle) })
	switch result {
	case published:
		err := s.commitHandle(ctx, account, handle, Client{})
		if errors.Is(err, ErrReservationGone) {
			return nil
		}
		return err
	case unpublished:
		return s.releaseHandle(ctx, did, handle, nil)
	}
	return err
}
