package account

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/lexgen-go/lexgen/runtime/syntax"
)

// UpdateHandle gives the caller's account another handle, or makes sure of the one that
// it has. The store reserves the handle, then the directory learns of it, then the
// store commits it; so it is never two accounts', and a change that fails leaves the
// identity as it was. Once the handle is reserved, the change is finished or given up
// even if ctx is cancelled; if the directory does not say what became of it, the handle
// stays reserved, and the next change or [Service.RecoverHandles] finds out. Changes of one
// identity wait for each other.
//
// It returns what [HandlePolicy.Check] returns, but lets a domain of one's own pass if
// it names the account; otherwise [ErrInvalidRequest], and also for a did:web identity
// whose document does not claim the handle. It returns [ErrHandleTaken],
// [ErrIdentityNotFound], [ErrInvalidOperation], [ErrOperationRefused],
// [ErrDirectoryUnavailable], [ErrStoreFull], and, if the account or the caller's session
// has ended meanwhile, [ErrAccountNotFound], [ErrTakendown] and [ErrTokenRevoked].
func (s *Service) UpdateHandle(ctx context.Context, caller Caller, handle syntax.Handle, client Client) error {
	handle, external, err := s.Handles.checkOwned(handle)
	if err != nil {
		return err
	}
	return s.changeHandle(ctx, handleChange{caller.Account.DID, handle, external, caller.Session.ID, client})
}

// SetHandle is UpdateHandle by an administrator: reserved and blocked words are allowed.
func (s *Service) SetHandle(ctx context.Context, did syntax.DID, handle syntax.Handle, client Client) error {
	handle, external, err := s.Handles.checkGranted(handle)
	if err != nil {
		return err
	}
	return s.changeHandle(ctx, handleChange{did, handle, external, "" /* session */, client})
}

// A handleChange is a change of a handle that keeps the rules.
type handleChange struct {
	did      syntax.DID
	handle   syntax.Handle // in small letters
	external bool          // under no domain of this server
	session  string        // of who asks for it; empty for an administrator
	client   Client
}

func (s *Service) changeHandle(ctx context.Context, change handleChange) error {
	if change.external {
		if err := s.checkExternalHandle(ctx, change.handle, change.did); err != nil {
			return err
		}
	}
	unlock, err := s.lockIdentity(ctx, change.did)
	if err != nil {
		return err
	}
	defer unlock()
	account, err := s.findAsking(ctx, change.did, change.session)
	if err != nil {
		return err
	}
	work, cancel := detach(ctx)
	defer cancel()
	account, pending, err := s.settleHandles(work, account)
	switch {
	case err != nil:
		return err
	case account.Handle == change.handle:
		_, err := s.claimHandle(work, change.did, change.handle)
		return err
	}
	if err := s.reserveHandle(work, change); err != nil {
		return err
	}
	result, err := s.claimHandle(work, change.did, change.handle)
	switch {
	case result == published:
		return s.commitChange(work, account, change.handle, change.client)
	case result == unpublished && !slices.Contains(pending, change.handle):
		return s.releaseHandle(work, change.did, change.handle, err)
	}
	return err
}

// findAsking returns an account as it is by now, if the session that asks for a change of its
// identity has not ended meanwhile. An administrator has no session: its id is empty.
func (s *Service) findAsking(ctx context.Context, did syntax.DID, session string) (Account, error) {
	if session == "" {
		account, err := s.Store.FindAccount(ctx, byDID(did))
		if err != nil {
			return Account{}, fmt.Errorf("find account: %w", err)
		}
		return account, nil
	}
	caller, err := s.Store.FindSession(ctx, did, session)
	if err != nil {
		return Account{}, fmt.Errorf("find session: %w", err)
	}
	return caller.Account, nil
}

// settleHandles looks what became of changes that earlier requests left undecided. It
// returns the account with the handle that its identity claims, if that is one of theirs,
// and the handles that are still reserved for it: the directory may yet learn of these.
func (s *Service) settleHandles(ctx context.Context, account Account) (Account, []syntax.Handle, error) {
	reserved, err := s.Store.ReservedHandles(ctx, account.DID)
	switch {
	case err != nil:
		return Account{}, nil, fmt.Errorf("list changes of handles: %w", err)
	case len(reserved) == 0 || !isPLC(account.DID): // nothing was changed outside
		return account, nil, nil
	}
	last, err := s.lastOperation(ctx, account.DID)
	if err != nil {
		return Account{}, nil, err
	}
	var pending []syntax.Handle
	for _, reservation := range reserved {
		if !claimsHandle(last.Fields, reservation.Handle) {
			pending = append(pending, reservation.Handle)
			continue
		}
		if err := s.commitChange(ctx, account, reservation.Handle, Client{}); err != nil {
			return Account{}, nil, err
		}
		account.Handle = reservation.Handle
	}
	return account, pending, nil
}

// reserveHandle keeps the handle of a change from all others.
func (s *Service) reserveHandle(ctx context.Context, change handleChange) error {
	now := s.Now()
	err := s.Store.ReserveHandle(ctx, HandleReservation{
		DID:        change.did,
		Handle:     change.handle,
		LeaseUntil: now.Add(leaseLifetime),
		SessionID:  change.session,
	}, now)
	switch {
	case errors.Is(err, ErrHandleTaken):
		return ErrHandleTaken.Because("Handle already taken: %s", change.handle)
	case err != nil:
		return fmt.Errorf("reserve handle: %w", err)
	}
	return nil
}

// claimHandle makes an identity claim a handle. Nothing is done if it does so already,
// and for an identity that is in no directory nothing can be done here. The error is
// nil only if the outcome is published.
func (s *Service) claimHandle(ctx context.Context, did syntax.DID, handle syntax.Handle) (outcome, error) {
	claims := func(last PublishedOperation) bool { return claimsHandle(last.Fields, handle) }
	if !isPLC(did) {
		return s.findClaim(ctx, did, handle)
	}
	result, err := s.lookUp(ctx, did, claims)
	switch {
	case err != nil:
		return unpublished, err // nothing was asked for yet
	case result == published:
		return published, nil
	}
	operation, err := s.newChange(ctx, did, PLCChange{Handle: handle})
	if err != nil {
		return unpublished, err
	}
	return s.publish(ctx, operation, claims)
}

// findClaim looks whether the document of an identity claims a handle.
func (s *Service) findClaim(ctx context.Context, did syntax.DID, handle syntax.Handle) (outcome, error) {
	document, err := s.document(ctx, did)
	switch {
	case err != nil:
		return unpublished, err
	case document.Handle.Normalize() != handle:
		return unpublished, ErrInvalidRequest.Because("DID is not properly configured for handle")
	}
	return published, nil
}

// newChange is [Identity].NewChange within the time that there is.
func (s *Service) newChange(ctx context.Context, did syntax.DID, change PLCChange) (Operation, error) {
	ctx, cancel := context.WithTimeout(ctx, directoryBudget)
	defer cancel()
	operation, err := s.Identity.NewChange(ctx, did, change)
	if err != nil {
		return Operation{}, fmt.Errorf("create operation: %w", err)
	}
	return operation, nil
}

// releaseHandle ends the reservation of a handle that an account cannot have because of
// cause.
func (s *Service) releaseHandle(ctx context.Context, did syntax.DID, handle syntax.Handle, cause error) error {
	if err := s.Store.ReleaseHandle(ctx, did, handle); err != nil {
		return errors.Join(cause, fmt.Errorf("release handle: %w", err))
	}
	return cause
}

// commitChange is commitHandle under the lock of the identity, where a reservation goes
// only with its account.
func (s *Service) commitChange(ctx context.Context, account Account, handle syntax.Handle, client Client) error {
	err := s.commitHandle(ctx, account, handle, client)
	if errors.Is(err, ErrReservationGone) {
		return ErrAccountNotFound
	}
	return err
}

// commitHandle gives an account the handle that its identity claims.
func (s *Service) commitHandle(ctx context.Context, account Account, handle syntax.Handle, client Client) error {
	before := account.Handle
	account.Handle = handle
	record, err := s.recordNotice(Caller{Account: account}, EventHandleChanged, client, handle.String(), handleChangedNotice(before))
	if err != nil {
		return err
	}
	if _, err := s.Store.CommitHandle(ctx, account.DID, handle, s.quarantine(before), record); err != nil {
		return fmt.Errorf("commit handle: %w", err)
	}
	return nil
}

// quarantine returns until when nobody else can have a handle that its account gives
// up now; zero for one that is not this server's to give.
func (s *Service) quarantine(handle syntax.Handle) time.Time {
	if s.Policy.HandleQuarantine <= 0 || !s.Handles.serves(handle) {
		return time.Time{}
	}
	return s.Now().Add(s.Policy.HandleQuarantine)
}
