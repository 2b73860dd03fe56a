package account

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/lexgen-go/lexgen/runtime/syntax"
)

// ResolveHandle returns the DID that a handle stands for. One that an account of this
// server has stands for that account, or for nobody while it is not active. What else lies
// under a domain of this server is nobody's; for any other handle its domain is asked.
//
// It returns [ErrHandleNotFound].
//
// See https://atproto.com/specs/handle#handle-resolution.
func (s *Service) ResolveHandle(ctx context.Context, handle syntax.Handle) (syntax.DID, error) {
	handle = handle.Normalize()
	account, err := s.Store.FindAccount(ctx, Identifier{ByHandle, handle.String()})
	if errors.Is(err, ErrAccountNotFound) && !s.Handles.serves(handle) {
		return s.resolveExternal(ctx, handle)
	}
	return activeDID(account, err)
}

// LocalHandle returns the DID of the active account whose handle is the name of a
// host. The name may have a port behind it. It returns [ErrHandleNotFound].
//
// See https://atproto.com/specs/handle#https-well-known-method.
func (s *Service) LocalHandle(ctx context.Context, host string) (syntax.DID, error) {
	name, _, _ := strings.Cut(host, ":")
	handle := syntax.Handle(name)
	if !handle.Valid() {
		return "", ErrHandleNotFound
	}
	return activeDID(s.Store.FindAccount(ctx, Identifier{ByHandle, handle.Normalize().String()}))
}

// activeDID returns the DID of an account that the store has found. It returns
// [ErrHandleNotFound] if there is none, or if it is not active.
func activeDID(account Account, err error) (syntax.DID, error) {
	switch {
	case errors.Is(err, ErrAccountNotFound):
		return "", ErrHandleNotFound
	case err != nil:
		return "", fmt.Errorf("find account: %w", err)
	case account.Status() != StatusActive:
		return "", ErrHandleNotFound
	}
	return account.DID, nil
}

// resolveExternal asks the domain of a handle, within the time that there is. One that
// gives no answer names nobody.
func (s *Service) resolveExternal(ctx context.Context, handle syntax.Handle) (syntax.DID, error) {
	ctx, cancel := context.WithTimeout(ctx, directoryBudget)
	defer cancel()
	did, err := s.Identity.ResolveHandle(ctx, handle)
	switch {
	case errors.Is(err, ErrDirectoryUnavailable):
		return "", ErrHandleNotFound
	case err != nil:
		return "", fmt.Errorf("resolve handle: %w", err)
	}
	return did, nil
}

// checkExternalHandle returns [ErrInvalidRequest] unless the domain of handle names
// did.
func (s *Service) checkExternalHandle(ctx context.Context, handle syntax.Handle, did syntax.DID) error {
	found, err := s.resolveExternal(ctx, handle)
	switch {
	case errors.Is(err, ErrHandleNotFound), err == nil && found != did:
		return ErrInvalidRequest.Because("External handle did not resolve to DID")
	case err != nil:
		return err
	}
	return nil
}
