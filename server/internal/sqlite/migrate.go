package sqlite

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
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

// checkOwner returns an error if the database is not ours to use, or is of a
// version later than newest. It only reads.
func checkOwner(ctx context.Context, db *sql.DB, newest int) error {
	var id, version, objects int
	row := db.QueryRowContext(ctx, `SELECT
		(SELECT application_id FROM pragma_application_id),
		(SELECT user_version FROM pragma_user_version),
		(SELECT count(*) FROM sqlite_schema)`)
	if err := row.Scan(&id, &version, &objects); err != nil {
		return err
	}
	isEmpty := id == 0 && version == 0 && objects == 0
	switch {
	case isEmpty:
		return nil
	case id != applicationID:
		return fmt.Errorf("the database belongs to another application (id %#x)", id)
	case version > newest:
		return fmt.Errorf("the database has version %d, this program knows versions up to %d: use a newer program", version, newest)
	case version < 0:
		return errors.New("the database has a negative version")
	}
	return nil
}

// migrate brings the schema up to date, each step in a transaction of its own.
func migrate(ctx context.Context, db *sql.DB, steps []string) error {
	for {
		done, err := migrateOnce(ctx, db, steps)
		if err != nil || done {
			return err
		}
	}
}

// migrateOnce takes the next step, if there is one. The version is read in the
// transaction, in case that another process takes the same step.
func migrateOnce(ctx context.Context, db *sql.DB, steps []string) (done bool, err error) {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return false, err
	}
	defer tx.Rollback()
	var version int
	if err := tx.QueryRowContext(ctx, "PRAGMA user_version").Scan(&version); err != nil {
		return false, err
	}
	if version >= len(steps) {
		return true, nil
	}
	script, err := migrationFiles.ReadFile(steps[version])
	if err != nil {
		return false, err
	}
	header := fmt.Sprintf("PRAGMA application_id = %d; PRAGMA user_version = %d;", applicationID, version+1)
	if _, err := tx.ExecContext(ctx, string(script)+header); err != nil {
		return false, fmt.Errorf("migrate to version %d: %w", version+1, err)
	}
	if err := tx.Commit(); err != nil {
		return false, fmt.Errorf("migrate to version %d: %w", version+1, err)
	}
	return false, nil
}
