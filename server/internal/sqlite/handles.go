package sqlite

import (
	"context"
	"time"

	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/server/internal/account"
)

const (
	// A handle can be had by ?2 at ?3.
	selectHandleTaken = `SELECT EXISTS (SELECT 1 FROM account WHERE lower(handle) = ?1 AND handle <> '' AND did <> ?2)
		OR EXISTS (SELECT 1 FROM signup WHERE lower(handle) = ?1 AND handle <> '' AND did <> ?2)
		OR EXISTS (SELECT 1 FROM handle_reservation WHERE handle = ?1 AND did <> ?2)
		OR EXISTS (SELECT 1 FROM handle_quarantine WHERE handle = ?1 AND did <> ?2 AND ends_at > ?3)`
	putHandleReservation = `INSERT INTO handle_reservation (did, handle, lease_until) VALUES (?, ?, ?)
		ON CONFLICT (handle) DO UPDATE SET lease_until = excluded.lease_until`
	selectHandleReservations = `SELECT did, handle, lease_until FROM handle_reservation
		WHERE lease_until <= ? ORDER BY lease_until, handle`
	selectReservedHandles   = `SELECT did, handle, lease_until FROM handle_reservation WHERE did = ? ORDER BY handle`
	deleteHandleReservation = `DELETE FROM handle_reservation WHERE did = ? AND handle = ?`
	updateHandle            = `UPDATE account SET handle = ? WHERE did = ?`

	putQuarantine = `INSERT INTO handle_quarantine (handle, did, ends_at) VALUES (?, ?, ?)
		ON CONFLICT (handle) DO UPDATE SET did = excluded.did, ends_at = excluded.ends_at`
	deleteQuarantineOf = `DELETE FROM handle_quarantine WHERE handle = (SELECT handle FROM account WHERE did = ?)`
)

// checkHandle returns [account.ErrHandleTaken] if did cannot have a handle.
func checkHandle(t transaction, handle syntax.Handle, did syntax.DID, now time.Time) error {
	var taken bool
	if err := t.row(selectHandleTaken, handle, did, millis(now)).Scan(&taken); err != nil {
		return err
	}
	if taken {
		return account.ErrHandleTaken
	}
	return nil
}

// quarantine keeps the handle of an account from all others until a time, which may be
// zero.
func quarantine(t transaction, a account.Account, until time.Time) error {
	if a.Handle == "" || until.IsZero() {
		return nil
	}
	return t.exec(putQuarantine, a.Handle, a.DID, millis(until))
}

// ReserveHandle implements [account.Handles].
func (s *Store) ReserveHandle(ctx context.Context, r account.HandleReservation, now time.Time) error {
	return s.writeAs(ctx, r.DID, r.SessionID, func(t transaction) error {
		if _, err := findAccount(t, r.DID); err != nil {
			return err
		}
		if err := checkHandle(t, r.Handle, r.DID, now); err != nil {
			return err
		}
		return t.exec(putHandleReservation, r.DID, r.Handle, millis(r.LeaseUntil))
	})
}

// CommitHandle implements [account.Handles].
func (s *Store) CommitHandle(ctx context.Context, did syntax.DID, handle syntax.Handle, quarantineUntil time.Time, record account.Record) (account.Account, error) {
	var changed account.Account
	err := s.write(ctx, func(t transaction) error {
		found, err := t.change(deleteHandleReservation, did, handle)
		switch {
		case err != nil:
			return err
		case !found:
			return account.ErrReservationGone
		}
		before, err := findAccount(t, did)
		if err != nil {
			return err
		}
		if err := quarantine(t, before, quarantineUntil); err != nil {
			return err
		}
		if err := t.update(record, updateHandle, handle, did); err != nil {
			return err
		}
		changed = before
		changed.Handle = handle
		// The handle that it has now, which it may have given up before.
		return t.exec(deleteQuarantineOf, did)
	})
	if err != nil {
		return account.Account{}, err
	}
	return changed, nil
}

// ReleaseHandle implements [account.Handles].
func (s *Store) ReleaseHandle(ctx context.Context, did syntax.DID, handle syntax.Handle) error {
	return s.write(ctx, func(t transaction) error {
		return t.exec(deleteHandleReservation, did, handle)
	})
}

// ReservedHandles implements [account.Handles].
func (s *Store) ReservedHandles(ctx context.Context, did syntax.DID) ([]account.HandleReservation, error) {
	return collect(s.lookUp(ctx), scanHandleReservation, selectReservedHandles, did)
}

// HandleReservations implements [account.Handles].
func (s *Store) HandleReservations(ctx context.Context, now time.Time) ([]account.HandleReservation, error) {
	return collect(s.lookUp(ctx), scanHandleReservation, selectHandleReservations, millis(now))
}

func scanHandleReservation(row scanner) (account.HandleReservation, error) {
	var r account.HandleReservation
	var lease int64
	err := row.Scan(&r.DID, &r.Handle, &lease)
	r.LeaseUntil = fromMillis(lease)
	return r, err
}
