package sqlite

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/lexgen-go/lexgen/server/internal/account"
)

// A backup is made beside the work, and opens as a store that holds the same.
func TestBackup(t *testing.T) {
	t.Parallel()
	store := openStore(t, t.TempDir())
	must(t, signUp(t.Context(), store, newSignup("alice")))
	folder := t.TempDir()
	path := filepath.Join(folder, FileName)

	busy := make(chan error)
	go func() {
		busy <- store.write(t.Context(), func(t transaction) error {
			busy <- nil // the transaction has begun, and ends after the backup
			return <-busy
		})
	}()
	<-busy
	must(t, store.Backup(t.Context(), path))
	busy <- nil
	must(t, <-busy)

	must(t, signUp(t.Context(), store, newSignup("later")))
	info, err := os.Stat(path)
	must(t, err)
	if got, want := info.Mode().Perm(), fs.FileMode(0o600); got != want {
		t.Errorf("mode of the backup: got %o, want %o", got, want)
	}
	entries, err := os.ReadDir(folder)
	must(t, err)
	if len(entries) != 1 {
		t.Errorf("the backup left %v, want one file", entries)
	}
	restored := openStore(t, folder)
	problems, err := restored.Check(t.Context())
	if err != nil || len(problems) != 0 {
		t.Errorf("Check of the backup: got %q, %v", problems, err)
	}
	identifier := account.Identifier{Kind: account.ByHandle, Value: "alice.test"}
	if _, err := restored.FindAccount(t.Context(), identifier); err != nil {
		t.Errorf("FindAccount in the backup: %v", err)
	}
	identifier.Value = "later.test"
	if _, err := restored.FindAccount(t.Context(), identifier); !errors.Is(err, account.ErrAccountNotFound) {
		t.Errorf("FindAccount of a later account in the backup: got %v, want %v", err, account.ErrAccountNotFound)
	}
}

// A backup replaces nothing, and what fails leaves nothing.
func TestBackupRefuses(t *testing.T) {
	t.Parallel()
	store := openStore(t, t.TempDir())
	folder := t.TempDir()
	taken := filepath.Join(folder, "taken")
	writeFile(t, taken, "")
	if err := store.Backup(t.Context(), taken); !errors.Is(err, fs.ErrExist) {
		t.Errorf("Backup over a file: got %v, want %v", err, fs.ErrExist)
	}
	if info, err := os.Stat(taken); err != nil || info.Size() != 0 {
		t.Errorf("the file that was there: got %v, %v", info, err)
	}
	if err := store.Backup(t.Context(), filepath.Join(folder, "none", "backup")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("Backup into a folder that is missing: got %v, want %v", err, fs.ErrNotExist)
	}
	over, cancel := context.WithCancel(t.Context())
	cancel()
	if err := store.Backup(over, filepath.Join(folder, "cancelled")); !errors.Is(err, context.Canceled) {
		t.Errorf("Backup that was cancelled: got %v, want %v", err, context.Canceled)
	}
	entries, err := os.ReadDir(folder)
	must(t, err)
	if len(entries) != 1 {
		t.Errorf("failed backups left %v, want only the file that was there", entries)
	}
}
