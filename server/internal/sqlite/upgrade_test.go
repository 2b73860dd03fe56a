package sqlite

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/server/internal/account"
)

// A plainSealer writes the purpose before a secret, and hides nothing.
type plainSealer struct{}

var errOtherPurpose = errors.New("sealed for another purpose")

func (plainSealer) Seal(purpose string, secret []byte) ([]byte, error) {
	return append([]byte(purpose+"|"), secret...), nil
}

func (plainSealer) Open(purpose string, sealed []byte) ([]byte, error) {
	secret, ok := bytes.CutPrefix(sealed, []byte(purpose+"|"))
	if !ok {
		return nil, errOtherPurpose
	}
	return secret, nil
}

// What is in a folder is seen without a change to it.
func TestInspect(t *testing.T) {
	t.Parallel()
	steps, err := migrationSteps()
	must(t, err)
	newest := len(steps)
	tests := []struct {
		name    string
		prepare func(t *testing.T, folder string)
		want    Found
	}{
		{"nothing", func(*testing.T, string) {}, Found{}},
		{"an empty file", func(t *testing.T, folder string) { writeFile(t, filepath.Join(folder, FileName), "") }, Found{}},
		{"the first version", writeOldStore, Found{Version: 1, Accounts: true, Identities: true}},
		{"a new database", writeStore(func(context.Context, *Store) error { return nil }), Found{Version: newest}},
		{"a database of a server", writeStore(func(ctx context.Context, store *Store) error {
			before := Server{Hostname: "localhost", DID: "did:web:localhost"}
			return errors.Join(store.Name(ctx, before), store.Name(ctx, Server{Hostname: "pds.example.com", DID: "did:web:example.com"}))
		}), Found{Version: newest, Server: Server{Hostname: "pds.example.com", DID: "did:web:example.com"}}},
		{"an account", writeStore(func(ctx context.Context, store *Store) error {
			return signUp(ctx, store, newSignup("alice"))
		}), Found{Version: newest, Accounts: true}},
		{"a sign-up under way", writeStore(func(ctx context.Context, store *Store) error {
			return store.ReserveSignup(ctx, newSignup("alice"))
		}), Found{Version: newest, Accounts: true}},
		{"an identity", writeStore(func(ctx context.Context, store *Store) error {
			return store.AppendOperation(ctx, account.DirectoryEntry{DID: "did:plc:alice", CID: "a"},
				func([]account.DirectoryEntry) ([]syntax.CID, error) { return nil, nil })
		}), Found{Version: newest, Identities: true}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			folder := t.TempDir()
			tt.prepare(t, folder)
			before := readFolder(t, folder)
			got, err := Inspect(t.Context(), folder)
			if err != nil || got != tt.want {
				t.Errorf("got %+v, %v, want %+v", got, err, tt.want)
			}
			wantSame(t, readFolder(t, folder), before)
		})
	}
}

// writeStore writes a database of today.
func writeStore(fill func(ctx context.Context, store *Store) error) func(t *testing.T, folder string) {
	return func(t *testing.T, folder string) {
		t.Helper()
		store, err := Open(t.Context(), folder)
		must(t, err)
		must(t, fill(t.Context(), store))
		must(t, store.Close())
	}
}

// readFolder returns what is in the files of a folder, by name.
func readFolder(t *testing.T, folder string) map[string]string {
	t.Helper()
	entries, err := os.ReadDir(folder)
	must(t, err)
	files := map[string]string{}
	for _, entry := range entries {
		data, err := os.ReadFile(filepath.Join(folder, entry.Name()))
		must(t, err)
		files[entry.Name()] = string(data)
	}
	return files
}

// Signing keys are sealed for the purpose of today, with the database as a whole.
func TestUpgradeSeals(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	writeOldStore(t, folder)
	must(t, Upgrade(t.Context(), folder, plainSealer{}))
	must(t, Upgrade(t.Context(), folder, nil /* there is nothing left to do */))
	store := openStore(t, folder)
	for did, want := range map[syntax.DID]string{"did:plc:alice": "1", "did:plc:bob": "2"} {
		key, err := store.SigningKey(t.Context(), did)
		must(t, err)
		private, err := plainSealer{}.Open(account.SigningKeyPurpose(key.Public), key.Sealed)
		if err != nil || string(private) != want {
			t.Errorf("key of %s: got %q, %v, want %q", did, private, err, want)
		}
	}
}

// An old database is not opened as it is, and one that cannot be brought up to date stays as it was, for
// the next start or the older program.
func TestUpgradeFails(t *testing.T) {
	t.Parallel()
	over, cancel := context.WithCancel(t.Context())
	cancel()
	tests := []struct {
		name   string
		script string
		ctx    context.Context
		want   string
	}{
		{"cancelled", "", over, "context canceled"},
		{"a table in the way", "CREATE TABLE outbox (of_the_way)", t.Context(), "already exists"},
		{"another master key", "UPDATE signing_key SET sealed = x'00' WHERE did = 'did:plc:bob'", t.Context(), errOtherPurpose.Error()},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			folder := t.TempDir()
			writeOldStore(t, folder)
			execFile(t, filepath.Join(folder, FileName), tt.script)
			if err := Upgrade(tt.ctx, folder, plainSealer{}); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("Upgrade: got %v, want %s", err, tt.want)
			}
			if _, err := Open(t.Context(), folder); err == nil || !strings.Contains(err.Error(), "start the server once") {
				t.Errorf("Open: got %v, want a refusal", err)
			}
			found, err := Inspect(t.Context(), folder)
			if want := (Found{Version: 1, Accounts: true, Identities: true}); err != nil || found != want {
				t.Errorf("Inspect: got %+v, %v, want %+v", found, err, want)
			}
		})
	}
}

// The database of a program that runs is left alone: that would not find its tables again.
func TestUpgradeInUse(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	writeOldStore(t, folder)
	db, err := connect(filepath.Join(folder, FileName), writerOptions(), 1)
	must(t, err)
	t.Cleanup(func() { db.Close() })
	if _, err := db.Exec("PRAGMA journal_mode = WAL; UPDATE account SET handle = 'new.test' WHERE did = 'did:plc:bob'"); err != nil {
		t.Fatal(err)
	}
	if err := Upgrade(t.Context(), folder, plainSealer{}); err == nil || !strings.Contains(err.Error(), "another program") {
		t.Errorf("got %v, want a refusal", err)
	}
	if _, err := db.Exec("INSERT INTO plc_operation VALUES ('did:plc:bob', 'd', '{}', 3000, NULL)"); err != nil {
		t.Errorf("the program that runs: %v", err)
	}
	must(t, db.Close())
	must(t, Upgrade(t.Context(), folder, plainSealer{}))
}
