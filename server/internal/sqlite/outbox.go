package sqlite

import (
	"context"
	"database/sql"
	"time"

	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/server/internal/account"
)

const (
	insertMail     = `INSERT INTO outbox (id, did, sealed, due_at, failures, lease_until) VALUES (?, ?, ?, ?, ?, 0)`
	selectDueMails = `SELECT id, did, sealed, due_at, failures FROM outbox
		WHERE due_at <= ?1 AND lease_until <= ?1 ORDER BY due_at, id LIMIT ?2`
	leaseMail    = `UPDATE outbox SET lease_until = ? WHERE id = ?`
	postponeMail = `UPDATE outbox SET due_at = ?, failures = failures + 1, lease_until = 0 WHERE id = ?`
	deleteMail   = `DELETE FROM outbox WHERE id = ?`
)

// queueMails keeps mails until they are sent.
func queueMails(t transaction, mails []account.QueuedMail) error {
	for _, m := range mails {
		if err := t.exec(insertMail, m.ID, nullText(m.DID), m.Sealed, millis(m.Due), m.Failures); err != nil {
			return err
		}
	}
	return nil
}

// ClaimMails implements [account.Outbox].
func (s *Store) ClaimMails(ctx context.Context, now, lease time.Time, limit int) ([]account.QueuedMail, error) {
	var mails []account.QueuedMail
	err := s.write(ctx, func(t transaction) error {
		var err error
		if mails, err = collect(t, scanMail, selectDueMails, millis(now), limit); err != nil {
			return err
		}
		for _, m := range mails {
			if err := t.exec(leaseMail, millis(lease), m.ID); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return mails, nil
}

func scanMail(row scanner) (account.QueuedMail, error) {
	var m account.QueuedMail
	var did sql.NullString
	var due int64
	err := row.Scan(&m.ID, &did, &m.Sealed, &due, &m.Failures)
	m.DID = syntax.DID(did.String)
	m.Due = fromMillis(due)
	return m, err
}

// FinishMail implements [account.Outbox].
func (s *Store) FinishMail(ctx context.Context, id string) error {
	return s.write(ctx, func(t transaction) error {
		return t.exec(deleteMail, id)
	})
}

// ReleaseMails implements [account.Outbox].
func (s *Store) ReleaseMails(ctx context.Context, ids []string) error {
	return s.write(ctx, func(t transaction) error {
		for _, id := range ids {
			if err := t.exec(leaseMail, 0, id); err != nil {
				return err
			}
		}
		return nil
	})
}

// PostponeMail implements [account.Outbox].
func (s *Store) PostponeMail(ctx context.Context, id string, due time.Time) error {
	return s.write(ctx, func(t transaction) error {
		return t.exec(postponeMail, millis(due), id)
	})
}
