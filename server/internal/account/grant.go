package account

import (
	"fmt"
	"time"
)

// openSession returns a new session of account that was opened with its own password,
// with its first refresh token, and the grant that tells the client of it. Nothing is
// kept yet.
func (s *Service) openSession(account Account, client Client) (NewSession, Grant, error) {
	return s.openSessionAs(account, SessionPassword, "", client)
}

// openSessionAs is openSession for any kind of session. One of an account that was taken
// down cannot be refreshed and is over with its access token.
func (s *Service) openSessionAs(account Account, kind SessionKind, appPassword string, client Client) (NewSession, Grant, error) {
	id, err := newID(s.Rand)
	if err != nil {
		return NewSession{}, Grant{}, err
	}
	refreshID, err := newRefreshID(s.Rand)
	if err != nil {
		return NewSession{}, Grant{}, err
	}
	now := s.Now()
	opened := NewSession{
		Session: Session{
			ID:          id,
			DID:         account.DID,
			Kind:        kind,
			AppPassword: appPassword,
			Client:      client.clipped(),
			CreatedAt:   now,
			LastUsedAt:  now,
			ExpiresAt:   now.Add(IdleLifetime),
			EndsAt:      now.Add(SessionLifetime),
		},
		Refresh: HashRefreshID(refreshID),
	}
	if kind == SessionTakendown {
		opened.Session.ExpiresAt = now.Add(AccessLifetime)
		opened.Session.EndsAt = opened.Session.ExpiresAt
		opened.Refresh = RefreshHash{}
	}
	grant, err := s.grant(Caller{account, opened.Session}, refreshID, now)
	return opened, grant, err
}

// grant signs the tokens with which caller goes on.
func (s *Service) grant(caller Caller, refreshID string, now time.Time) (Grant, error) {
	id, err := newID(s.Rand)
	if err != nil {
		return Grant{}, err
	}
	access, err := s.Tokens.IssueAccess(AccessClaims{
		Subject:   caller.Account.DID,
		Scope:     caller.Session.Kind.Scope(),
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
