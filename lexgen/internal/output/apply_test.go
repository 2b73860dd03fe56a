package output

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestRollback lets each rename fail in turn and expects the tree as it was.
func TestRollback(t *testing.T) {
	t.Parallel()
	const renames = 4 // the changes of the plan below
	for failing := range renames {
		t.Run(fmt.Sprintf("rename %d", failing), func(t *testing.T) {
			t.Parallel()
			root := t.TempDir()
			write := func(name string) {
				if err := os.WriteFile(filepath.Join(root, name), []byte(Header+"\n"+name), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			write("left_gen.go")
			write("stale_gen.go")
			write("other.go")
			before := list(t, root)

			broken := errors.New("rename is broken")
			count := 0
			a := applier{rename: func(from, to string) error {
				count++
				if count == failing+1 {
					return broken
				}
				return os.Rename(from, to)
			}}
			changes, err := a.apply(Plan{
				Root:    root,
				Folders: []string{root, filepath.Join(root, "new", "deep")},
				Files: map[string][]byte{
					filepath.Join(root, "stale_gen.go"):            []byte(Header + "\nnew"),
					filepath.Join(root, "a_gen.go"):                []byte(Header),
					filepath.Join(root, "new", "deep", "b_gen.go"): []byte(Header),
				},
			})
			if !errors.Is(err, broken) || !changes.Empty() {
				t.Fatalf("got %v, %v, want the broken rename", changes, err)
			}
			if diff := cmp.Diff(before, list(t, root)); diff != "" {
				t.Errorf("tree (-want +got):\n%s", diff)
			}
		})
	}
}

// TestFailedPreparation plans a folder that a dangling link keeps from being
// created, after other files were prepared.
func TestFailedPreparation(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	if err := os.Symlink(filepath.Join(root, "absent"), filepath.Join(root, "z")); err != nil {
		t.Fatal(err)
	}
	before := list(t, root)
	_, err := Apply(Plan{
		Root:    root,
		Folders: []string{filepath.Join(root, "a"), filepath.Join(root, "z")},
		Files: map[string][]byte{
			filepath.Join(root, "a", "x_gen.go"): []byte(Header),
			filepath.Join(root, "z", "x_gen.go"): []byte(Header),
		},
	})
	if !errors.Is(err, os.ErrExist) {
		t.Errorf("got %v, want an error about what is in the way", err)
	}
	if diff := cmp.Diff(before, list(t, root)); diff != "" {
		t.Errorf("tree (-want +got):\n%s", diff)
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
