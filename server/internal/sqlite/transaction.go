package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"syscall"
	"time"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"github.com/lexgen-go/lexgen/server/internal/account"
)

// A transaction runs statements on the one connection that writes.
type transaction struct {
	tx  *sql.Tx
	ctx context.Context
}

// write runs f in a transaction, which is committed if f returns nil.
func (s *Store) write(ctx context.Context, f func(t transaction) error) error {
	tx, err := s.writer.BeginTx(ctx, nil)
	if err != nil {
		return storeError(err)
	}
	defer tx.Rollback()
	if err := f(transaction{tx, ctx}); err != nil {
		return storeError(err)
	}
	return storeError(tx.Commit())
}

func (t transaction) exec(statement *sql.Stmt, args ...any) error {
	_, err := t.tx.StmtContext(t.ctx, statement).ExecContext(t.ctx, args...)
	return err
}

func (t transaction) row(statement *sql.Stmt, args ...any) *sql.Row {
	return t.tx.StmtContext(t.ctx, statement).QueryRowContext(t.ctx, args...)
}

// storeError gives the errors of the database that callers can act on a name of
// package account.
func storeError(err error) error {
	var fault *sqlite.Error
	if errors.As(err, &fault) && isFull(fault.Code()) || errors.Is(err, syscall.ENOSPC) {
		return fmt.Errorf("%w: %w", account.ErrStoreFull, err)
	}
	return err
}

// isFull reports whether an extended result code says that there is no space. Most
// writes that find none end with SQLITE_FULL. The index that is shared between
// connections is a file too, and has a code of its own for when it cannot grow.
//
// See https://www.sqlite.org/rescode.html.
func isFull(code int) bool {
	return code&0xff == sqlite3.SQLITE_FULL || code == sqlite3.SQLITE_IOERR_SHMSIZE
}

// millis returns a time as the database keeps it.
func millis(t time.Time) int64 {
	return t.UnixMilli()
}

// nullMillis is millis where the zero time stands for none.
func nullMillis(t time.Time) sql.NullInt64 {
	return sql.NullInt64{Int64: t.UnixMilli(), Valid: !t.IsZero()}
}

func fromMillis(ms int64) time.Time {
	return time.UnixMilli(ms).UTC()
}

func fromNullMillis(ms sql.NullInt64) time.Time {
	if !ms.Valid {
		return time.Time{}
	}
	return fromMillis(ms.Int64)
}
