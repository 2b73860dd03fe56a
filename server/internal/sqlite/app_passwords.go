package sqlite

import (
	"context"
	"database/sql"
	"errors"

	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/server/internal/account"
)

const (
	insertAppPassword = `INSERT INTO app_password (did, name, hash, privileged, created_at, last_used_at)
		VALUES (?, ?, ?, ?, ?, ?)`
	selectAppPassword  = `SELECT did, name, hash, privileged, created_at, last_used_at FROM app_password `
	selectAppPasswords = selectAppPassword + `WHERE did = ? ORDER BY created_at DESC, name`
	selectAppPassByKey = selectAppPassword + `WHERE did = ? AND hash = ?`
	countAppPasswords  = `SELECT count(*), count(*) FILTER (WHERE name = ?2) FROM app_password WHERE did = ?1`
	// Looked up before the session starts, it may be gone, and another of its name be there.
	useAppPassword     = `UPDATE app_password SET last_used_at = ? WHERE did = ? AND name = ? AND hash = ? AND privileged = ?`
	deleteAppPassword  = `DELETE FROM app_password WHERE did = ? AND name = ?`
	deleteAppPasswords = `DELETE FROM app_password WHERE did = ?`
)

// CreateAppPassword implements [account.AppPasswords].
func (s *Store) CreateAppPassword(ctx context.Context, p account.AppPassword, max int, record account.Record) error {
	return s.writeAs(ctx, p.DID, record.SessionID, func(t transaction) error {
		if _, err := findAccount(t, p.DID); err != nil {
			return err
		}
		var all, named int
		if err := t.row(countAppPasswords, p.DID, p.Name).Scan(&all, &named); err != nil {
			return err
		}
		switch {
		case named > 0:
			return account.ErrAppPasswordTaken
		case all >= max:
			return account.ErrTooManyAppPasswords
		}
		err := t.exec(insertAppPassword, p.DID, p.Name, p.Hash[:], p.Privileged, millis(p.CreatedAt), nullMillis(p.LastUsedAt))
		if err != nil {
			return err
		}
		return keepRecord(t, record)
	})
}

// AppPasswords implements [account.AppPasswords].
func (s *Store) AppPasswords(ctx context.Context, did syntax.DID) ([]account.AppPassword, error) {
	return appPasswords(s.lookUp(ctx), did)
}

func appPasswords(t transaction, did syntax.DID) ([]account.AppPassword, error) {
	return collect(t, scanAppPassword, selectAppPasswords, did)
}

// FindAppPassword implements [account.AppPasswords].
func (s *Store) FindAppPassword(ctx context.Context, did syntax.DID, hash account.SecretHash) (account.AppPassword, bool, error) {
	found, err := scanAppPassword(s.lookUp(ctx).row(selectAppPassByKey, did, hash[:]))
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return account.AppPassword{}, false, nil
	case err != nil:
		return account.AppPassword{}, false, err
	}
	return found, true, nil
}

func scanAppPassword(row scanner) (account.AppPassword, error) {
	var p account.AppPassword
	var hash []byte
	var created int64
	var lastUsed sql.NullInt64
	err := row.Scan(&p.DID, &p.Name, &hash, &p.Privileged, &created, &lastUsed)
	copy(p.Hash[:], hash)
	p.CreatedAt = fromMillis(created)
	p.LastUsedAt = fromNullMillis(lastUsed)
	return p, err
}

// DeleteAppPassword implements [account.AppPasswords].
func (s *Store) DeleteAppPassword(ctx context.Context, did syntax.DID, name string, record account.Record) error {
	return s.writeAs(ctx, did, record.SessionID, func(t transaction) error {
		found, err := t.change(deleteAppPassword, did, name)
		if err != nil || !found {
			return err
		}
		if err := t.exec(deleteSessionsOfApp, did, name); err != nil {
			return err
		}
		return keepRecord(t, record)
	})
}
