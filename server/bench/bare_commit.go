package main

import (
	"context"
	"database/sql"
	"errors"
	"net/url"
	"path/filepath"
	"strings"
)

// openBareCommit creates a database of a name beside that of the server, with the same settings, and
// returns it with the task to commit one row there. One connection writes, as in the server, and the
// clients wait for it.
//
// See https://www.sqlite.org/pragma.html#pragma_synchronous.
func openBareCommit(ctx context.Context, data, name string) (*sql.DB, task, error) {
	settings := url.Values{"_pragma": {"journal_mode(WAL)", "synchronous(FULL)"}}
	db, err := sql.Open("sqlite", "file:"+filepath.Join(data, name)+"?"+settings.Encode())
	if err != nil {
		return nil, nil, err
	}
	db.SetMaxOpenConns(1)
	insert, err := prepareInsert(ctx, db)
	if err != nil {
		return nil, nil, errors.Join(err, db.Close())
	}
	content := strings.Repeat("x", 100) // as long as a token and its times
	return db, func(ctx context.Context, _ int) error {
		_, err := insert.ExecContext(ctx, content)
		return err
	}, nil
}

func prepareInsert(ctx context.Context, db *sql.DB) (*sql.Stmt, error) {
	if _, err := db.ExecContext(ctx, "CREATE TABLE bare (id INTEGER PRIMARY KEY, content TEXT NOT NULL)"); err != nil {
		return nil, err
	}
	return db.PrepareContext(ctx, "INSERT INTO bare (content) VALUES (?)")
}
