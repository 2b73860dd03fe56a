package durable_test

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/lexgen-go/lexgen/server/internal/durable"
)

// errBroken is what a broken content fails with.
var errBroken = errors.New("broken")

// A broken content writes something and fails.
type broken struct{}

func (broken) WriteTo(w io.Writer) (int64, error) {
	n, _ := io.WriteString(w, "half")
	return int64(n), errBroken
}

func text(s string) io.WriterTo { return strings.NewReader(s) }

func TestWrite(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		before  string // what is in the file; nothing: there is none
		write   func(path string, content io.WriterTo) error
		content io.WriterTo
		want    error
		after   string
	}{
		{"create", "", durable.Create, text("new"), nil, "new"},
		{"create over a file", "old", durable.Create, text("new"), fs.ErrExist, "old"},
		{"create from what is broken", "", durable.Create, broken{}, errBroken, ""},
		{"replace nothing", "", durable.Replace, text("new"), nil, "new"},
		{"replace", "old", durable.Replace, text("new"), nil, "new"},
		{"replace from what is broken", "old", durable.Replace, broken{}, errBroken, "old"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			folder := t.TempDir()
			path := filepath.Join(folder, "file")
			if tt.before != "" {
				if err := os.WriteFile(path, []byte(tt.before), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			if err := tt.write(path, tt.content); !errors.Is(err, tt.want) {
				t.Errorf("got %v, want %v", err, tt.want)
			}
			wantOnly(t, folder, path, tt.after)
		})
	}
}

// wantOnly checks that a folder holds one file, or none if its content is empty: no drafts.
func wantOnly(t *testing.T, folder, path, content string) {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	if content == "" {
		if len(entries) > 0 {
			t.Errorf("left behind: %v", entries)
		}
		return
	}
	got, err := os.ReadFile(path)
	if err != nil || string(got) != content || len(entries) != 1 {
		t.Errorf("got %q, %v, and the files %v, want %q alone", got, err, entries, content)
	}
	if info, err := os.Stat(path); err != nil || info.Mode() != 0o600 {
		t.Errorf("got %v, %v, want mode 0600", info, err)
	}
}

// Where nothing can be written, that is the error.
func TestNoFolder(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "missing", "file")
	for _, write := range []func(string, io.WriterTo) error{durable.Create, durable.Replace} {
		if err := write(path, text("new")); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("got %v, want %v", err, fs.ErrNotExist)
		}
	}
	if err := durable.SyncFolder(filepath.Dir(path)); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("SyncFolder: got %v, want %v", err, fs.ErrNotExist)
	}
}

// A folder in the way is neither replaced nor filled.
func TestFolderInTheWay(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	path := filepath.Join(folder, "file")
	if err := os.Mkdir(path, 0o700); err != nil {
		t.Fatal(err)
	}
	for _, write := range []func(string, io.WriterTo) error{durable.Create, durable.Replace} {
		if err := write(path, text("new")); err == nil {
			t.Error("a folder was replaced")
		}
	}
	if entries, err := os.ReadDir(folder); err != nil || len(entries) != 1 {
		t.Errorf("got %v, %v, want the folder alone", entries, err)
	}
}

// Of many that create one file at once, one does.
func TestCreateAtOnce(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	path := filepath.Join(folder, "file")
	var group sync.WaitGroup
	var created atomic.Int32
	for range 20 {
		group.Go(func() {
			switch err := durable.Create(path, text("new")); {
			case err == nil:
				created.Add(1)
			case !errors.Is(err, fs.ErrExist):
				t.Error(err)
			}
		})
	}
	group.Wait()
	if got := created.Load(); got != 1 {
		t.Errorf("created %d times", got)
	}
	wantOnly(t, folder, path, "new")
}
