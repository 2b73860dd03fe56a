package mail_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/lexgen-go/lexgen/server/internal/mail"
)

func newFolder(t *testing.T, path string) *mail.Folder {
	t.Helper()
	folder, err := mail.NewFolder(path, from, func() time.Time { return date })
	if err != nil {
		t.Fatal(err)
	}
	return folder
}

// list returns the names in a folder, which are sorted.
func list(t *testing.T, path string) []string {
	t.Helper()
	entries, err := os.ReadDir(path)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, entry := range entries {
		names = append(names, entry.Name())
	}
	return names
}

func TestFolder(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "new", "mail")
	if err := newFolder(t, path).Send(t.Context(), letter); err != nil {
		t.Fatal(err)
	}
	names := list(t, path)
	if len(names) != 1 || !strings.HasPrefix(names[0], "20260102T030405.000000006Z-") || filepath.Ext(names[0]) != ".eml" {
		t.Fatalf("files %q", names)
	}
	file := filepath.Join(path, names[0])
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	checkMessage(t, string(content), letter)
	if !strings.Contains(string(content), "\r\nABCDE-FGHIJ\r\n") || !strings.Contains(string(content), "= ü") {
		t.Errorf("the text cannot be read in\n%s", content)
	}
	for name, want := range map[string]os.FileMode{file: 0o600, path: 0o700 | os.ModeDir} {
		info, err := os.Stat(name)
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode() != want {
			t.Errorf("%s has mode %v, want %v", name, info.Mode(), want)
		}
	}
}

func TestLongLines(t *testing.T) {
	t.Parallel()
	path := t.TempDir()
	m := letter
	m.HTML = strings.Repeat("é", 1000)
	if err := newFolder(t, path).Send(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(filepath.Join(path, list(t, path)[0]))
	if err != nil {
		t.Fatal(err)
	}
	checkMessage(t, string(content), m)
	for line := range strings.Lines(string(content)) {
		if len(line) > 1000 {
			t.Errorf("a line has %d bytes", len(line))
		}
	}
	if !strings.Contains(string(content), "\r\nABCDE-FGHIJ\r\n") {
		t.Errorf("the code cannot be read in\n%s", content)
	}
}

func TestFilesSortByTime(t *testing.T) {
	t.Parallel()
	path := t.TempDir()
	now := date
	folder, err := mail.NewFolder(path, from, func() time.Time { return now })
	if err != nil {
		t.Fatal(err)
	}
	want := []time.Time{date, date.Add(94 * time.Nanosecond), date.Add(time.Second), date.AddDate(0, 10, 0)}
	for _, now = range want {
		if err := folder.Send(t.Context(), letter); err != nil {
			t.Fatal(err)
		}
	}
	for i, name := range list(t, path) {
		moment, _, _ := strings.Cut(name, "-")
		if got, err := time.Parse("20060102T150405.000000000Z", moment); err != nil || !got.Equal(want[i]) {
			t.Errorf("file %d is %s (%v), want that of %v", i, name, err, want[i])
		}
	}
}

func TestManyMailsAtOnce(t *testing.T) {
	t.Parallel()
	path := t.TempDir()
	folder := newFolder(t, path)
	var group sync.WaitGroup
	for range 20 {
		group.Go(func() {
			if err := folder.Send(t.Context(), letter); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	if names := list(t, path); len(names) != 20 {
		t.Errorf("files %q, want 20", names)
	}
}

func TestFolderFails(t *testing.T) {
	t.Parallel()
	now := func() time.Time { return date }
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := mail.NewFolder(file, from, now); err == nil {
		t.Error("a file became a folder")
	}
	if _, err := mail.NewFolder(t.TempDir(), "nobody", now); err == nil {
		t.Error("a sender that is no address was taken")
	}

	path := t.TempDir()
	folder := newFolder(t, path)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := folder.Send(ctx, letter); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want a canceled context", err)
	}
	if err := os.Remove(path); err != nil {
		t.Errorf("the folder is not empty: %v", err)
	}
	if err := folder.Send(t.Context(), letter); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("got %v, want a folder that does not exist", err)
	}
}
