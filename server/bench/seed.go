package main

import (
	"context"
	"crypto/rand"
	"database/sql"
	"fmt"
	"path/filepath"
	"time"

	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/server/internal/account"
	"github.com/lexgen-go/lexgen/server/internal/sqlite"
)

// password is that of every account.
const password = "correct horse"

// handleOf returns the handle of an account of the seed.
func handleOf(number int) syntax.Handle {
	return syntax.Handle(fmt.Sprintf("user-%d.test", number))
}

// seed lets the server create its data folder and writes accounts into the database directly: signing
// them up would take the time of as many passwords.
func seed(ctx context.Context, binary, data string, accounts int) error {
	first, err := start(ctx, binary, "--data", data, "--listen", "127.0.0.1:0", "--log-level", "warn")
	if err != nil {
		return err
	}
	first.stop()
	hash, err := account.NewArgon2(account.Argon2Config{
		Params: account.DefaultArgon2Params(), Parallel: 1, Waiting: 1, Patience: time.Minute, Rand: rand.Reader,
	}).Hash(ctx, password)
	if err != nil {
		return err
	}
	db, err := sql.Open("sqlite", "file:"+filepath.Join(data, sqlite.FileName))
	if err != nil {
		return err
	}
	defer db.Close()
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	insert, err := tx.PrepareContext(ctx, `INSERT INTO account
		(did, handle, email, password_hash, credential_version, created_at) VALUES (?, ?, ?, ?, 1, ?)`)
	if err != nil {
		return err
	}
	for i := range accounts {
		did := fmt.Sprintf("did:plc:%024d", i)
		if _, err := insert.ExecContext(ctx, did, handleOf(i), fmt.Sprintf("user-%d@example.com", i), hash, time.Now().UnixMilli()); err != nil {
			return err
		}
	}
	return tx.Commit()
}
