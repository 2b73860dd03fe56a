package sqlite

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/server/internal/account"
)

// StartSession implements [account.Sessions].
func (s *Store) StartSession(ctx context.Context, login account.Login) error {
	did := login.Session.DID
	return s.write(ctx, func(t transaction) error {
		if _, err := s.usableAccount(t, did); err != nil {
			return err
		}
		var version int64
		if err := t.row(s.writes.credentialVersion, did).Scan(&version); err != nil {
			return err
		}
		if version != login.CredentialVersion {
			return account.ErrCredentialsChanged
		}
		if login.Rehash != "" {
			if err := t.exec(s.writes.updateHash, login.Rehash, did); err != nil {
				return fmt.Errorf("update password hash: %w", err)
			}
		}
		if err := t.exec(s.writes.deleteOldSessions, did, millis(login.Session.CreatedAt)); err != nil {
			return fmt.Errorf("delete expired sessions: %w", err)
		}
		return s.insertSession(t, login.NewSession)
	})
}

// usableAccount returns an account unless it was taken down.
func (s *Store) usableAccount(t transaction, did syntax.DID) (account.Account, error) {
	a, err := scanAccount(t.row(s.writes.account, did))
	if err == nil && a.Status() == account.StatusTakendown {
		err = account.ErrTakendown
	}
	return a, err
}

func (s *Store) insertSession(t transaction, created account.NewSession) error {
	n := created.Session
	err := t.exec(s.writes.insertSession, n.ID, n.DID, n.Kind, n.Client.UserAgent, n.Client.IP,
		millis(n.CreatedAt), millis(n.LastUsedAt), millis(n.ExpiresAt), millis(n.EndsAt))
	if err != nil {
		return fmt.Errorf("insert session: %w", err)
	}
	return s.insertRefresh(t, created.Refresh, n.ID)
}

// insertRefresh adds a token that expires with its session.
func (s *Store) insertRefresh(t transaction, hash account.RefreshHash, sessionID string) error {
	if err := t.exec(s.writes.insertRefresh, hash[:], sessionID); err != nil {
		return fmt.Errorf("insert refresh token: %w", err)
	}
	return nil
}

// RotateRefresh implements [account.Sessions].
func (s *Store) RotateRefresh(ctx context.Context, rotation account.Rotation) (account.Caller, error) {
	var caller account.Caller
	err := s.write(ctx, func(t transaction) error {
		a, err := s.usableAccount(t, rotation.DID)
		if errors.Is(err, account.ErrAccountNotFound) {
			return account.ErrTokenRevoked
		}
		if err != nil {
			return err
		}
		token, err := s.findRefresh(t, rotation)
		if err != nil {
			return err
		}
		session, err := s.exchange(t, token, rotation)
		caller = account.Caller{Account: a, Session: session}
		return err
	})
	return caller, err
}

// A refreshToken is a token that is still good, with its session.
type refreshToken struct {
	next    []byte // the hash of the token it was exchanged for, or nil
	session account.Session
}

// findRefresh returns the presented token, or [account.ErrTokenRevoked].
func (s *Store) findRefresh(t transaction, rotation account.Rotation) (refreshToken, error) {
	var token refreshToken
	var expires int64
	var columns sessionRow
	row := t.row(s.writes.refresh, rotation.Presented[:], rotation.DID)
	err := row.Scan(append([]any{&expires, &token.next}, columns.targets()...)...)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return token, account.ErrTokenRevoked
	case err != nil:
		return token, fmt.Errorf("find refresh token: %w", err)
	case expires <= millis(rotation.Now):
		return token, account.ErrTokenRevoked
	case token.next != nil && !bytes.Equal(token.next, rotation.Next[:]):
		return token, account.ErrTokenRevoked
	}
	token.session = columns.session(rotation.DID)
	return token, nil
}

// exchange replaces a token by the next one on its first use. On a later use the
// next one is there already, or was replaced in its turn, and nothing changes.
func (s *Store) exchange(t transaction, token refreshToken, rotation account.Rotation) (account.Session, error) {
	session := token.session
	if token.next != nil {
		return session, nil
	}
	session.LastUsedAt = fromMillis(millis(rotation.Now))
	session.ExpiresAt = fromMillis(min(millis(rotation.IdleUntil), millis(session.EndsAt)))
	if err := t.exec(s.writes.deleteOldRefreshes, session.ID, millis(rotation.Now)); err != nil {
		return session, fmt.Errorf("delete expired refresh tokens: %w", err)
	}
	if err := t.exec(s.writes.useRefresh, rotation.Next[:], millis(rotation.GraceUntil), rotation.Presented[:]); err != nil {
		return session, fmt.Errorf("mark refresh token as used: %w", err)
	}
	if err := t.exec(s.writes.useSession, millis(session.LastUsedAt), millis(session.ExpiresAt), session.ID); err != nil {
		return session, fmt.Errorf("extend session: %w", err)
	}
	return session, s.insertRefresh(t, rotation.Next, session.ID)
}

// FindSession implements [account.Sessions].
func (s *Store) FindSession(ctx context.Context, did syntax.DID, sessionID string) (account.Caller, error) {
	var columns sessionRow
	a, err := scanAccount(s.reads.session.QueryRowContext(ctx, sessionID, did), columns.targets()...)
	switch {
	case err != nil:
		return account.Caller{}, err
	case !columns.id.Valid:
		return account.Caller{}, account.ErrTokenRevoked
	}
	return account.Caller{Account: a, Session: columns.session(did)}, nil
}

// EndSession implements [account.Sessions].
func (s *Store) EndSession(ctx context.Context, did syntax.DID, sessionID string) error {
	return s.write(ctx, func(t transaction) error {
		if err := t.exec(s.writes.deleteSession, did, sessionID); err != nil {
			return fmt.Errorf("delete session: %w", err)
		}
		return nil
	})
}

// A sessionRow receives sessionColumns, which are all null in a left join that
// found no session.
type sessionRow struct {
	id, kind, userAgent, ip            sql.NullString
	created, lastUsed, expires, endsAt sql.NullInt64
}

func (r *sessionRow) targets() []any {
	return []any{&r.id, &r.kind, &r.userAgent, &r.ip, &r.created, &r.lastUsed, &r.expires, &r.endsAt}
}

func (r *sessionRow) session(did syntax.DID) account.Session {
	return account.Session{
		ID:         r.id.String,
		DID:        did,
		Kind:       account.SessionKind(r.kind.String),
		Client:     account.Client{UserAgent: r.userAgent.String, IP: r.ip.String},
		CreatedAt:  fromNullMillis(r.created),
		LastUsedAt: fromNullMillis(r.lastUsed),
		ExpiresAt:  fromNullMillis(r.expires),
		EndsAt:     fromNullMillis(r.endsAt),
	}
}
