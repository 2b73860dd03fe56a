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
	Value string // in small ASCII letters
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
	s = lowerASCII(s)
	switch {
	case strings.Contains(s, "@"):
		return Identifier{ByEmail, s}
	case strings.HasPrefix(s, "did:"):
		return Identifier{ByDID, s}
	default:
		return Identifier{ByHandle, s}
	}
}

// lowerASCII returns s with small ASCII letters for the capital ones. Handles and
// emails have no others; by the rules of Unicode a Kelvin sign would become a k.
func lowerASCII(s string) string {
	return strings.Map(func(r rune) rune {
		if 'A' <= r && r <= 'Z' {
			r += 'a' - 'A'
		}
		return r
	}, s)
}

// CreateSession opens a session for who knows the account's password. A
// deactivated account may log in.
//
// It returns [ErrLoginPasswordTooLong] and [ErrInvalidLogin], for which the same
// work was done whatever was wrong; and, only to who knows the password,
// [ErrTakendown]. It can also return [ErrBusy] and [ErrStoreFull].
func (s *Service) CreateSession(ctx context.Context, request LoginRequest) (Grant, error) {
	credentials, verdict, err := s.verifyLogin(ctx, request)
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
		if login.Rehash, err = s.rehash(ctx, normalizePassword(request.Password)); err != nil {
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
// there, or has no password, costs as much as a wrong password, and so does a
// password that nobody can have: in its place the empty one is compared.
func (s *Service) verifyLogin(ctx context.Context, request LoginRequest) (Credentials, Verdict, error) {
	password, refusal := "", checkLoginPassword(request.Password)
	if refusal == nil {
		password = normalizePassword(request.Password)
	}
	credentials, verdict, err := s.verifyPassword(ctx, parseIdentifier(request.Identifier), password)
	if err == nil {
		err = refusal
	}
	return credentials, verdict, err
}

func (s *Service) verifyPassword(ctx context.Context, identifier Identifier, password string) (Credentials, Verdict, error) {
	credentials, err := s.Accounts.FindCredentials(ctx, identifier)
	if err != nil && !errors.Is(err, ErrAccountNotFound) {
		return Credentials{}, Mismatch, fmt.Errorf("find account: %w", err)
	}
	if credentials.PasswordHash == "" {
		return Credentials{}, Mismatch, s.verifyDecoy(ctx, identifier, password)
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
