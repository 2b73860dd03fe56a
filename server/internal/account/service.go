package account

import (
	"fmt"
	"io"
	"time"
)

// Service carries out what clients ask for, by the rules of this package. All
// fields must be set before the first call; then it may be used concurrently.
//
// Its methods return a [Refusal] for what a rule forbids. Any other error is a
// fault of the server or of what it depends on.
type Service struct {
	Accounts  Accounts
	Sessions  Sessions
	Tokens    TokenIssuer
	Identity  Identity
	Hasher    Hasher
	Handles   *HandlePolicy
	Passwords PasswordPolicy
	Now       Clock
	Rand      io.Reader // random bytes, safe for concurrent use
}

// openSession returns a new session of account with its first refresh token, and
// the grant that tells the client of it. Nothing is kept yet.
func (s *Service) openSession(account Account, client Client) (NewSession, Grant, error) {
	id, err := newID(s.Rand)
	if err != nil {
		return NewSession{}, Grant{}, err
	}
	refreshID, err := newRefreshID(s.Rand)
	if err != nil {
		return NewSession{}, Grant{}, err
	}
	now := s.Now()
	session := Session{
		ID:         id,
		DID:        account.DID,
		Kind:       SessionPassword,
		Client:     client.clipped(),
		CreatedAt:  now,
		LastUsedAt: now,
		ExpiresAt:  now.Add(IdleLifetime),
		EndsAt:     now.Add(SessionLifetime),
	}
	grant, err := s.grant(Caller{account, session}, refreshID, now)
	return NewSession{Session: session, Refresh: HashRefreshID(refreshID)}, grant, err
}

// grant signs the tokens with which caller goes on.
func (s *Service) grant(caller Caller, refreshID string, now time.Time) (Grant, error) {
	id, err := newID(s.Rand)
	if err != nil {
		return Grant{}, err
	}
	access, err := s.Tokens.IssueAccess(AccessClaims{
		Subject:   caller.Account.DID,
		Scope:     ScopeAccess,
		SessionID: caller.Session.ID,
		ID:        id,
		IssuedAt:  now,
		ExpiresAt: now.Add(AccessLifetime),
	})
	if err != nil {
		return Grant{}, fmt.Errorf("issue access token: %w", err)
	}
	refresh, err := s.Tokens.IssueRefresh(RefreshClaims{
		Subject:   caller.Account.DID,
		SessionID: caller.Session.ID,
		ID:        refreshID,
		IssuedAt:  now,
		ExpiresAt: caller.Session.ExpiresAt,
	})
	if err != nil {
		return Grant{}, fmt.Errorf("issue refresh token: %w", err)
	}
	return Grant{Account: caller.Account, AccessJWT: access, RefreshJWT: refresh}, nil
}
