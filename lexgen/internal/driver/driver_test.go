package driver_test

import (
	"context"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lexgen-go/lexgen/lexgen/internal/diag"
	"github.com/lexgen-go/lexgen/lexgen/internal/driver"
	"github.com/lexgen-go/lexgen/lexgen/internal/emit"
	"github.com/lexgen-go/lexgen/lexgen/internal/output"
)

// query is a document.
const query = `{"lexicon": 1, "id": "com.example.app.get", "defs": {"main": {"type": "query"}}}`

// project writes files into a folder of its own, which it returns.
func project(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	if _, ok := files["go.mod"]; !ok {
		write(t, filepath.Join(dir, "go.mod"), "module golden.test\n")
	}
	if _, ok := files["lexgen.json"]; !ok {
		write(t, filepath.Join(dir, "lexgen.json"), `{"version": 1, "emit": ["server"]}`)
	}
	for path, text := range files {
		write(t, filepath.Join(dir, filepath.FromSlash(path)), text)
	}
	return dir
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}

func symlink(t *testing.T, to, path string) {
	t.Helper()
	if err := os.Symlink(to, path); err != nil {
		t.Skipf("there are no symbolic links here: %v", err)
	}
}

func TestGenerate(t *testing.T) {
	t.Parallel()
	dir := project(t, map[string]string{"lexicons/com/example/app/get.json": query})
	missing := []string{"comexample/app_get_gen.go", "comexample/app_handler_gen.go", "comexample/lexgen_gen.go"}

	checked, err := driver.Check(t.Context(), driver.Options{Dir: dir})
	if err != nil || checked.Diags.Count(diag.Error) != len(missing) {
		t.Errorf("check of nothing: got %v, %v", checked.Diags, err)
	}
	first, err := driver.Generate(t.Context(), driver.Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(first.Changes.Missing, missing); diff != "" {
		t.Errorf("-got +want:\n%s", diff)
	}
	if first.Documents != 1 || first.Packages != 1 || first.Files != 3 || first.Config != "lexgen.json" {
		t.Errorf("got %+v", first)
	}
	second, err := driver.Generate(t.Context(), driver.Options{Dir: dir})
	if err != nil || !second.Changes.Empty() {
		t.Errorf("second run: got %+v, %v", second.Changes, err)
	}
	if checked, err = driver.Check(t.Context(), driver.Options{Dir: dir}); err != nil || len(checked.Diags) > 0 {
		t.Errorf("check: got %v, %v", checked.Diags, err)
	}
}

// countdown is a context that ends after it was looked at n times.
type countdown struct {
	context.Context
	n *atomic.Int64
}

func (c countdown) Err() error {
	if c.n.Add(-1) < 0 {
		return context.Canceled
	}
	return nil
}

// TestCanceled demands that a run which is interrupted, at any time before it writes, writes nothing.
func TestCanceled(t *testing.T) {
	t.Parallel()
	for looks := int64(0); ; looks++ {
		var left atomic.Int64
		left.Store(looks)
		dir := project(t, map[string]string{"lexicons/com/example/app/get.json": query})
		_, err := driver.Generate(countdown{t.Context(), &left}, driver.Options{Dir: dir})
		if left.Load() >= 0 {
			return // it never saw that the context had ended
		}
		if !errors.Is(err, context.Canceled) {
			t.Errorf("after %d looks: got %v, want %v", looks, err, context.Canceled)
		}
		if _, err := os.Stat(filepath.Join(dir, "comexample")); !os.IsNotExist(err) {
			t.Errorf("got %v, want no folder", err)
		}
	}
}

func TestUnreadable(t *testing.T) {
	t.Parallel()
	t.Run("document", func(t *testing.T) {
		t.Parallel()
		dir := project(t, map[string]string{
			"lexicons/com/example/app/get.json": query,
			"lexicons/com/example/app/ref.json": `{"lexicon": 1, "id": "com.example.app.ref", "defs": {"main": {"type": "object",
				"properties": {"a": {"type": "ref", "ref": "com.example.gone"}, "b": {"type": "ref", "ref": "com.example.absent"}}}}}`,
			"elsewhere/x": "",
		})
		symlink(t, filepath.Join(dir, "elsewhere"), filepath.Join(dir, "lexicons", "folder.json"))
		symlink(t, "absent.json", filepath.Join(dir, "lexicons", "com", "example", "gone.json"))
		result, err := driver.Generate(t.Context(), driver.Options{Dir: dir})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, d := range result.Diags {
			got = append(got, d.Span.File.Name+": "+d.Message+" ["+string(d.Rule)+"]")
		}
		want := []string{
			`lexicons/com/example/app/ref.json: ref "com.example.absent": no such document [unresolved-ref]`,
			"lexicons/com/example/gone.json: cannot be read: no such file or directory [unreadable-file]",
			"lexicons/folder.json: is a link to a folder, and such links are not followed [unreadable-file]",
		}
		if diff := cmp.Diff(got, want); diff != "" {
			t.Errorf("-got +want:\n%s", diff)
		}
	})
	t.Run("link to itself", func(t *testing.T) {
		t.Parallel()
		dir := project(t, nil)
		symlink(t, "lexicons", filepath.Join(dir, "lexicons"))
		result, err := driver.Generate(t.Context(), driver.Options{Dir: dir})
		if err != nil || !result.BadConfig || result.Diags.Count(diag.Error) != 1 {
			t.Errorf("got %v, %v", result.Diags, err)
		}
	})
	t.Run("configuration", func(t *testing.T) {
		t.Parallel()
		dir := project(t, map[string]string{"other/x": ""})
		result, err := driver.Generate(t.Context(), driver.Options{Dir: dir, Config: "other"})
		if err != nil || !result.BadConfig || len(result.Diags) != 1 || result.Diags[0].Rule != diag.UnreadableFile {
			t.Errorf("got %v, %v", result.Diags, err)
		}
		_, err = driver.Generate(t.Context(), driver.Options{Dir: dir, Config: "none"})
		if !errors.As(err, new(*driver.UsageError)) || err.Error() != "read none: no such file or directory" {
			t.Errorf("got %v", err)
		}
	})
}

// TestObstacles demands that what is in the way is reported with everything else there is to say.
func TestObstacles(t *testing.T) {
	t.Parallel()
	dir := project(t, map[string]string{
		"lexicons/com/example/app/get.json": query, "lexicons/org/example/app/get.json": strings.Replace(query, "com", "org", 1),
		"comexample": "a file", "orgexample/app_get_gen.go": "package orgexample",
	})
	options := driver.Options{Dir: dir, Command: "lexgen generate"}
	generated, err := driver.Generate(t.Context(), options)
	if err != nil {
		t.Fatal(err)
	}
	checked, err := driver.Check(t.Context(), options)
	if err != nil {
		t.Fatal(err)
	}
	obstacles := []string{
		"comexample: is a file, where a folder must be [foreign-file]",
		"orgexample/app_get_gen.go: was not written by lexgen, but is where a generated file must be [foreign-file]",
	}
	for _, test := range []struct {
		name string
		got  diag.List
		want []string
	}{
		{"generate", generated.Diags, obstacles},
		{"check", checked.Diags, append(
			obstacles,
			"orgexample/app_handler_gen.go: is missing [stale-output]",
			"orgexample/lexgen_gen.go: is missing [stale-output]",
		)},
	} {
		var got []string
		for _, d := range test.got {
			got = append(got, d.Span.File.Name+": "+d.Message+" ["+string(d.Rule)+"]")
		}
		if diff := cmp.Diff(got, test.want); diff != "" {
			t.Errorf("%s (-got +want):\n%s", test.name, diff)
		}
	}
	if help := checked.Diags[2].Help; help != "run lexgen generate" {
		t.Errorf("got the help %q", help)
	}
}

// TestFolders demands that folders which no document belongs to any more are cleaned, unless they
// may be someone else's.
func TestFolders(t *testing.T) {
	t.Parallel()
	const left = output.Header + "\n\npackage left\n"
	const config = `{"version": 1, "emit": ["types"], "out": "gen", "packages": [{"nsid": "com.gone", "dir": "unused"}]}`
	dir := project(t, map[string]string{
		"lexgen.json": config, "lexicons/com/example/app/get.json": query,
		"unused/a_gen.go": left, "unused/hand.go": "package left\n",
		"gen/comgone/lexgen_gen.go": left, "gen/comgone/a_gen.go": left,
		"gen/hand/a_gen.go": left, "gen/deep/comgone/lexgen_gen.go": left,
		"gen/module/lexgen_gen.go": left, "gen/module/go.mod": "module other\n",
		"gen/config/lexgen_gen.go": left, "gen/config/lexgen.json": "{}",
	})
	checked, err := driver.Check(t.Context(), driver.Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"gen/comgone/a_gen.go", "gen/comgone/lexgen_gen.go", "unused/a_gen.go"}
	if diff := cmp.Diff(checked.Changes.Leftover, want); diff != "" {
		t.Errorf("check (-got +want):\n%s", diff)
	}
	generated, err := driver.Generate(t.Context(), driver.Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(generated.Changes.Leftover, want); diff != "" {
		t.Errorf("generate (-got +want):\n%s", diff)
	}
	if checked, err = driver.Check(t.Context(), driver.Options{Dir: dir}); err != nil || checked.Diags.HasErrors() {
		t.Errorf("check: got %v, %v", checked.Diags, err)
	}
}

// TestImportable demands that every package can be imported.
func TestImportable(t *testing.T) {
	t.Parallel()
	const config = `{"version": 1, "emit": ["types"], "out": %OUT%}`
	for _, test := range []struct{ dir, want string }{
		{"gen", ""},
		{"internal/gen-1", ""},
		{"vendor", "the go command gives vendor a meaning of its own"},
		{"a/testdata/b", ""}, // which ./... leaves out, and an import does not
		{"_gen", ""},
		{".gen", ""},
		{"a b", "invalid char ' '"},
		{"é", "invalid char 'é'"},
		{"gen.", "trailing dot in path element"},
	} {
		t.Run(test.dir, func(t *testing.T) {
			t.Parallel()
			dir := project(t, map[string]string{
				"lexgen.json":                       strings.Replace(config, "%OUT%", `"`+test.dir+`"`, 1),
				"lexicons/com/example/app/get.json": query,
				"lexicons/org/example/app/get.json": strings.Replace(query, "com", "org", 1),
			})
			result, err := driver.Generate(t.Context(), driver.Options{Dir: dir})
			if err != nil {
				t.Fatal(err)
			}
			got := ""
			for _, d := range result.Diags {
				_, problem, _ := strings.Cut(d.Message, ": ")
				got += problem
			}
			if got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
			if got != "" && (result.Diags[0].Rule != diag.PackageMapping || result.Diags[0].Span.Text() != `"`+test.dir+`"` || !result.BadConfig) {
				t.Errorf("got %+v", result.Diags[0])
			}
		})
	}
}

// TestHeader demands that what emit writes is what output knows as its own.
func TestHeader(t *testing.T) {
	t.Parallel()
	if emit.Header != output.Header {
		t.Errorf("emit begins files with %q, output looks for %q", emit.Header, output.Header)
	}
}

// TestLexicons demands that every document is found, once, and shown by the path that was configured.
func TestLexicons(t *testing.T) {
	t.Parallel()
	const broken = "{"
	dir := project(t, map[string]string{
		"sub/lexgen.json":       `{"version": 1, "lexicons": ["../linked", "../one.txt", "."]}`,
		"real/com/example.json": broken,
		"one.txt":               broken,
		"sub/com/lexgen.json":   broken,
		"sub/readme.md":         broken,
	})
	symlink(t, "real", filepath.Join(dir, "linked"))
	result, err := driver.Generate(t.Context(), driver.Options{Dir: dir, Config: "sub/lexgen.json"})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, d := range result.Diags {
		got = append(got, d.Span.File.Name)
	}
	if diff := cmp.Diff(got, []string{"linked/com/example.json", "one.txt", "sub/com/lexgen.json"}); diff != "" {
		t.Errorf("-got +want:\n%s", diff)
	}
}

// TestPackageName demands that a package is called as its folder says, or its hand-written files.
func TestPackageName(t *testing.T) {
	t.Parallel()
	const entry = `{"version": 1, "emit": ["types"], "packages": [{"nsid": "com.example", "dir": %DIR%}]}`
	for _, test := range []struct {
		name, dir string
		files     map[string]string
		want      string
	}{
		{"folder", "gen/lex", nil, "lex"},
		{"folder that is no name", "gen/lex-files", nil, "comexample"},
		{"folder with a name that is taken", "gen/xrpc", nil, "comexample"},
		{"hand-written files", "gen/lex", map[string]string{"gen/lex/a.go": "package mine\n"}, "mine"},
		{"generated files", "gen/lex", map[string]string{"gen/lex/a_gen.go": "package mine\n"}, "lex"},
		{"tests", "gen/lex", map[string]string{"gen/lex/a_test.go": "package mine_test\n"}, "lex"},
		{"ignored files", "gen/lex", map[string]string{"gen/lex/a.go": "//go:build ignore\n\npackage main\n"}, "lex"},
		{"broken files", "gen/lex", map[string]string{"gen/lex/a.go": "package mine\n\nfunc {\n"}, "mine"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			files := map[string]string{
				"cfg/lexgen.json":                       strings.Replace(entry, "%DIR%", `"../`+test.dir+`"`, 1),
				"cfg/lexicons/com/example/app/get.json": query,
			}
			maps.Copy(files, test.files)
			dir := project(t, files)
			result, err := driver.Generate(t.Context(), driver.Options{Dir: dir, Config: "cfg/lexgen.json"})
			if err != nil || result.Diags.HasErrors() {
				t.Fatalf("got %v, %v", result.Diags, err)
			}
			text, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(test.dir), "lexgen_gen.go"))
			if err != nil {
				t.Fatal(err)
			}
			if want := "\npackage " + test.want + "\n"; !strings.Contains(string(text), want) {
				t.Errorf("got %s, want %q in it", text, want)
			}
		})
	}
}
