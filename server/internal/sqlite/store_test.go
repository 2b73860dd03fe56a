package sqlite

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/server/internal/account"
	"github.com/lexgen-go/lexgen/server/internal/account/storetest"
)

func TestStore(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T) storetest.Store {
		return openStore(t, t.TempDir())
	})
}

func openStore(t *testing.T, folder string) *Store {
	t.Helper()
	store, err := Open(t.Context(), folder)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	return store
}

// newSignup returns a sign-up of somebody with a name.
func newSignup(name string) account.Reservation {
	return account.Reservation{
		Account: account.Account{
			DID:    syntax.DID("did:plc:" + name),
			Handle: syntax.Handle(name + ".test"),
			Email:  name + "@example.com",
		},
		PasswordHash: "hash",
		SigningKey:   account.SealedKey{Public: "did:key:" + name, Sealed: []byte("sealed")},
	}
}

// signUp creates an account with a session.
func signUp(ctx context.Context, store *Store, reservation account.Reservation) error {
	did := reservation.Account.DID
	return store.ImportAccount(ctx, reservation, account.NewSession{
		Session: account.Session{ID: string(did), DID: did},
		Refresh: account.HashRefreshID(string(did)),
	}, account.Record{})
}

func TestReopen(t *testing.T) {
	t.Parallel()
	// SQLite takes the name as a URI, in which these characters mean something.
	folder := filepath.Join(t.TempDir(), "a folder?with#odd %20 name")
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	store, err := Open(t.Context(), folder)
	if err != nil {
		t.Fatal(err)
	}
	if err := signUp(t.Context(), store, newSignup("alice")); err != nil {
		t.Fatal(err)
	}
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	if len(entries) != 1 || entries[0].Name() != FileName {
		t.Errorf("a closed store left %v, want %s alone", entries, FileName)
	}
	store = openStore(t, folder)
	if err := store.CheckSignup(t.Context(), "alice.test", "", "", time.Now()); !errors.Is(err, account.ErrHandleTaken) {
		t.Errorf("CheckSignup after reopening: got %v, want %v", err, account.ErrHandleTaken)
	}
}

func TestSettings(t *testing.T) {
	t.Parallel()
	store := openStore(t, t.TempDir())
	tests := []struct{ pragma, want string }{
		{"journal_mode", "wal"},
		{"synchronous", "2"},
		{"foreign_keys", "1"},
		{"busy_timeout", "5000"},
		{"integrity_check", "ok"},
	}
	for _, tt := range tests {
		var got string
		if err := store.writer.QueryRow("PRAGMA " + tt.pragma).Scan(&got); err != nil || got != tt.want {
			t.Errorf("%s of the writer: got %q, %v, want %q", tt.pragma, got, err, tt.want)
		}
	}
	if _, err := store.reader.Exec("DELETE FROM account"); err == nil {
		t.Error("a reading connection could write")
	}
}

func TestFileModes(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	store := openStore(t, folder)
	if err := signUp(t.Context(), store, newSignup("alice")); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{FileName, FileName + "-wal", FileName + "-shm"} {
		info, err := os.Stat(filepath.Join(folder, name))
		if err != nil {
			t.Fatal(err)
		}
		if got, want := info.Mode().Perm(), fs.FileMode(0o600); got != want {
			t.Errorf("mode of %s: got %o, want %o", name, got, want)
		}
	}
}

// A database that was deleted, replaced or damaged while it is open is found out.
func TestPingFindsDamage(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		damage func(t *testing.T, path string)
	}{
		{"deleted", func(t *testing.T, path string) {
			t.Helper()
			must(t, os.Remove(path))
		}},
		{"replaced", func(t *testing.T, path string) {
			t.Helper()
			data, err := os.ReadFile(path)
			must(t, err)
			must(t, os.WriteFile(path+".copy", data, 0o600))
			must(t, os.Rename(path+".copy", path))
		}},
		{"overwritten", func(t *testing.T, path string) {
			t.Helper()
			data, err := os.ReadFile(path)
			must(t, err)
			must(t, os.WriteFile(path, bytes.Repeat([]byte("damage!!"), len(data)/8), 0o600))
		}},
		{"cut off", func(t *testing.T, path string) {
			t.Helper()
			must(t, os.Truncate(path, 0))
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			folder := t.TempDir()
			store, err := Open(t.Context(), folder)
			must(t, err)
			t.Cleanup(func() { store.Close() })
			must(t, signUp(t.Context(), store, newSignup("alice")))
			must(t, store.Checkpoint(t.Context()))
			must(t, store.Ping(t.Context()))
			tt.damage(t, filepath.Join(folder, FileName))
			if err := store.Ping(t.Context()); err == nil {
				t.Error("Ping succeeded")
			}
		})
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// Closing does not need the checkpoint: what it does not write is there again.
func TestCloseWithoutCheckpoint(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	store, err := Open(t.Context(), folder)
	must(t, err)
	must(t, signUp(t.Context(), store, newSignup("alice")))
	must(t, store.Close())
	if err := store.Checkpoint(t.Context()); err == nil {
		t.Error("Checkpoint of a closed store succeeded")
	}
	if found, err := Inspect(t.Context(), folder); err != nil || !found.Accounts {
		t.Errorf("Inspect: got %+v, %v, want an account", found, err)
	}
}

func TestPing(t *testing.T) {
	t.Parallel()
	store, err := Open(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	if err := store.Ping(t.Context()); err != nil {
		t.Errorf("Ping of an open store: %v", err)
	}
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	if err := store.Ping(t.Context()); err == nil {
		t.Error("Ping of a closed store succeeded")
	}
}
