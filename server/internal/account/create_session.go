package account

import (
	"context"
	"errors"
	"fmt"
	"strings"
)

// LoginRequest is a request for a session.
type LoginRequest struct {
	Identifier string // a handle, an email or a DID, in any case
	Password   string
	Client     Client
}

// An Identifier is what a login names its account by.
type Identifier struct {
	Kind  IdentifierKind
	Value string // in small letters
}

// An IdentifierKind says what an [Identifier] is.
type IdentifierKind int

// The kinds of identifiers.
const (
	ByHandle IdentifierKind = iota
	ByEmail
	ByDID
)

// parseIdentifier says what kind of identifier a login was made with. It does not
// check the syntax: what names no account is simply not found.
func parseIdentifier(s string) Identifier {
	s = strings.ToLower(s)
	switch {
	case strings.Contains(s, "@"):
		return Identifier{ByEmail, s}
	case strings.HasPrefix(s, "did:"):
		return Identifier{ByDID, s}
	default:
		return Identifier{ByHandle, s}
	}
}

// CreateSession opens a session for who knows the account's password. A
// deactivated account may log in.
//
// It returns [ErrLoginPasswordTooLong]; [ErrInvalidLogin], for which the same work
// was done whatever was wrong; and, only to who knows the password,
// [ErrTakendown]. It can also return [ErrBusy] and [ErrStoreFull].
func (s *Service) CreateSession(ctx context.Context, request LoginRequest) (Grant, error) {
	if err := checkLoginPassword(request.Password); err != nil {
		return Grant{}, err
	}
	password := normalizePassword(request.Password)
	credentials, verdict, err := s.verifyLogin(ctx, request.Identifier, password)
	switch {
	case err != nil:
		return Grant{}, err
	case verdict == Mismatch:
		return Grant{}, ErrInvalidLogin
	case credentials.Account.Status() == StatusTakendown:
		return Grant{}, ErrTakendown
	}
	session, grant, err := s.openSession(credentials.Account, request.Client)
	if err != nil {
		return Grant{}, err
	}
	login := Login{NewSession: session, CredentialVersion: credentials.CredentialVersion}
	if verdict == MatchOutdated {
		if login.Rehash, err = s.rehash(ctx, password); err != nil {
			return Grant{}, err
		}
	}
	err = s.Sessions.StartSession(ctx, login)
	switch {
	case errors.Is(err, ErrCredentialsChanged), errors.Is(err, ErrAccountNotFound):
		return Grant{}, ErrInvalidLogin
	case err != nil:
		return Grant{}, fmt.Errorf("start session: %w", err)
	}
	return grant, nil
}

// verifyLogin finds the account and compares the password. An account that is not
// there, or has no password, costs as much as a wrong password.
func (s *Service) verifyLogin(ctx context.Context, identifier, password string) (Credentials, Verdict, error) {
	credentials, err := s.Accounts.FindCredentials(ctx, parseIdentifier(identifier))
	if err != nil && !errors.Is(err, ErrAccountNotFound) {
		return Credentials{}, Mismatch, fmt.Errorf("find account: %w", err)
	}
	if credentials.PasswordHash == "" {
		if err := s.Hasher.VerifyNone(ctx, password); err != nil {
			return Credentials{}, Mismatch, fmt.Errorf("verify password: %w", err)
		}
		return Credentials{}, Mismatch, nil
	}
	verdict, err := s.Hasher.Verify(ctx, credentials.PasswordHash, password)
	if err != nil {
		return Credentials{}, Mismatch, fmt.Errorf("verify password: %w", err)
	}
	return credentials, verdict, nil
}

// rehash returns a new hash of a password that was right, or nothing if the server
// is too busy: the next login will do.
func (s *Service) rehash(ctx context.Context, password string) (string, error) {
	hash, err := s.Hasher.Hash(ctx, password)
	switch {
	case errors.Is(err, ErrBusy):
		return "", nil
	case err != nil:
		return "", fmt.Errorf("rehash password: %w", err)
	}
	return hash, nil
}
