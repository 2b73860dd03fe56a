package account

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/lexgen-go/lexgen/runtime/syntax"
)

// AccountState is how far an account is, for its owner who moves it.
type AccountState struct {
	Activated bool
	ValidDID  bool // the identity points to this server
}

// AccountStatus returns how far the caller's account is. An identity of which the
// directory says nothing does not point here.
func (s *Service) AccountStatus(ctx context.Context, caller Caller) (AccountState, error) {
	err := s.checkIdentity(ctx, caller.Account.DID)
	var refusal *Refusal
	if err != nil && !errors.As(err, &refusal) {
		return AccountState{}, err
	}
	return AccountState{
		Activated: caller.Account.Status() == StatusActive,
		ValidDID:  err == nil,
	}, nil
}

// checkIdentity checks that an identity names this server as its own: that the server
// may change it, that it is found here, and that the account's key signs for it. It
// returns [ErrInvalidRequest] and [ErrDirectoryUnavailable].
//
// See https://atproto.com/specs/account#hosting-status.
func (s *Service) checkIdentity(ctx context.Context, did syntax.DID) error {
	key, err := s.Store.SigningKey(ctx, did)
	if err != nil {
		return fmt.Errorf("find signing key: %w", err)
	}
	fields, err := s.publicIdentity(ctx, did)
	switch {
	case errors.Is(err, ErrIdentityNotFound):
		return ErrInvalidRequest.Because("Could not resolve DID")
	case err != nil:
		return err
	case isPLC(did) && !slices.Contains(fields.RotationKeys, s.rotationKey()):
		return ErrInvalidRequest.Because("Server rotation key not included in PLC DID data")
	case fields.Services[PDSFragment] != s.pdsService():
		return ErrInvalidRequest.Because("DID document atproto_pds service endpoint does not match PDS public url")
	case fields.VerificationMethods[SigningKeyFragment] != key.Public:
		return ErrInvalidRequest.Because("DID document verification method does not match expected signing key")
	}
	return nil
}

// publicIdentity returns what the world is told of an identity now. Documents do not
// say who may change an identity. It returns [ErrIdentityNotFound] and
// [ErrDirectoryUnavailable].
func (s *Service) publicIdentity(ctx context.Context, did syntax.DID) (PLCFields, error) {
	if !isPLC(did) {
		document, err := s.document(ctx, did)
		return PLCFields{
			VerificationMethods: document.Keys,
			Services:            map[string]PLCService{PDSFragment: {PDSServiceType, document.PDS}},
		}, err
	}
	last, err := s.lastOperation(ctx, did)
	switch {
	case err != nil:
		return PLCFields{}, err
	case last.Tombstoned:
		return PLCFields{}, ErrIdentityNotFound
	}
	return last.Fields, nil
}

// rotationKey returns the key with which this server changes identities.
func (s *Service) rotationKey() string {
	keys := s.Identity.RotationKeys()
	return keys[len(keys)-1]
}

// pdsService returns this server as the service that an identity names.
func (s *Service) pdsService() PLCService {
	return PLCService{Type: PDSServiceType, Endpoint: s.Identity.Endpoint()}
}
