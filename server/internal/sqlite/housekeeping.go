package sqlite

import (
	"context"
	"time"

	"github.com/lexgen-go/lexgen/server/internal/account"
)

const (
	sweepSessions      = `DELETE FROM session WHERE expires_at <= ?`
	sweepUsedRefreshes = `DELETE FROM used_refresh_token WHERE expires_at <= ?`
	sweepEmailTokens   = `DELETE FROM email_token WHERE requested_at <= ?`
	sweepNonces        = `DELETE FROM nonce WHERE expires_at <= ?`
	sweepQuarantines   = `DELETE FROM handle_quarantine WHERE ends_at <= ?`
	sweepEvents        = `DELETE FROM event WHERE at < ?`

	expireSignups = `UPDATE signup SET lease_until = 0 WHERE lease_until > 0`
	expireHandles = `UPDATE handle_reservation SET lease_until = 0 WHERE lease_until > 0`
	expireMails   = `UPDATE outbox SET lease_until = 0 WHERE lease_until > 0`

	selectOverdue = `SELECT ` + accountColumns + ` FROM account
		WHERE delete_after <= ? AND (delete_after, did) > (?, ?) ORDER BY delete_after, did LIMIT ?`

	selectCounts = `SELECT
		(SELECT count(*) FROM account),
		(SELECT count(*) FROM account WHERE takendown_at IS NULL AND deactivated_at IS NOT NULL),
		(SELECT count(*) FROM account WHERE takendown_at IS NOT NULL),
		(SELECT count(*) FROM session),
		(SELECT count(*) FROM outbox)`
)

// Sweep implements [account.Housekeeping].
func (s *Store) Sweep(ctx context.Context, now, events time.Time) error {
	tasks := []struct {
		text string
		at   time.Time
	}{
		{sweepSessions, now},
		{sweepUsedRefreshes, now},
		{sweepEmailTokens, now.Add(-account.EmailTokenLifetime - account.EmailTokenMemory)},
		{deleteOldReservedKeys, now},
		{sweepNonces, now},
		{sweepQuarantines, now},
		{sweepEvents, events},
	}
	return s.write(ctx, func(t transaction) error {
		for _, task := range tasks {
			if err := t.exec(task.text, millis(task.at)); err != nil {
				return err
			}
		}
		return nil
	})
}

// ExpireLeases implements [account.Housekeeping].
func (s *Store) ExpireLeases(ctx context.Context) error {
	return s.write(ctx, func(t transaction) error {
		for _, text := range []string{expireSignups, expireHandles, expireMails} {
			if err := t.exec(text); err != nil {
				return err
			}
		}
		return nil
	})
}

// Overdue implements [account.Housekeeping].
func (s *Store) Overdue(ctx context.Context, query account.OverdueQuery) ([]account.Account, error) {
	after := query.After
	return collect(s.lookUp(ctx), scanOneAccount, selectOverdue, millis(query.Now), millis(after.DeleteAfter), after.DID, query.Limit)
}

// Counts says how much a store holds.
type Counts struct {
	Active, Deactivated, Takendown int // accounts
	Sessions                       int // those that are over too, until they are swept
	Mails                          int // that wait
}

// Counts returns how much the store holds now.
func (s *Store) Counts(ctx context.Context) (Counts, error) {
	var c Counts
	var accounts int
	err := s.lookUp(ctx).row(selectCounts).Scan(&accounts, &c.Deactivated, &c.Takendown, &c.Sessions, &c.Mails)
	c.Active = accounts - c.Deactivated - c.Takendown
	return c, err
}
