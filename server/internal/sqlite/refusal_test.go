package sqlite

import (
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/lexgen-go/lexgen/server/internal/account"
)

// What Open does not take it says why, and leaves as it is.
func TestOpenRefuses(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		setUp func(t *testing.T, path string)
		want  string
	}{
		{
			name: "a file that is no database",
			setUp: func(t *testing.T, path string) {
				writeFile(t, path, strings.Repeat("These are notes, not a database.\n", 100))
			},
			want: "file is not a database",
		},
		{
			name: "a database of another application",
			setUp: func(t *testing.T, path string) {
				execFile(t, path, "CREATE TABLE notes (text); PRAGMA application_id = 42")
			},
			want: "the database belongs to another application (id 0x2a)",
		},
		{
			name: "a database of an application without an id",
			setUp: func(t *testing.T, path string) {
				execFile(t, path, "CREATE TABLE notes (text)")
			},
			want: "the database belongs to another application (id 0x0)",
		},
		{
			name: "a newer version",
			setUp: func(t *testing.T, path string) {
				execFile(t, path, fmt.Sprintf("CREATE TABLE later (text); PRAGMA application_id = %d; PRAGMA user_version = 7", applicationID))
			},
			want: "the database has version 7, this program knows versions up to 5",
		},
		{
			name: "a negative version",
			setUp: func(t *testing.T, path string) {
				execFile(t, path, fmt.Sprintf("PRAGMA application_id = %d; PRAGMA user_version = -1", applicationID))
			},
			want: "the database has a negative version",
		},
		{
			name: "a folder",
			setUp: func(t *testing.T, path string) {
				if err := os.Mkdir(path, 0o700); err != nil {
					t.Fatal(err)
				}
			},
			want: "is a directory",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			folder := t.TempDir()
			path := filepath.Join(folder, FileName)
			tt.setUp(t, path)
			before, _ := os.ReadFile(path)
			store, err := Open(t.Context(), folder)
			if err == nil {
				t.Fatal(errors.Join(errors.New("Open succeeded"), store.Close()))
			}
			if !strings.Contains(err.Error(), tt.want) || strings.Count(err.Error(), path) != 1 {
				t.Errorf("Open: got error %q, want it to contain %q, and %s once", err, tt.want, path)
			}
			if after, _ := os.ReadFile(path); string(after) != string(before) {
				t.Error("Open changed the file that it refused")
			}
		})
	}
}

// A full disk fails a sign-up as a whole. When there is room again the store goes
// on as if nothing had happened.
func TestFullDisk(t *testing.T) {
	t.Parallel()
	store := openStore(t, t.TempDir())
	var pages int
	if err := store.writer.QueryRow("PRAGMA page_count").Scan(&pages); err != nil {
		t.Fatal(err)
	}
	setLimit := func(limit int) {
		t.Helper()
		if _, err := store.writer.Exec(fmt.Sprintf("PRAGMA max_page_count = %d", limit)); err != nil {
			t.Fatal(err)
		}
	}
	setLimit(pages + 1)
	created, err := fillStore(t, store)
	if !errors.Is(err, account.ErrStoreFull) {
		t.Fatalf("ImportAccount in a full store: got %v, want %v", err, account.ErrStoreFull)
	}
	if err := store.CheckSignup(t.Context(), created.Account.Handle, created.Account.Email, "", time.Now()); err != nil {
		t.Errorf("CheckSignup after a failed sign-up: %v", err)
	}
	if err := store.Ping(t.Context()); err != nil {
		t.Errorf("Ping of a full store: %v", err)
	}
	setLimit(pages + 1000)
	if err := signUp(t.Context(), store, created); err != nil {
		t.Errorf("ImportAccount when there is room again: %v", err)
	}
	var broken int
	if err := store.writer.QueryRow("SELECT count(*) FROM pragma_foreign_key_check").Scan(&broken); err != nil || broken != 0 {
		t.Errorf("rows without their account: got %d, %v, want 0", broken, err)
	}
}

// What SQLite reports is told apart by its extended result codes.
func TestIsFull(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		code int
		want bool
	}{
		{"SQLITE_FULL", 13, true},
		{"SQLITE_IOERR", 10, false},
		{"SQLITE_IOERR_READ", 266, false},
		{"SQLITE_IOERR_SHMSIZE", 4874, true},
	}
	for _, tt := range tests {
		if got := isFull(tt.code); got != tt.want {
			t.Errorf("%s: got %t, want %t", tt.name, got, tt.want)
		}
	}
	err := storeError(&fs.PathError{Op: "open", Path: FileName, Err: syscall.ENOSPC})
	if !errors.Is(err, account.ErrStoreFull) || strings.Contains(err.Error(), "\n") {
		t.Errorf("storeError of a full disk: got %v, want %v in one line", err, account.ErrStoreFull)
	}
}

// fillStore signs accounts up until that fails.
func fillStore(t *testing.T, store *Store) (account.Reservation, error) {
	t.Helper()
	for i := range 1000 {
		created := newSignup(fmt.Sprint("filler", i))
		created.SigningKey.Sealed = make([]byte, 1000)
		if err := signUp(t.Context(), store, created); err != nil {
			return created, err
		}
	}
	t.Fatal("the store does not get full")
	return account.Reservation{}, nil
}

func writeFile(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// execFile runs a script on the database at path.
func execFile(t *testing.T, path, script string) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(script); err != nil {
		t.Fatal(err)
	}
}
