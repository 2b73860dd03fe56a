package output_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lexgen-go/lexgen/lexgen/internal/output"
)

const header = output.Header + "\n"

// tree writes files below a new folder. A name that ends in / is a folder, and
// content that starts with -> is a symbolic link.
func tree(t *testing.T, files map[string]string) string {
	t.Helper()
	root, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for name, content := range files {
		path := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		target, isLink := strings.CutPrefix(content, "->")
		switch {
		case strings.HasSuffix(name, "/"):
			err = os.MkdirAll(path, 0o755)
		case isLink:
			err = os.Symlink(target, path)
		default:
			err = os.WriteFile(path, []byte(content), 0o644)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return root
}

// snapshot reads a tree back, in the form that tree takes. Folders are listed
// too.
func snapshot(t *testing.T, root string) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || path == root {
			return err
		}
		name, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		switch {
		case entry.IsDir():
			files[name+"/"] = ""
		case entry.Type()&fs.ModeSymlink != 0:
			target, err := os.Readlink(path)
			files[name] = "->" + target
			return err
		default:
			data, err := os.ReadFile(path)
			files[name] = string(data)
			return err
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// plan builds a plan from names below root.
func plan(root string, folders []string, files map[string]string) output.Plan {
	p := output.Plan{Root: root, Files: map[string][]byte{}}
	for _, folder := range folders {
		p.Folders = append(p.Folders, filepath.Join(root, folder))
	}
	for name, content := range files {
		p.Files[filepath.Join(root, name)] = []byte(content)
	}
	return p
}

// relative prints changes with names below root.
func relative(root string, c output.Changes) output.Changes {
	for _, list := range [][]string{c.Missing, c.Stale, c.Leftover} {
		for i, path := range list {
			list[i] = strings.TrimPrefix(path, root+"/")
		}
	}
	return c
}

func TestApply(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		before  map[string]string
		folders []string
		planned map[string]string
		changes output.Changes
		after   map[string]string // nil: as before
	}{
		{
			name:    "everything at once",
			before:  map[string]string{"a/": "", "a/same_gen.go": header + "1", "a/stale_gen.go": header + "old", "a/left_gen.go": header, "a/own.go": "package a"},
			folders: []string{"a", "b/c"},
			planned: map[string]string{"a/same_gen.go": header + "1", "a/stale_gen.go": header + "new", "b/c/new_gen.go": header + "2"},
			changes: output.Changes{Missing: []string{"b/c/new_gen.go"}, Stale: []string{"a/stale_gen.go"}, Leftover: []string{"a/left_gen.go"}},
			after: map[string]string{
				"a/": "", "a/same_gen.go": header + "1", "a/stale_gen.go": header + "new", "a/own.go": "package a",
				"b/": "", "b/c/": "", "b/c/new_gen.go": header + "2",
			},
		},
		{
			name:    "nothing to do",
			before:  map[string]string{"a/": "", "a/x_gen.go": header},
			folders: []string{"a"},
			planned: map[string]string{"a/x_gen.go": header},
		},
		{
			name:    "folder without files that does not exist",
			before:  map[string]string{"x": "1"},
			folders: []string{"a"},
		},
		{
			name: "what is not ours stays",
			before: map[string]string{
				"a/": "", "a/x_gen.go": "package a", "a/y_gen.go": header[:len(header)-1] + " \n", "a/z_gen.go": "\n" + header, "a/empty_gen.go": "",
				"a/x.go": header, "a/x_gen.txt": header, "a/link_gen.go": "->x.go", "a/dir_gen.go/": "", "a/sub/": "", "a/sub/x_gen.go": header,
			},
			folders: []string{"a"},
		},
		{
			name:    "header alone is ours",
			before:  map[string]string{"a/": "", "a/x_gen.go": output.Header},
			folders: []string{"a"},
			changes: output.Changes{Leftover: []string{"a/x_gen.go"}},
			after:   map[string]string{"a/": ""},
		},
		{
			name:    "lines that end as on Windows",
			before:  map[string]string{"a/": "", "a/left_gen.go": output.Header + "\r\n\r\npackage a", "a/x_gen.go": output.Header + "\r\n"},
			folders: []string{"a"},
			planned: map[string]string{"a/x_gen.go": header},
			changes: output.Changes{Stale: []string{"a/x_gen.go"}, Leftover: []string{"a/left_gen.go"}},
			after:   map[string]string{"a/": "", "a/x_gen.go": header},
		},
		{
			name:    "file in place of a folder that is not needed",
			before:  map[string]string{"a": "x"},
			folders: []string{"a", "a/b"},
		},
		{
			name:    "folder of the configuration",
			before:  map[string]string{"lexgen.json": "{}", "go.mod": "module x", "x_gen.go": header},
			folders: []string{"."},
			changes: output.Changes{Leftover: []string{"x_gen.go"}},
			after:   map[string]string{"lexgen.json": "{}", "go.mod": "module x"},
		},
		{
			name: "folders of others",
			before: map[string]string{
				"lexgen.json": "{}",
				"config/":     "", "config/lexgen.json": "{}", "config/x_gen.go": header,
				"below/": "", "below/lexgen.json": "{}", "below/a/": "", "below/a/x_gen.go": header,
				"module/": "", "module/go.mod": "", "module/a/": "", "module/a/x_gen.go": header,
				"real/": "", "real/x_gen.go": header, "link": "->real",
			},
			folders: []string{"config", "below/a", "module/a", "link"},
		},
		{
			name:    "new file in a folder of others",
			before:  map[string]string{"module/": "", "module/go.mod": "", "module/old_gen.go": header},
			folders: []string{"module"},
			planned: map[string]string{"module/x_gen.go": header},
			changes: output.Changes{Missing: []string{"module/x_gen.go"}},
			after:   map[string]string{"module/": "", "module/go.mod": "", "module/old_gen.go": header, "module/x_gen.go": header},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			root := tree(t, test.before)
			p := plan(root, test.folders, test.planned)
			if test.after == nil {
				test.after = test.before
			}

			got, err := output.Compare(p)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.before, snapshot(t, root)); diff != "" {
				t.Errorf("Compare changed the tree (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(test.changes, relative(root, got)); diff != "" {
				t.Errorf("Compare (-want +got):\n%s", diff)
			}
			got, err = output.Apply(p)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.changes, relative(root, got)); diff != "" {
				t.Errorf("Apply (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(test.after, snapshot(t, root)); diff != "" {
				t.Errorf("tree (-want +got):\n%s", diff)
			}
			if again, err := output.Compare(p); err != nil || !again.Empty() {
				t.Errorf("after Apply: got %v, %v, want no changes", again, err)
			}
		})
	}
}

// TestShared demands that files of people are written and nothing beside them is taken for ours.
func TestShared(t *testing.T) {
	t.Parallel()
	root := tree(t, map[string]string{"a/": "", "a/page.md": "old", "a/same.md": "same", "a/left_gen.go": header})
	p := plan(root, []string{"a", "b"}, map[string]string{"a/page.md": "new", "a/same.md": "same", "b/page.md": "new"})
	p.Shared = true
	want := output.Changes{Missing: []string{"b/page.md"}, Stale: []string{"a/page.md"}}
	for _, finish := range []func(output.Plan) (output.Changes, error){output.Compare, output.Apply} {
		got, err := finish(p)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(relative(root, got), want); diff != "" {
			t.Errorf("-got +want:\n%s", diff)
		}
	}
	after := map[string]string{"a/": "", "a/page.md": "new", "a/same.md": "same", "a/left_gen.go": header, "b/": "", "b/page.md": "new"}
	if diff := cmp.Diff(snapshot(t, root), after); diff != "" {
		t.Errorf("tree (-got +want):\n%s", diff)
	}
}

func TestObstacles(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		before map[string]string
		want   []string
	}{
		{
			"files without header",
			map[string]string{"a/": "", "a/x_gen.go": "package a", "z/": "", "z/y_gen.go": ""},
			[]string{
				"a/x_gen.go was not written by lexgen, but is where a generated file must be",
				"z/y_gen.go was not written by lexgen, but is where a generated file must be",
			},
		},
		{
			"folder in the way",
			map[string]string{"a/": "", "a/x_gen.go/": ""},
			[]string{"a/x_gen.go is a folder, where a generated file must be"},
		},
		{
			"link in the way",
			map[string]string{"a/": "", "a/x_gen.go": "->other", "a/other": header},
			[]string{"a/x_gen.go is a symbolic link, where a generated file must be"},
		},
		{"file in place of the folder", map[string]string{"a": "x"}, []string{"a is a file, where a folder must be"}},
		{"file in place of a folder above", map[string]string{"b": "x"}, []string{"b is a file, where a folder must be"}},
		{"link to nothing", map[string]string{"b": "->absent"}, []string{"b is a symbolic link, where a folder must be"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			root := tree(t, test.before)
			p := plan(root, []string{"a", "b/c/d", "z"}, map[string]string{
				"a/x_gen.go": header, "b/c/d/x_gen.go": header, "b/c/d/y_gen.go": header, "z/y_gen.go": header,
			})
			compared, compareErr := output.Compare(p)
			changes, err := output.Apply(p)
			if err != nil || compareErr != nil {
				t.Fatalf("got %v and %v", compareErr, err)
			}
			if diff := cmp.Diff(compared, changes); diff != "" {
				t.Errorf("Apply differs from Compare (-Compare +Apply):\n%s", diff)
			}
			var got []string
			for _, o := range changes.Obstacles {
				got = append(got, strings.TrimPrefix(o.Path, root+"/")+" "+o.Problem)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("obstacles (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(test.before, snapshot(t, root)); diff != "" {
				t.Errorf("the tree changed (-want +got):\n%s", diff)
			}
		})
	}
}

// TestGenerated demands that folders of earlier runs are known by the file that
// describes them.
func TestGenerated(t *testing.T) {
	t.Parallel()
	root := tree(t, map[string]string{
		"mine/": "", "mine/lexgen_gen.go": header, "hand/": "", "hand/lexgen_gen.go": "package hand", "other/": "", "other/x_gen.go": header,
		"link": "->mine", "deep/": "", "deep/mine/": "", "deep/mine/lexgen_gen.go": header, "lexgen_gen.go": header,
	})
	for folder, want := range map[string][]string{
		".": {filepath.Join(root, "mine")}, "mine": nil, "absent": nil, "lexgen_gen.go": nil,
	} {
		if got, err := output.Generated(filepath.Join(root, folder), "lexgen_gen.go"); err != nil || !slices.Equal(got, want) {
			t.Errorf("%s: got %v, %v, want %v", folder, got, err, want)
		}
	}
}

func TestFileOutsideOfFolders(t *testing.T) {
	t.Parallel()
	root := tree(t, map[string]string{"a/": ""})
	defer func() {
		if recover() == nil {
			t.Error("got no panic")
		}
	}()
	_, _ = output.Compare(plan(root, []string{"a"}, map[string]string{"b/x_gen.go": header}))
}

func TestApplyKeepsModeAndUntouchedFiles(t *testing.T) {
	t.Parallel()
	root := tree(t, map[string]string{"a/": "", "a/same_gen.go": header, "a/stale_gen.go": header + "old"})
	same, stale := filepath.Join(root, "a/same_gen.go"), filepath.Join(root, "a/stale_gen.go")
	if err := os.Chmod(stale, 0o600); err != nil {
		t.Fatal(err)
	}
	before, err := os.Stat(same)
	if err != nil {
		t.Fatal(err)
	}
	p := plan(root, []string{"a"}, map[string]string{"a/same_gen.go": header, "a/stale_gen.go": header + "new", "a/new_gen.go": header})
	if _, err := output.Apply(p); err != nil {
		t.Fatal(err)
	}
	after, err := os.Stat(same)
	if err != nil {
		t.Fatal(err)
	}
	if !os.SameFile(before, after) || !before.ModTime().Equal(after.ModTime()) {
		t.Error("a file that did not change was written")
	}
	modes := map[string]fs.FileMode{}
	for _, path := range []string{stale, filepath.Join(root, "a/new_gen.go")} {
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		modes[filepath.Base(path)] = info.Mode().Perm()
	}
	if diff := cmp.Diff(map[string]fs.FileMode{"stale_gen.go": 0o600, "new_gen.go": 0o644}, modes); diff != "" {
		t.Errorf("modes (-want +got):\n%s", diff)
	}
}

func TestConfigurationInNestedModule(t *testing.T) {
	t.Parallel()
	before := map[string]string{"gen/": "", "gen/x_gen.go": header, "tool/": "", "tool/go.mod": "", "tool/conf/": "", "tool/conf/lexgen.json": ""}
	root := tree(t, before)
	p := output.Plan{Root: filepath.Join(root, "tool/conf"), Folders: []string{filepath.Join(root, "gen")}}
	changes, err := output.Compare(p)
	if err != nil || !changes.Empty() {
		t.Errorf("got %v, %v, want nothing in the other module", changes, err)
	}
	p.Root = root
	changes, err = output.Compare(p)
	if want := []string{filepath.Join(root, "gen/x_gen.go")}; err != nil || !slices.Equal(changes.Leftover, want) {
		t.Errorf("got %v, %v, want leftover %v", changes, err, want)
	}
}

// TestOtherSpelling plays a disk that ignores case: there, the old spelling of
// a planned file names the same file, which must not be removed.
func TestOtherSpelling(t *testing.T) {
	t.Parallel()
	root := tree(t, map[string]string{"a/": "", "a/Old_gen.go": header, "a/other_gen.go": header})
	if err := os.Link(filepath.Join(root, "a/Old_gen.go"), filepath.Join(root, "a/old_gen.go")); err != nil {
		t.Fatal(err)
	}
	changes, err := output.Compare(plan(root, []string{"a"}, map[string]string{"a/old_gen.go": header, "a/OTHER_gen.go": header}))
	want := output.Changes{Missing: []string{"a/OTHER_gen.go"}, Leftover: []string{"a/other_gen.go"}}
	if diff := cmp.Diff(want, relative(root, changes)); diff != "" || err != nil {
		t.Errorf("got error %v and changes (-want +got):\n%s", err, diff)
	}
}
