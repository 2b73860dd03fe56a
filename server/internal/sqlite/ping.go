package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
)

// pingQuery reads a row, where there is one.
const pingQuery = `SELECT did FROM account WHERE did >= '' ORDER BY did LIMIT 1`

// Ping returns an error if the database cannot be read, or is no longer the file
// that was opened: a server that goes on with a deleted file loses all that it
// writes. It reads with a new connection, because one that is open already may
// remember what the file held.
func (s *Store) Ping(ctx context.Context) error {
	if err := s.checkFile(); err != nil {
		return fmt.Errorf("ping store: %w", err)
	}
	var did string
	err := s.prober.QueryRowContext(ctx, pingQuery).Scan(&did)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return fmt.Errorf("ping store: %w", err)
	}
	return nil
}

// checkFile returns an error unless the file that was opened is still at its path.
func (s *Store) checkFile() error {
	file, err := os.Stat(s.path)
	if err != nil {
		return err
	}
	if !os.SameFile(file, s.file) {
		return fmt.Errorf("%s is not the file that was opened: it was replaced", s.path)
	}
	return nil
}
