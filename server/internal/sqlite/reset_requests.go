package sqlite

import (
	"context"

	"github.com/lexgen-go/lexgen/server/internal/account"
)

const (
	// The id of a new row is the highest and one.
	insertResetRequest = `INSERT INTO reset_request (email, requested_at)
		SELECT ?, ? WHERE (SELECT count(*) FROM reset_request) < ?`
	selectResetRequests = `SELECT id, email, requested_at FROM reset_request WHERE id > ? ORDER BY id LIMIT ?`
	deleteResetRequest  = `DELETE FROM reset_request WHERE id = ?`
)

// KeepResetRequest implements [account.ResetRequests].
func (s *Store) KeepResetRequest(ctx context.Context, request account.ResetRequest, max int) error {
	return s.write(ctx, func(t transaction) error {
		kept, err := t.change(insertResetRequest, request.Email, millis(request.At), max)
		if err == nil && !kept {
			return account.ErrBusy
		}
		return err
	})
}

// ResetRequests implements [account.ResetRequests].
func (s *Store) ResetRequests(ctx context.Context, after int64, limit int) ([]account.ResetRequest, error) {
	return collect(s.lookUp(ctx), func(row scanner) (account.ResetRequest, error) {
		var r account.ResetRequest
		var at int64
		err := row.Scan(&r.ID, &r.Email, &at)
		r.At = fromMillis(at)
		return r, err
	}, selectResetRequests, after, limit)
}

// ForgetResetRequest implements [account.ResetRequests].
func (s *Store) ForgetResetRequest(ctx context.Context, id int64) error {
	return s.write(ctx, func(t transaction) error {
		return t.exec(deleteResetRequest, id)
	})
}
