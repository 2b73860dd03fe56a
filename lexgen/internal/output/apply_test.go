package output

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestRollback lets each rename fail in turn, while another run ends and cleans up, and expects the
// tree as it was. The files are old, and what is kept of them must not count as left by a dead run.
func TestRollback(t *testing.T) {
	t.Parallel()
	const renames = 5 // the changes of the plan below
	for failing := range renames {
		t.Run(fmt.Sprintf("rename %d", failing), func(t *testing.T) {
			t.Parallel()
			root := t.TempDir()
			write := func(name string) {
				if err := os.WriteFile(filepath.Join(root, name), []byte(Header+"\n"+name), 0o600); err != nil {
					t.Fatal(err)
				}
				old := time.Now().Add(-time.Hour)
				if err := os.Chtimes(filepath.Join(root, name), old, old); err != nil {
					t.Fatal(err)
				}
			}
			write("left_gen.go")
			write("left_too_gen.go")
			write("stale_gen.go")
			write("other.go")
			before := list(t, root)

			plan := Plan{
				Root:    root,
				Folders: []string{root, filepath.Join(root, "new", "deep")},
				Files: map[string][]byte{
					filepath.Join(root, "stale_gen.go"):            []byte(Header + "\nnew"),
					filepath.Join(root, "a_gen.go"):                []byte(Header),
					filepath.Join(root, "new", "deep", "b_gen.go"): []byte(Header),
				},
			}
			broken := errors.New("rename is broken")
			count := 0
			a := applier{rename: func(from, to string) error {
				count++
				if count == failing+1 {
					return errors.Join(broken, plan.removeTemporaries())
				}
				return os.Rename(from, to)
			}}
			changes, err := a.apply(plan)
			if !errors.Is(err, broken) || !changes.Empty() {
				t.Fatalf("got %v, %v, want the broken rename", changes, err)
			}
			if diff := cmp.Diff(before, list(t, root)); diff != "" {
				t.Errorf("tree (-want +got):\n%s", diff)
			}
		})
	}
}

// TestFailedPreparation lets a folder turn out to be a dangling link after
// other files were prepared.
func TestFailedPreparation(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	if err := os.Symlink(filepath.Join(root, "absent"), filepath.Join(root, "z")); err != nil {
		t.Fatal(err)
	}
	before := list(t, root)
	first, second := filepath.Join(root, "a", "x_gen.go"), filepath.Join(root, "z", "x_gen.go")
	plan := Plan{
		Files: map[string][]byte{first: []byte(Header), second: []byte(Header)},
		Name:  func(path string) string { return filepath.Base(path) },
	}
	a := applier{rename: os.Rename}
	err := a.run(plan, Changes{Missing: []string{first, second}})
	if !errors.Is(err, os.ErrExist) || err.Error() != "write x_gen.go: file exists" {
		t.Errorf("got %v, want an error about what is in the way", err)
	}
	if err := a.rollback(); err != nil {
		t.Error(err)
	}
	if diff := cmp.Diff(before, list(t, root)); diff != "" {
		t.Errorf("tree (-want +got):\n%s", diff)
	}
}

// TestFailedRemoval demands that an error names the leftover and what was to be
// done with it, not the temporary file.
func TestFailedRemoval(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	path := filepath.Join(root, "left_gen.go")
	if err := os.WriteFile(path, []byte(Header), 0o600); err != nil {
		t.Fatal(err)
	}
	a := applier{rename: func(from, to string) error {
		return &os.LinkError{Op: "rename", Old: from, New: to, Err: os.ErrPermission}
	}}
	_, err := a.apply(Plan{Root: root, Folders: []string{root}, Name: filepath.Base})
	if err == nil || err.Error() != "remove left_gen.go: permission denied" {
		t.Errorf("got %v", err)
	}
}

// TestRunsAtOnce removes a leftover as another run would, after it was found.
func TestRunsAtOnce(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	path := filepath.Join(root, "left_gen.go")
	if err := os.WriteFile(path, []byte(Header), 0o600); err != nil {
		t.Fatal(err)
	}
	a := applier{rename: func(from, to string) error {
		if err := os.Remove(path); err != nil {
			t.Error(err)
		}
		return os.Rename(from, to)
	}}
	changes, err := a.apply(Plan{Root: root, Folders: []string{root}})
	if err != nil || len(changes.Leftover) != 1 {
		t.Errorf("got %v, %v, want one leftover", changes, err)
	}
	if got := list(t, root); len(got) > 0 {
		t.Errorf("got %v, want nothing", got)
	}
}

// TestTemporaries demands that what killed runs left goes, and nothing else.
func TestTemporaries(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	old := time.Now().Add(-2 * temporaryAge)
	for _, name := range []string{".lexgen-1", ".lexgen-new", ".lexgen-", ".lexgen-2", "sub/.lexgen-3", "module/.lexgen-4", "module/go.mod"} {
		path := filepath.Join(root, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		if name == ".lexgen-2" {
			continue // of a run at work
		}
		if err := os.Chtimes(path, old, old); err != nil {
			t.Fatal(err)
		}
	}
	plan := Plan{Root: root, Folders: []string{root, filepath.Join(root, "module"), filepath.Join(root, "absent")}}
	if changes, err := Compare(plan); err != nil || !changes.Empty() {
		t.Errorf("got %v, %v, want no changes", changes, err)
	}
	if changes, err := Apply(plan); err != nil || !changes.Empty() {
		t.Errorf("got %v, %v, want no changes", changes, err)
	}
	for name, want := range map[string]bool{
		".lexgen-1": false, ".lexgen-new": true, ".lexgen-": true, ".lexgen-2": true, "sub/.lexgen-3": true, "module/.lexgen-4": true,
	} {
		if got := exists(root, name); got != want {
			t.Errorf("%s: got %v, want %v", name, got, want)
		}
	}
}

// list returns the names in a folder with mode and content.
func list(t *testing.T, folder string) []string {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, entry := range entries {
		info, err := entry.Info()
		if err != nil {
			t.Fatal(err)
		}
		data, err := os.ReadFile(filepath.Join(folder, entry.Name()))
		if err != nil {
			data = nil // a folder or a dangling link
		}
		lines = append(lines, fmt.Sprintf("%s %v %s", entry.Name(), info.Mode(), data))
	}
	return lines
}
