package account

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/lexgen-go/lexgen/runtime/syntax"
)

// UpdateHandle gives the caller's account another handle, or makes sure of the one that
// it has. The store reserves the handle, then the directory learns of it, then the
// store commits it; so it is never two accounts', and a change that fails leaves the
// identity as it was. Once the handle is reserved, the change is finished or given up
// even if ctx is cancelled; if the directory does not say what became of it,
// [Service.RecoverHandles] does that later. Changes of one identity wait for each other.
//
// It returns what [HandlePolicy.Check] returns, but lets a domain of one's own pass if
// it names the account; otherwise [ErrInvalidRequest], and also for a did:web identity
// whose document does not claim the handle. It returns [ErrHandleTaken],
// [ErrIdentityNotFound], [ErrInvalidOperation], [ErrOperationRefused],
// [ErrDirectoryUnavailable] and [ErrStoreFull].
func (s *Service) UpdateHandle(ctx context.Context, caller Caller, handle syntax.Handle, client Client) error {
	handle, external, err := s.Handles.checkOwned(handle)
	if err != nil {
		return err
	}
	return s.changeHandle(ctx, handleChange{caller.Account.DID, handle, external, client})
}

// SetHandle is UpdateHandle by an administrator: reserved and blocked words are allowed.
// It can also return [ErrAccountNotFound].
func (s *Service) SetHandle(ctx context.Context, did syntax.DID, handle syntax.Handle, client Client) error {
	handle, external, err := s.Handles.checkGranted(handle)
	if err != nil {
		return err
	}
	return s.changeHandle(ctx, handleChange{did, handle, external, client})
}

// A handleChange is a change of a handle that keeps the rules.
type handleChange struct {
	did      syntax.DID
	handle   syntax.Handle // in small letters
	external bool          // under no domain of this server
	client   Client
}

func (s *Service) changeHandle(ctx context.Context, change handleChange) error {
	if change.external {
		if err := s.checkExternalHandle(ctx, change.handle, change.did); err != nil {
			return err
		}
	}
	defer s.lockIdentity(change.did)()
	account, err := s.Store.FindAccount(ctx, byDID(change.did))
	if err != nil {
		return fmt.Errorf("find account: %w", err)
	}
	work, cancel := detach(ctx)
	defer cancel()
	if account.Handle == change.handle {
		_, err := s.claimHandle(work, change.did, change.handle)
		return err
	}
	now := s.Now()
	err = s.Store.ReserveHandle(work, HandleReservation{
		DID:        change.did,
		Handle:     change.handle,
		LeaseUntil: now.Add(leaseLifetime),
	}, now)
	switch {
	case errors.Is(err, ErrHandleTaken):
		return ErrHandleTaken.Because("Handle already taken: %s", change.handle)
	case err != nil:
		return fmt.Errorf("reserve handle: %w", err)
	}
	result, err := s.claimHandle(work, change.did, change.handle)
	switch result {
	case unpublished:
		return s.releaseHandle(work, change.did, change.handle, err)
	case undecided:
		return err
	}
	return s.commitHandle(work, account, change.handle, change.client)
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

// commitHandle gives an account the handle that its identity claims.
func (s *Service) commitHandle(ctx context.Context, account Account, handle syntax.Handle, client Client) error {
	before := account.Handle
	account.Handle = handle
	record, err := s.record(account, EventHandleChanged, client, handle.String(), handleChangedNotice(before))
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
