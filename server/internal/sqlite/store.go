// Package sqlite keeps everything of the accounts, and the log of the directory that the
// server runs itself, in one SQLite file. It imports account, durable
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
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"runtime"

	_ "modernc.org/sqlite" // registers the driver

	"github.com/lexgen-go/lexgen/server/internal/account"
	"github.com/lexgen-go/lexgen/server/internal/durable"
)

// FileName is the name of the database in the data folder.
const FileName = "account.sqlite"

// busyTimeout is how long a transaction waits for another process, such as a
// backup, in milliseconds.
const busyTimeout = "5000"

// A Store is an [account.Store] and an [account.DirectoryLog]. It may be used concurrently
// until Close.
type Store struct {
	path    string
	file    fs.FileInfo // what was at path when it was opened
	writer  *sql.DB     // one connection
	reader  *sql.DB
	prober  *sql.DB // a new connection for each use
	reads   statements
	writes  statements
	closers []func() error // in the order of opening
}

var (
	_ account.Store        = (*Store)(nil)
	_ account.DirectoryLog = (*Store)(nil)
)

// Open opens the database in a folder that exists, and creates it if there is none.
// Its error says whether the file is no database, belongs to another program, was
// written by a newer version of this one, or has to be brought up to date by
// [Upgrade]; then the file is as before.
func Open(ctx context.Context, folder string) (*Store, error) {
	path := filepath.Join(folder, FileName)
	s := &Store{path: path}
	if err := s.open(ctx); err != nil {
		return nil, fmt.Errorf("open %s: %w", path, errors.Join(storeError(err), s.Close()))
	}
	return s, nil
}

func (s *Store) open(ctx context.Context) error {
	var err error
	if s.file, err = lookAt(durable.OpenOrCreate(s.path)); err != nil {
		return err
	}
	steps, err := migrationSteps()
	if err != nil {
		return err
	}
	if s.writer, err = s.connect(writerOptions(), 1); err != nil {
		return err
	}
	if err := checkCurrent(ctx, s.writer, len(steps)); err != nil {
		return err
	}
	// Kept in the file, so every connection follows.
	if _, err := s.writer.ExecContext(ctx, "PRAGMA journal_mode = WAL"); err != nil {
		return err
	}
	if err := migrate(ctx, s.writer, steps, nil /* nothing is sealed in a new database */); err != nil {
		return err
	}
	if s.reader, err = s.connect(readerOptions(), max(2, runtime.NumCPU())); err != nil {
		return err
	}
	if s.prober, err = s.connect(readerOptions(), 1); err != nil {
		return err
	}
	s.prober.SetMaxIdleConns(0)
	return s.prepare(ctx)
}

// lookAt describes the file of a database that was opened, and closes it. SQLite gives its files
// beside it the same mode and the same owner. The error leaves the path to the caller.
func lookAt(file *os.File, err error) (fs.FileInfo, error) {
	var located *fs.PathError
	switch {
	case errors.As(err, &located):
		return nil, located.Err
	case err != nil:
		return nil, err
	}
	info, err := file.Stat()
	return info, errors.Join(err, file.Close())
}

func (s *Store) connect(options url.Values, connections int) (*sql.DB, error) {
	db, err := connect(s.path, options, connections)
	if err != nil {
		return nil, err
	}
	s.closers = append(s.closers, db.Close)
	return db, nil
}

func connect(path string, options url.Values, connections int) (*sql.DB, error) {
	dsn := url.URL{Scheme: "file", OmitHost: true, Path: path, RawQuery: options.Encode()}
	db, err := sql.Open("sqlite", dsn.String())
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(connections)
	db.SetMaxIdleConns(connections)
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
		"mode":          {"rw"}, // a file that is gone must not come back empty
	}
}

// Checkpoint writes everything into the one file. What it fails to write there
// stays safe in the file beside it, from where the next start takes it.
func (s *Store) Checkpoint(ctx context.Context) error {
	if _, err := s.writer.ExecContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)"); err != nil {
		return fmt.Errorf("checkpoint %s: %w", s.path, storeError(err))
	}
	return nil
}

// Close closes what was opened, the last first. The store cannot be used any more.
func (s *Store) Close() error {
	var err error
	for i := len(s.closers) - 1; i >= 0; i-- {
		err = errors.Join(err, s.closers[i]())
	}
	return err
}
