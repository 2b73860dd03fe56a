package account

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/lexgen-go/lexgen/runtime/syntax"
)

// importPatience is how long an account that moves here may stay deactivated, until it
// is deleted. Its owner has that long to make the identity point here.
const importPatience = 3 * 24 * time.Hour

// importAccount creates an account for an identity that exists. Whoever asks for it
// has shown, with a token of the identity, that it is theirs. The account is
// deactivated until [Service.Activate] finds that the identity points here.
//
// See https://atproto.com/guides/account-migration.
func (s *Service) importAccount(ctx context.Context, signup Signup, reservation Reservation) (Grant, error) {
	if err := s.checkImport(ctx, signup, reservation.Account.Handle); err != nil {
		return Grant{}, err
	}
	if err := s.addPassword(ctx, &reservation, signup.Password); err != nil {
		return Grant{}, err
	}
	now := s.Now()
	reservation.Account.DeactivatedAt = now
	reservation.Account.DeleteAfter = now.Add(importPatience)
	var err error
	if reservation.SigningKey, err = s.newSigningKey(); err != nil {
		return Grant{}, err
	}
	session, grant, err := s.openSession(reservation.Account, signup.Client)
	if err != nil {
		return Grant{}, err
	}
	record, err := s.record(reservation.Account, EventImported, signup.Client, "")
	if err != nil {
		return Grant{}, err
	}
	err = s.Store.ImportAccount(ctx, reservation, session, record)
	switch {
	case errors.Is(err, ErrReplayed):
		return Grant{}, ErrUnauthorizedImport.Because("Invalid authorization header: %s", ErrReplayed)
	case err != nil:
		return Grant{}, s.describeTaken(err, reservation.Account.Handle, signup.Email)
	}
	grant.DIDDoc = s.didDoc(ctx, signup.DID)
	return grant, nil
}

// checkImport checks that the identity is the requester's, that it is there, and that
// a handle under a foreign domain is its own. Other servers are asked only for a
// requester who has shown to be somebody.
func (s *Service) checkImport(ctx context.Context, signup Signup, handle syntax.Handle) error {
	switch {
	case signup.Requester != signup.DID:
		return ErrUnauthorizedImport.Because("Missing auth to create account with did: %s", signup.DID)
	case signup.DID.Method() == "web" && hasCapitals(signup.DID):
		return ErrInvalidRequest.Because("The host of a did:web must be in small letters")
	}
	_, err := s.document(ctx, signup.DID)
	switch {
	case errors.Is(err, ErrIdentityNotFound):
		return ErrUnresolvableDID
	case err != nil:
		return err
	case s.Handles.serves(handle):
		return nil
	}
	return s.checkExternalHandle(ctx, handle, signup.DID)
}

// hasCapitals reports whether a did:web names a host that has another spelling, in small
// letters: two DIDs that are not the same would have the same document.
func hasCapitals(did syntax.DID) bool {
	host, _, _ := strings.Cut(did.Identifier(), webPortMark)
	return lowerASCII(host) != host
}
