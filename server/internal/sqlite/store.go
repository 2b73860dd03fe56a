// Package sqlite keeps accounts and sessions in one SQLite file. It imports account
// and the SQLite driver.
//
// One connection writes, in transactions that take the lock at their begin; others
// read beside it. What a method has returned as done is on disk: it survives a
// crash of the process and of the machine.
package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"runtime"

	_ "modernc.org/sqlite" // registers the driver

	"github.com/lexgen-go/lexgen/server/internal/account"
)

// FileName is the name of the database in the data folder.
const FileName = "account.sqlite"

// busyTimeout is how long a transaction waits for another process, such as a
// backup, in milliseconds.
const busyTimeout = "5000"

// A Store keeps accounts and sessions. It may be used concurrently until Close.
type Store struct {
	writer  *sql.DB // one connection
	reader  *sql.DB
	reads   readStatements
	writes  writeStatements
	closers []func() error // in the order of opening
}

var (
	_ account.Accounts = (*Store)(nil)
	_ account.Sessions = (*Store)(nil)
)

// Open opens the database in a folder that exists, creates it if there is none, and
// brings an older one up to date. Its error says whether the file is no database,
// belongs to another program, or was written by a newer version of this one, and
// then the file is as before.
func Open(ctx context.Context, folder string) (*Store, error) {
	path := filepath.Join(folder, FileName)
	s := &Store{}
	if err := s.open(ctx, path); err != nil {
		return nil, fmt.Errorf("open %s: %w", path, errors.Join(err, s.release()))
	}
	return s, nil
}

func (s *Store) open(ctx context.Context, path string) error {
	if err := createFile(path); err != nil {
		return err
	}
	steps, err := migrationSteps()
	if err != nil {
		return err
	}
	if s.writer, err = s.connect(path, writerOptions(), 1); err != nil {
		return err
	}
	if err := checkOwner(ctx, s.writer, len(steps)); err != nil {
		return err
	}
	// Kept in the file, so every connection follows.
	if _, err := s.writer.ExecContext(ctx, "PRAGMA journal_mode = WAL"); err != nil {
		return storeError(err)
	}
	if err := migrate(ctx, s.writer, steps); err != nil {
		return err
	}
	if s.reader, err = s.connect(path, readerOptions(), max(2, runtime.NumCPU())); err != nil {
		return err
	}
	return s.prepare(ctx)
}

// createFile creates an empty file that only the server's user can read. SQLite
// gives its files beside it the same mode.
func createFile(path string) error {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	return file.Close()
}

func (s *Store) connect(path string, options url.Values, connections int) (*sql.DB, error) {
	dsn := url.URL{Scheme: "file", OmitHost: true, Path: path, RawQuery: options.Encode()}
	db, err := sql.Open("sqlite", dsn.String())
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(connections)
	db.SetMaxIdleConns(connections)
	s.closers = append(s.closers, db.Close)
	return db, nil
}

// writerOptions are the settings of the connection that writes.
//
// See https://www.sqlite.org/pragma.html.
func writerOptions() url.Values {
	return url.Values{
		"_txlock":       {"immediate"},
		"_busy_timeout": {busyTimeout},
		"_foreign_keys": {"on"},
		"_synchronous":  {"full"},
		"_dqs":          {"0"},
	}
}

func readerOptions() url.Values {
	return url.Values{
		"_busy_timeout": {busyTimeout},
		"_query_only":   {"on"},
		"_dqs":          {"0"},
	}
}

// Ping returns an error if the database cannot be read.
func (s *Store) Ping(ctx context.Context) error {
	var version int
	if err := s.reader.QueryRowContext(ctx, "PRAGMA schema_version").Scan(&version); err != nil {
		return fmt.Errorf("ping store: %w", err)
	}
	return nil
}

// Close writes everything into the one file and closes it. The store cannot be used
// any more.
func (s *Store) Close() error {
	_, err := s.writer.Exec("PRAGMA wal_checkpoint(TRUNCATE)")
	if err := errors.Join(err, s.release()); err != nil {
		return fmt.Errorf("close store: %w", err)
	}
	return nil
}

// release closes what was opened, the last first.
func (s *Store) release() error {
	var err error
	for i := len(s.closers) - 1; i >= 0; i-- {
		err = errors.Join(err, s.closers[i]())
	}
	return err
}
