package sqlite

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/lexgen-go/lexgen/server/internal/durable"
)

// Backup writes what the store holds now into a new file that only the server's user
// can read, while others go on reading and writing. The file is a whole database in
// itself: in a folder of its own, under [FileName], it is what [Open] opens. It holds
// no key: the key files have to be kept beside it.
//
// It returns an error that is [io/fs.ErrExist] if there is a file at path, and leaves
// nothing there after any other.
//
// See https://www.sqlite.org/lang_vacuum.html#vacuuminto.
func (s *Store) Backup(ctx context.Context, path string) error {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("back up: %w", err)
	}
	err = s.vacuumInto(ctx, path)
	if err == nil {
		err = file.Sync()
	}
	if err = errors.Join(err, file.Close()); err != nil {
		return fmt.Errorf("back up to %s: %w", path, errors.Join(storeError(err), os.Remove(path)))
	}
	if err := durable.SyncFolder(filepath.Dir(path)); err != nil {
		return fmt.Errorf("back up: %w", err)
	}
	return nil
}

// vacuumInto writes into a file that is empty. It does so on a connection of its own:
// those that read may not write anywhere, and the one that writes has other work.
func (s *Store) vacuumInto(ctx context.Context, path string) error {
	options := readerOptions()
	options.Del("_query_only")
	db, err := connect(s.path, options, 1)
	if err != nil {
		return err
	}
	_, err = db.ExecContext(ctx, "VACUUM INTO ?", path)
	return errors.Join(err, db.Close())
}
