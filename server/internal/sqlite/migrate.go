package sqlite

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"

	"github.com/lexgen-go/lexgen/server/internal/account"
)

// applicationID marks a file as ours, as SQLite's file header provides for. It
// spells "lxac".
const applicationID = 0x6c786163

// migrationFiles holds the steps from an empty database to today's schema. Their
// names begin with the version that they lead to and sort in that order; a step
// that was released does not change.
//
//go:embed migrations/*.sql
var migrationFiles embed.FS

// migrationSteps returns the names of the steps, the first one first.
func migrationSteps() ([]string, error) {
	return fs.Glob(migrationFiles, "migrations/*.sql")
}

// checkCurrent returns an error if the database is not ours to use, or is neither empty nor
// of the newest version. It only reads.
func checkCurrent(ctx context.Context, db *sql.DB, newest int) error {
	version, err := readVersion(ctx, db, newest)
	if err != nil || version == 0 || version == newest {
		return err
	}
	return fmt.Errorf("the database has version %d, this program uses version %d: start the server once to bring it up to date", version, newest)
}

// readVersion returns the version of a database, which is 0 if that is empty. It returns an
// error if the database is not ours, or is of a later version than the newest that is known.
func readVersion(ctx context.Context, db *sql.DB, newest int) (int, error) {
	var id, version, objects int
	row := db.QueryRowContext(ctx, `SELECT
		(SELECT application_id FROM pragma_application_id),
		(SELECT user_version FROM pragma_user_version),
		(SELECT count(*) FROM sqlite_schema)`)
	if err := row.Scan(&id, &version, &objects); err != nil {
		return 0, err
	}
	isEmpty := id == 0 && version == 0 && objects == 0
	switch {
	case isEmpty:
		return 0, nil
	case id != applicationID:
		return 0, fmt.Errorf("the database belongs to another application (id %#x)", id)
	case version > newest:
		return 0, fmt.Errorf("the database has version %d, this program knows versions up to %d: use a newer program", version, newest)
	case version < 0:
		return 0, errors.New("the database has a negative version")
	}
	return version, nil
}

// migrate brings the schema up to date, in one transaction. The version is read there, in case
// that another process does the same.
func migrate(ctx context.Context, db *sql.DB, steps []string, sealer account.Sealer) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	var version int
	if err := tx.QueryRowContext(ctx, "PRAGMA user_version").Scan(&version); err != nil {
		return err
	}
	for version < len(steps) {
		script, err := migrationFiles.ReadFile(steps[version])
		if err != nil {
			return err
		}
		version++
		header := fmt.Sprintf("PRAGMA application_id = %d; PRAGMA user_version = %d;", applicationID, version)
		if _, err := tx.ExecContext(ctx, string(script)+header); err != nil {
			return fmt.Errorf("migrate to version %d: %w", version, err)
		}
		if version == resealedVersion {
			if err := resealSigningKeys(ctx, tx, sealer); err != nil {
				return fmt.Errorf("migrate to version %d: %w", version, err)
			}
		}
	}
	return tx.Commit()
}
