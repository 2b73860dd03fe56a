package sqlite

import (
	"bytes"
	"context"
	"database/sql"
	"errors"

	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/server/internal/account"
)

// sessionColumns are the columns that a sessionRow receives.
const sessionColumns = `session.id, session.kind, session.app_password, session.user_agent, session.ip,
	session.created_at, session.last_used_at, session.expires_at, session.ends_at`

const (
	selectSession = `SELECT ` + accountColumns + `, ` + sessionColumns + `
		FROM account LEFT JOIN session ON session.id = ? AND session.did = account.did
		WHERE account.did = ?`
	insertSession = `INSERT INTO session (id, did, kind, app_password, user_agent, ip,
		created_at, last_used_at, expires_at, ends_at, refresh_hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
	deleteSession       = `DELETE FROM session WHERE did = ? AND id = ?`
	deleteSessions      = `DELETE FROM session WHERE did = ?`
	deleteSessionsOfApp = `DELETE FROM session WHERE did = ? AND app_password = ? AND app_password <> ''`
	deleteOldSessions   = `DELETE FROM session WHERE did = ? AND expires_at <= ?`

	selectRefresh = `SELECT ` + accountColumns + `, ` + sessionColumns + `,
		session.refresh_hash, used.next_hash, used.expires_at
		FROM account LEFT JOIN session ON session.id = ? AND session.did = account.did
			LEFT JOIN used_refresh_token AS used ON used.session_id = session.id AND used.hash = ?
		WHERE account.did = ?`
	replaceRefresh    = `UPDATE session SET refresh_hash = ?, last_used_at = ?, expires_at = ? WHERE id = ?`
	insertUsedRefresh = `INSERT INTO used_refresh_token (session_id, hash, next_hash, expires_at) VALUES (?, ?, ?, ?)`
)

// StartSession implements [account.Sessions].
func (s *Store) StartSession(ctx context.Context, login account.Login) error {
	did := login.Session.DID
	return s.write(ctx, func(t transaction) error {
		if err := checkLogin(t, login); err != nil {
			return err
		}
		if err := useProof(t, did, login.AuthFactor); err != nil {
			return err
		}
		if login.Rehash != "" {
			if err := t.exec(updateHash, login.Rehash, did); err != nil {
				return err
			}
		}
		if err := t.exec(deleteOldSessions, did, millis(login.Session.CreatedAt)); err != nil {
			return err
		}
		if err := startSession(t, login.NewSession); err != nil {
			return err
		}
		return keepRecord(t, login.Record)
	})
}

// checkLogin returns an error if what a login was checked against does not hold any
// longer.
func checkLogin(t transaction, login account.Login) error {
	session := login.Session
	a, err := findAccount(t, session.DID)
	if err != nil {
		return err
	}
	// Nothing but a session of that kind may begin after a takedown.
	mayBeTakendown := login.AllowTakendown && session.Kind == account.SessionTakendown
	if a.Status() == account.StatusTakendown && !mayBeTakendown {
		return account.ErrTakendown
	}
	if err := checkVersion(t, session.DID, login.CredentialVersion); err != nil {
		return err
	}
	if a.EmailAuthFactor && session.AppPassword == "" && login.AuthFactor == nil {
		return account.ErrAuthFactorRequired
	}
	if err := checkProof(t, session.DID, login.AuthFactor); err != nil {
		return err
	}
	if session.AppPassword == "" {
		return nil
	}
	return checkAppPassword(t, login)
}

// checkAppPassword notes that an app password is used, or returns
// [account.ErrCredentialsChanged] if it is not there any more.
func checkAppPassword(t transaction, login account.Login) error {
	session := login.Session
	privileged := session.Kind == account.SessionPrivileged
	found, err := t.change(useAppPassword, millis(session.CreatedAt), session.DID, session.AppPassword, login.AppPasswordHash[:], privileged)
	if err == nil && !found {
		err = account.ErrCredentialsChanged
	}
	return err
}

func startSession(t transaction, created account.NewSession) error {
	n := created.Session
	var refresh []byte // null for a session that cannot be refreshed
	if created.Refresh != (account.RefreshHash{}) {
		refresh = created.Refresh[:]
	}
	return t.exec(insertSession, n.ID, n.DID, n.Kind, n.AppPassword, n.Client.UserAgent, n.Client.IP,
		millis(n.CreatedAt), millis(n.LastUsedAt), millis(n.ExpiresAt), millis(n.EndsAt), refresh)
}

// RotateRefresh implements [account.Sessions].
func (s *Store) RotateRefresh(ctx context.Context, rotation account.Rotation) (account.Caller, error) {
	var caller account.Caller
	err := s.write(ctx, func(t transaction) error {
		token, err := findRefresh(t, rotation)
		if err != nil {
			return err
		}
		caller = token.caller
		if token.used {
			return nil
		}
		caller.Session, err = exchange(t, caller.Session, rotation)
		return err
	})
	if err != nil {
		return account.Caller{}, err
	}
	return caller, nil
}

// A refreshToken is a token that is still good, with its session.
type refreshToken struct {
	caller account.Caller
	used   bool // it was exchanged before, and the session went on with the next one
}

// findRefresh returns the presented token, or the errors that [account.Sessions] says for
// RotateRefresh.
func findRefresh(t transaction, rotation account.Rotation) (refreshToken, error) {
	var columns sessionRow
	var current, next []byte
	var graceUntil sql.NullInt64
	row := t.row(selectRefresh, rotation.SessionID, rotation.Presented[:], rotation.DID)
	a, err := scanAccount(row, append(columns.targets(), &current, &next, &graceUntil)...)
	if errors.Is(err, account.ErrAccountNotFound) {
		return refreshToken{}, account.ErrTokenRevoked
	}
	if err != nil {
		return refreshToken{}, err
	}
	isCurrent := bytes.Equal(current, rotation.Presented[:]) && millis(rotation.Now) < columns.expires.Int64
	isUsed := bytes.Equal(next, rotation.Next[:]) && millis(rotation.Now) < graceUntil.Int64
	switch {
	case a.Status() == account.StatusTakendown:
		return refreshToken{}, account.ErrTakendown
	case !isCurrent && !isUsed:
		return refreshToken{}, account.ErrTokenRevoked
	}
	return refreshToken{account.Caller{Account: a, Session: columns.session(rotation.DID)}, isUsed}, nil
}

// exchange replaces the token of a session by the next one, and returns the session with its
// new times.
func exchange(t transaction, session account.Session, rotation account.Rotation) (account.Session, error) {
	graceUntil := min(millis(rotation.GraceUntil), millis(session.ExpiresAt))
	session.LastUsedAt = fromMillis(millis(rotation.Now))
	session.ExpiresAt = fromMillis(min(millis(rotation.IdleUntil), millis(session.EndsAt)))
	if err := t.exec(insertUsedRefresh, session.ID, rotation.Presented[:], rotation.Next[:], graceUntil); err != nil {
		return session, err
	}
	return session, t.exec(replaceRefresh, rotation.Next[:], millis(session.LastUsedAt), millis(session.ExpiresAt), session.ID)
}

// FindSession implements [account.Sessions].
func (s *Store) FindSession(ctx context.Context, did syntax.DID, sessionID string) (account.Caller, error) {
	return findSession(s.lookUp(ctx), did, sessionID)
}

// findSession returns an account with its session of an id, or the error that
// [account.Sessions] says for FindSession.
func findSession(t transaction, did syntax.DID, id string) (account.Caller, error) {
	var columns sessionRow
	a, err := scanAccount(t.row(selectSession, id, did), columns.targets()...)
	switch {
	case err != nil:
		return account.Caller{}, err
	case columns.id.Valid:
		return account.Caller{Account: a, Session: columns.session(did)}, nil
	case a.Status() == account.StatusTakendown:
		return account.Caller{}, account.ErrTakendown
	}
	return account.Caller{}, account.ErrTokenRevoked
}

// writeAs is write for what a session of did asks for, if id is not empty. It returns what
// [account.Record] says, or [account.ErrAccountNotFound].
func (s *Store) writeAs(ctx context.Context, did syntax.DID, id string, f func(t transaction) error) error {
	return s.write(ctx, func(t transaction) error {
		if err := checkSession(t, did, id); err != nil {
			return err
		}
		return f(t)
	})
}

// checkSession returns an error if a session that asks for something has ended.
func checkSession(t transaction, did syntax.DID, id string) error {
	if id == "" {
		return nil
	}
	_, err := findSession(t, did, id)
	return err
}

// EndSession implements [account.Sessions].
func (s *Store) EndSession(ctx context.Context, did syntax.DID, sessionID string, record account.Record) error {
	return s.writeAs(ctx, did, record.SessionID, func(t transaction) error {
		if err := t.exec(deleteSession, did, sessionID); err != nil {
			return err
		}
		return keepRecord(t, record)
	})
}

// A sessionRow receives sessionColumns, which are all null in a left join that
// found no session.
type sessionRow struct {
	id, kind, appPassword, userAgent, ip sql.NullString
	created, lastUsed, expires, endsAt   sql.NullInt64
}

func (r *sessionRow) targets() []any {
	return []any{
		&r.id, &r.kind, &r.appPassword, &r.userAgent, &r.ip,
		&r.created, &r.lastUsed, &r.expires, &r.endsAt,
	}
}

func (r *sessionRow) session(did syntax.DID) account.Session {
	return account.Session{
		ID:          r.id.String,
		DID:         did,
		Kind:        account.SessionKind(r.kind.String),
		AppPassword: r.appPassword.String,
		Client:      account.Client{UserAgent: r.userAgent.String, IP: r.ip.String},
		CreatedAt:   fromNullMillis(r.created),
		LastUsedAt:  fromNullMillis(r.lastUsed),
		ExpiresAt:   fromNullMillis(r.expires),
		EndsAt:      fromNullMillis(r.endsAt),
	}
}
