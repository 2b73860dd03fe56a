package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"syscall"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"github.com/lexgen-go/lexgen/server/internal/account"
)

// A transaction runs prepared statements. Without a tx each stands for itself.
type transaction struct {
	ctx        context.Context
	tx         *sql.Tx
	statements statements
}

// A countedRefusal is an error with which a transaction is committed nevertheless,
// because that there was a failure is what it writes.
type countedRefusal struct{ error }

// write runs f in a transaction on the one connection that writes. It is committed if
// f returns nil or a countedRefusal. Once it has the connection it goes on to its end, also
// if ctx is over: that takes less than to watch ctx beside each statement.
func (s *Store) write(ctx context.Context, f func(t transaction) error) error {
	conn, err := s.writer.Conn(ctx)
	if err != nil {
		return storeError(err)
	}
	defer conn.Close()
	ctx = context.WithoutCancel(ctx)
	tx, err := conn.BeginTx(ctx, nil)
	if err != nil {
		return storeError(err)
	}
	defer tx.Rollback()
	var counted countedRefusal
	if err := f(transaction{ctx, tx, s.writes}); err != nil && !errors.As(err, &counted) {
		return storeError(err)
	}
	if err := tx.Commit(); err != nil {
		return storeError(err)
	}
	return counted.error
}

// read runs several queries that see the same state.
func (s *Store) read(ctx context.Context, f func(t transaction) error) error {
	tx, err := s.reader.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	return f(transaction{ctx, tx, s.reads})
}

// lookUp is for a single query, which sees one state without a transaction.
func (s *Store) lookUp(ctx context.Context) transaction {
	return transaction{ctx, nil, s.reads}
}

// statement returns the prepared statement of text.
func (t transaction) statement(text string) *sql.Stmt {
	statement := t.statements[text]
	switch {
	case statement == nil:
		panic("sqlite: not prepared: " + text)
	case t.tx == nil:
		return statement
	}
	return t.tx.StmtContext(t.ctx, statement)
}

func (t transaction) exec(text string, args ...any) error {
	_, err := t.change(text, args...)
	return err
}

// change is exec, and reports whether there was a row to write.
func (t transaction) change(text string, args ...any) (bool, error) {
	result, err := t.statement(text).ExecContext(t.ctx, args...)
	if err != nil {
		return false, describe(text, err)
	}
	n, err := result.RowsAffected()
	return n > 0, describe(text, err)
}

// row returns the only row of a query.
func (t transaction) row(text string, args ...any) row {
	return row{t.statement(text).QueryRowContext(t.ctx, args...), text}
}

// A row is the only row of a query.
type row struct {
	*sql.Row
	text string
}

// Scan returns, wrapped, [sql.ErrNoRows] if there is no row.
func (r row) Scan(targets ...any) error {
	return describe(r.text, r.Row.Scan(targets...))
}

// A scanner is a row, or the one that has been reached of several.
type scanner interface {
	Scan(targets ...any) error
}

// collect returns all rows of a query, each read by scan.
func collect[T any](t transaction, scan func(scanner) (T, error), text string, args ...any) ([]T, error) {
	rows, err := t.statement(text).QueryContext(t.ctx, args...)
	if err != nil {
		return nil, describe(text, err)
	}
	defer rows.Close()
	var all []T
	for rows.Next() {
		item, err := scan(rows)
		if err != nil {
			return nil, describe(text, err)
		}
		all = append(all, item)
	}
	return all, describe(text, rows.Err())
}

// describe adds to an error what a statement does with which table.
func describe(text string, err error) error {
	if err == nil {
		return nil
	}
	words := strings.Fields(text)
	what := strings.ToLower(words[0])
	for i, word := range words {
		if word == "FROM" || word == "INTO" || word == "UPDATE" {
			what += " " + words[i+1]
			break
		}
	}
	return fmt.Errorf("%s: %w", what, err)
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
