//go:build unix

package durable_test

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/lexgen-go/lexgen/server/internal/durable"
)

// An owner is a user and a group.
type owner struct{ uid, gid int }

// Two owners that are not root, of the folder and of a file in it.
var (
	folderOwner = owner{65533, 65532}
	fileOwner   = owner{65531, 65530}
)

// What root writes belongs to whom the file before it belonged to, or else the folder: the user of the
// server can read it. What anybody else writes is his own, as ever.
func TestOwner(t *testing.T) {
	t.Parallel()
	openOrCreate := func(path string, _ io.WriterTo) error {
		file, err := durable.OpenOrCreate(path)
		if err != nil {
			return err
		}
		return file.Close()
	}
	tests := []struct {
		name   string
		exists bool
		write  func(path string, content io.WriterTo) error
		want   owner // if root writes
	}{
		{"create", false, durable.Create, folderOwner},
		{"replace nothing", false, durable.Replace, folderOwner},
		{"replace", true, durable.Replace, fileOwner},
		{"open or create nothing", false, openOrCreate, folderOwner},
		{"open or create", true, openOrCreate, fileOwner},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			folder := t.TempDir()
			path := filepath.Join(folder, "file")
			give(t, folder, folderOwner)
			if tt.exists {
				write(t, path)
				give(t, path, fileOwner)
			}
			if err := tt.write(path, text("new")); err != nil {
				t.Fatal(err)
			}
			wantOwner(t, path, tt.want)
		})
	}
}

// What a link leads to is opened and keeps its owner: who owns the folder must not get the files of
// others by a link.
func TestOwnerBehindLink(t *testing.T) {
	t.Parallel()
	folder, other := t.TempDir(), filepath.Join(t.TempDir(), "other")
	write(t, other)
	give(t, other, fileOwner)
	give(t, folder, folderOwner)
	link := filepath.Join(folder, "link")
	if err := os.Symlink(other, link); err != nil {
		t.Fatal(err)
	}
	file, err := durable.OpenOrCreate(link)
	if err != nil {
		t.Fatal(err)
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	wantOwner(t, other, fileOwner)
	if err := durable.Replace(link, text("new")); err != nil {
		t.Fatal(err)
	}
	wantOwner(t, other, fileOwner)
	if got, err := os.ReadFile(other); err != nil || string(got) != "old" {
		t.Errorf("behind the link: got %q, %v", got, err)
	}
}

// A file that cannot be given to the owner of its folder is not left behind: whoever comes next would
// take it for one that was there. The folder cannot be looked at because its name, without the link and
// what leads back from it, is that of a place in a file.
func TestOpenOrCreateLeavesNothing(t *testing.T) {
	t.Parallel()
	base, other := t.TempDir(), t.TempDir()
	for _, folder := range []string{"inner", "a", "a/b"} {
		if err := os.Mkdir(filepath.Join(other, folder), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	write(t, filepath.Join(base, "a"))
	if err := os.Symlink(filepath.Join(other, "inner"), filepath.Join(base, "link")); err != nil {
		t.Fatal(err)
	}
	if _, err := durable.OpenOrCreate(base + "/link/../a/b/file"); !errors.Is(err, syscall.ENOTDIR) {
		t.Errorf("OpenOrCreate: got %v, want %v", err, syscall.ENOTDIR)
	}
	if left, err := os.ReadDir(filepath.Join(other, "a/b")); err != nil || len(left) != 0 {
		t.Errorf("left behind: got %v, %v, want nothing", left, err)
	}
}

func write(t *testing.T, path string) {
	t.Helper()
	if err := os.WriteFile(path, []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
}

// give gives a file or a folder away, which only root can do.
func give(t *testing.T, path string, to owner) {
	t.Helper()
	if os.Geteuid() != 0 {
		return
	}
	if err := os.Chown(path, to.uid, to.gid); err != nil {
		t.Fatal(err)
	}
}

// wantOwner checks whose a file is; without root it is the test's.
func wantOwner(t *testing.T, path string, want owner) {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	owned := info.Sys().(*syscall.Stat_t)
	got := owner{int(owned.Uid), int(owned.Gid)}
	if os.Geteuid() != 0 {
		want = owner{os.Geteuid(), got.gid}
	}
	if got != want {
		t.Errorf("%s: got %+v, want %+v", filepath.Base(path), got, want)
	}
}
