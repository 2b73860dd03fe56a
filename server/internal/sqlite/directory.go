package sqlite

import (
	"context"

	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/server/internal/account"
)

const (
	selectOperations = `SELECT did, cid, operation, nullified, created_at FROM directory_operation
		WHERE did = ? ORDER BY position`
	insertOperation = `INSERT INTO directory_operation (did, position, cid, operation, nullified, created_at)
		VALUES (?, ?, ?, ?, ?, ?)`
	nullifyOperation = `UPDATE directory_operation SET nullified = 1 WHERE did = ? AND cid = ?`
)

// AppendOperation implements [account.DirectoryLog].
func (s *Store) AppendOperation(ctx context.Context, entry account.DirectoryEntry, check func(log []account.DirectoryEntry) ([]syntax.CID, error)) error {
	return s.write(ctx, func(t transaction) error {
		log, err := collect(t, scanOperation, selectOperations, entry.DID)
		if err != nil {
			return err
		}
		void, err := check(log)
		if err != nil {
			return err
		}
		for _, cid := range void {
			if err := t.exec(nullifyOperation, entry.DID, cid); err != nil {
				return err
			}
		}
		// Nothing is ever taken out of a log.
		return t.exec(insertOperation, entry.DID, len(log), entry.CID, string(entry.Operation), entry.Nullified, millis(entry.CreatedAt))
	})
}

// Operations implements [account.DirectoryLog].
func (s *Store) Operations(ctx context.Context, did syntax.DID) ([]account.DirectoryEntry, error) {
	return collect(s.lookUp(ctx), scanOperation, selectOperations, did)
}

func scanOperation(row scanner) (account.DirectoryEntry, error) {
	var e account.DirectoryEntry
	var operation string
	var created int64
	err := row.Scan(&e.DID, &e.CID, &operation, &e.Nullified, &created)
	e.Operation = []byte(operation)
	e.CreatedAt = fromMillis(created)
	return e, err
}
