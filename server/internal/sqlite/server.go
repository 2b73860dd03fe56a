package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// A Server is what a server calls itself. The zero value stands for one that has not said so.
type Server struct {
	Hostname string
	DID      string
}

// namedVersion is the version from which on a database knows its server.
const namedVersion = 4

const (
	selectServer = `SELECT hostname, did FROM server WHERE only_row = 1`
	putServer    = `INSERT INTO server (only_row, hostname, did) VALUES (1, ?, ?)
		ON CONFLICT (only_row) DO UPDATE SET hostname = excluded.hostname, did = excluded.did`
)

// Name notes what the server calls itself that uses the database, for [Inspect] to tell.
func (s *Store) Name(ctx context.Context, server Server) error {
	err := s.write(ctx, func(t transaction) error {
		return t.exec(putServer, server.Hostname, server.DID)
	})
	if err != nil {
		return fmt.Errorf("note the name of the server: %w", err)
	}
	return nil
}

func findServer(ctx context.Context, db *sql.DB) (Server, error) {
	var server Server
	err := db.QueryRowContext(ctx, selectServer).Scan(&server.Hostname, &server.DID)
	if errors.Is(err, sql.ErrNoRows) {
		return Server{}, nil
	}
	return server, err
}
