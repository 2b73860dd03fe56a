package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/server/internal/account"
)

// Found is what there is in a folder before it is used. The zero value stands for no
// database, or an empty one.
type Found struct {
	Version    int    // of the schema
	Accounts   bool   // there are accounts, or sign-ups under way
	Identities bool   // there are identities in the directory that the server runs itself
	Server     Server // the one that was started last
}

// What is looked for in a database of the first version, and in later ones.
const (
	inspectFirst = `SELECT EXISTS (SELECT 1 FROM account), EXISTS (SELECT 1 FROM plc_operation)`
	inspectLater = `SELECT EXISTS (SELECT 1 FROM account) OR EXISTS (SELECT 1 FROM signup),
		EXISTS (SELECT 1 FROM directory_operation)`
)

// Inspect returns what is in a folder that exists, and changes nothing there. Its error
// is that of [Open] for a file that cannot be used at all.
func Inspect(ctx context.Context, folder string) (Found, error) {
	path := filepath.Join(folder, FileName)
	steps, err := migrationSteps()
	if err != nil {
		return Found{}, err
	}
	found, err := inspect(ctx, path, len(steps))
	if err != nil {
		return Found{}, fmt.Errorf("open %s: %w", path, storeError(err))
	}
	return found, nil
}

func inspect(ctx context.Context, path string, newest int) (found Found, err error) {
	switch _, err := lookAt(os.OpenFile(path, os.O_RDWR, 0)); {
	case errors.Is(err, fs.ErrNotExist):
		return Found{}, nil
	case err != nil:
		return Found{}, err
	}
	db, err := connect(path, readerOptions(), 1)
	if err != nil {
		return Found{}, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if found.Version, err = readVersion(ctx, db, newest); err != nil || found.Version == 0 {
		return Found{}, err
	}
	query := inspectLater
	if found.Version == 1 {
		query = inspectFirst
	}
	if err = db.QueryRowContext(ctx, query).Scan(&found.Accounts, &found.Identities); err != nil {
		return Found{}, err
	}
	if found.Version >= namedVersion {
		found.Server, err = findServer(ctx, db)
	}
	return found, err
}

// Upgrade brings the database in a folder up to date, if there is one and it is older than
// this program: all of it, or nothing if it fails. What is sealed in another way today is
// sealed anew. It returns an error if another program has the database open: that would not
// know the new schema.
func Upgrade(ctx context.Context, folder string, sealer account.Sealer) error {
	path := filepath.Join(folder, FileName)
	if err := upgrade(ctx, path, sealer); err != nil {
		return fmt.Errorf("bring %s up to date: %w", path, storeError(err))
	}
	return nil
}

func upgrade(ctx context.Context, path string, sealer account.Sealer) (err error) {
	steps, err := migrationSteps()
	if err != nil {
		return err
	}
	found, err := inspect(ctx, path, len(steps))
	if err != nil || found.Version == 0 || found.Version == len(steps) {
		return err
	}
	options := writerOptions()
	options.Set("_busy_timeout", "0") // who has it open will not be done soon
	db, err := connect(path, options, 1)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if err := claim(ctx, db); err != nil {
		return err
	}
	return migrate(ctx, db, steps, sealer)
}

// claim returns an error if another program has the database open: it sets a journal mode
// that only the one connection that there is can set.
//
// See https://www.sqlite.org/wal.html#activating_and_configuring_wal_mode.
func claim(ctx context.Context, db *sql.DB) error {
	var mode string
	if err := db.QueryRowContext(ctx, "PRAGMA journal_mode = DELETE").Scan(&mode); err != nil {
		return fmt.Errorf("another program may have it open: %w", err)
	}
	if mode != "delete" {
		return errors.New("another program has it open")
	}
	return nil
}

// resealedVersion is the version from which on signing keys are sealed for the purpose
// [account.SigningKeyPurpose]. Before, it was the DID.
const resealedVersion = 2

const (
	selectSigningKeys = `SELECT did, public_key, sealed FROM signing_key`
	updateSigningKey  = `UPDATE signing_key SET sealed = ? WHERE did = ?`
)

// resealSigningKeys seals the signing keys of all accounts for the purpose of today.
func resealSigningKeys(ctx context.Context, tx *sql.Tx, sealer account.Sealer) error {
	owned, err := readSigningKeys(ctx, tx)
	if err != nil {
		return err
	}
	for did, key := range owned {
		private, err := sealer.Open(string(did), key.Sealed)
		if err != nil {
			return fmt.Errorf("signing key of %s: %w", did, err)
		}
		sealed, err := sealer.Seal(account.SigningKeyPurpose(key.Public), private)
		if err != nil {
			return fmt.Errorf("signing key of %s: %w", did, err)
		}
		if _, err := tx.ExecContext(ctx, updateSigningKey, sealed, did); err != nil {
			return err
		}
	}
	return nil
}

func readSigningKeys(ctx context.Context, tx *sql.Tx) (map[syntax.DID]account.SealedKey, error) {
	rows, err := tx.QueryContext(ctx, selectSigningKeys)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	owned := map[syntax.DID]account.SealedKey{}
	for rows.Next() {
		var did syntax.DID
		var key account.SealedKey
		if err := rows.Scan(&did, &key.Public, &key.Sealed); err != nil {
			return nil, err
		}
		owned[did] = key
	}
	return owned, rows.Err()
}
