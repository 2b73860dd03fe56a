package driver_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lexgen-go/lexgen/lexgen/internal/diag"
	"github.com/lexgen-go/lexgen/lexgen/internal/driver"
)

// shared is what a package that is generated elsewhere says of itself.
const shared = `package shared

const (
	lexgenSymbols = "" +
		"com.shared.defs#view View\n"
	lexgenDocuments = "" +
		"{\"lexicon\":1,\"id\":\"com.shared.defs\",\"defs\":{\"view\":{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"string\"}}}}}\n"
)
`

// referring is a document that refers to what shared holds.
const referring = `{"lexicon": 1, "id": "com.example.app.view", "defs": {"main": {"type": "object", "properties": {
	"view": {"type": "ref", "ref": "com.shared.defs#view"}}}}}`

// importing returns a project in which com.shared is the package of an import path, of which the module
// golden.test may hold files.
func importing(t *testing.T, path string, files map[string]string) string {
	t.Helper()
	all := map[string]string{
		"go.mod":                             "module golden.test\n\ngo 1.26\n",
		"lexgen.json":                        `{"version": 1, "emit": ["types"], "packages": [{"nsid": "com.shared", "import": "` + path + `"}]}`,
		"lexicons/com/example/app/view.json": referring,
	}
	for name, text := range files {
		all[name] = text
	}
	return project(t, all)
}

func TestExternal(t *testing.T) {
	t.Parallel()
	dir := importing(t, "golden.test/shared", map[string]string{"shared/lexgen_gen.go": shared})
	result, err := driver.Generate(t.Context(), driver.Options{Dir: dir})
	if err != nil || len(result.Diags) > 0 || result.Documents != 1 || result.Packages != 1 {
		t.Fatalf("got %+v, %v", result, err)
	}
	text, err := os.ReadFile(filepath.Join(dir, "comexample", "app_view_gen.go"))
	if err != nil || !strings.Contains(string(text), "View *shared.View ") {
		t.Errorf("got %s, %v", text, err)
	}
	if entries, err := os.ReadDir(filepath.Join(dir, "shared")); err != nil || len(entries) != 1 {
		t.Errorf("in the folder of the package: got %v, %v", entries, err)
	}
}

// advertised is shared with the prefixes that it is generated for.
var advertised = strings.Replace(shared, "const (\n", "const (\n\tlexgenPrefixes = \"com.shared net.shared\"\n", 1)

// configured returns a project with shared in the module, and entries of packages.
func configured(t *testing.T, text, packages string) string {
	t.Helper()
	return importing(t, "", map[string]string{
		"shared/lexgen_gen.go": text,
		"lexgen.json":          `{"version": 1, "emit": ["types"], "packages": [` + packages + `]}`,
	})
}

// TestImportAlone demands that a package says which prefixes it is for.
func TestImportAlone(t *testing.T) {
	t.Parallel()
	dir := configured(t, advertised, `{"import": "golden.test/shared"}`)
	result, err := driver.Generate(t.Context(), driver.Options{Dir: dir})
	if err != nil || len(result.Diags) > 0 || result.Documents != 1 || result.Packages != 1 {
		t.Errorf("got %+v, %v", result, err)
	}
}

// TestEntries demands that a mistake in an entry for a package is reported at the entry, and that what
// the package seems to lack then is not reported as well.
func TestEntries(t *testing.T) {
	t.Parallel()
	const twice = `%s [overlapping-config] two entries of packages are about %s (the first is in line 1; beside import, nsid says which prefix an entry is about)`
	tests := []struct{ name, text, packages, want string }{
		{
			"older version", shared, `{"import": "golden.test/shared"}`,
			`"golden.test/shared" [package-mapping] the package golden.test/shared does not say which NSIDs it is for: a lexgen before this one has generated it ` +
				`(add "nsid" with the prefix of its NSIDs to the entry, or run go get golden.test/shared@latest)`,
		},
		{
			"malformed prefixes", strings.Replace(advertised, "net.shared", "net", 1), `{"import": "golden.test/shared"}`,
			`"golden.test/shared" [package-mapping] what the package golden.test/shared says of itself makes no sense: lexgenPrefixes: "net" is no NSID prefix ` +
				`(get another version of the package with go get; if it is yours, generate it again)`,
		},
		{
			"prefix of an entry before", advertised, `{"nsid": "NET.shared", "dir": "own"}, {"import": "golden.test/shared"}`,
			fmt.Sprintf(twice, `"golden.test/shared"`, "net.shared"),
		},
		{
			"prefix of an import before", advertised, `{"import": "golden.test/shared"}, {"nsid": "com.shared", "dir": "own"}`,
			fmt.Sprintf(twice, `{"nsid": "com.shared", "dir": "own"}`, "com.shared"),
		},
		{
			"imported twice", advertised, `{"nsid": "net.shared", "import": "golden.test/shared"}, {"import": "golden.test/shared"}`,
			fmt.Sprintf(twice, `"golden.test/shared"`, "net.shared"),
		},
		{
			"own package", advertised, `{"nsid": "com.example", "dir": "shared"}, {"import": "golden.test/shared"}`,
			`"golden.test/shared" [package-mapping] the package golden.test/shared is that of com.example, which is generated here (name its folder with dir instead of import)`,
		},
		{
			"own package that is not there yet", advertised, `{"import": "golden.test/lex"}, {"nsid": "com.example", "dir": "lex"}`,
			`"golden.test/lex" [package-mapping] the package golden.test/lex is that of com.example, which is generated here (name its folder with dir instead of import)`,
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			result, err := driver.Generate(t.Context(), driver.Options{Dir: configured(t, test.text, test.packages)})
			if err != nil || !result.BadConfig || len(result.Diags) != 1 {
				t.Fatalf("got %+v, %v", result, err)
			}
			found := result.Diags[0]
			if got := fmt.Sprintf("%s [%s] %s (%s)", found.Span.Text(), found.Rule, found.Message, found.Help); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

// TestOwnDefault demands the same of a package that gets its folder without an entry.
func TestOwnDefault(t *testing.T) {
	t.Parallel()
	dir := importing(t, "golden.test/comexample", map[string]string{
		"comexample/lexgen_gen.go":           strings.ReplaceAll(shared, "com.shared.defs", "com.shared.other"),
		"lexicons/com/example/app/typo.json": strings.NewReplacer("app.view", "app.typo", "com.shared.defs", "com.example.gone").Replace(referring),
	})
	result, err := driver.Generate(t.Context(), driver.Options{Dir: dir})
	var got []string
	for _, found := range result.Diags {
		got = append(got, found.Message)
	}
	want := []string{
		"the package golden.test/comexample is that of com.example, which is generated here",
		`ref "com.example.gone#view": no such document`,
	}
	if diff := cmp.Diff(got, want); err != nil || diff != "" {
		t.Errorf("got %v, -got +want:\n%s", err, diff)
	}
}

// TestPartOfPackage demands that nsid takes that prefix of a package alone: another may be generated here.
func TestPartOfPackage(t *testing.T) {
	t.Parallel()
	dir := configured(t, advertised, `{"nsid": "com.shared", "import": "golden.test/shared"}, {"nsid": "net.shared", "dir": "own"}`)
	result, err := driver.Generate(t.Context(), driver.Options{Dir: dir})
	if err != nil || result.Diags.HasErrors() || len(result.Diags) != 1 || result.Diags[0].Message != "no lexicon begins with net.shared" {
		t.Errorf("got %+v, %v", result, err)
	}
}

func TestUselessExternal(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, path    string
		files         map[string]string
		message, help string // what these begin with
	}{
		{
			"no such package", "golden.test/gone", nil,
			"the package golden.test/gone is not to be found: ", "run go get golden.test/gone",
		},
		{
			"no such module", "example.com/gone", nil,
			"the package example.com/gone is not to be found: no required module provides package example.com/gone", "run go get example.com/gone",
		},
		{
			"several packages", "all",
			map[string]string{"a/a.go": "package a", "b/b.go": "package b"},
			`import "all" does not name one package`, "name a package",
		},
		{
			"command", "golden.test/shared",
			map[string]string{"shared/lexgen_gen.go": "package main"},
			"generated code cannot refer to a package called main", "name a package",
		},
		{
			"not generated", "golden.test/shared",
			map[string]string{"shared/shared.go": "package shared"},
			"the package golden.test/shared has no file lexgen_gen.go", "name a package",
		},
		{
			"unreadable", "golden.test/shared",
			map[string]string{"shared/shared.go": "package shared", "shared/lexgen_gen.go/x": ""},
			"lexgen_gen.go of the package golden.test/shared cannot be read: is a directory", "make it a file",
		},
		{
			"older version", "golden.test/shared",
			map[string]string{"shared/lexgen_gen.go": "package shared"},
			"the package golden.test/shared does not say what it holds", "run go get golden.test/shared@latest",
		},
		{
			"malformed constants", "golden.test/shared",
			map[string]string{"shared/lexgen_gen.go": strings.ReplaceAll(shared, `View\n`, `View; var x int\n`)},
			`what the package golden.test/shared says of itself makes no sense: lexgenSymbols: line 1: "View; var x int" is no Go name`, "get another version",
		},
		{
			"mistake in a document", "golden.test/shared",
			map[string]string{"shared/lexgen_gen.go": strings.ReplaceAll(shared, `\"string\"`, `5`)},
			"a lexicon in the package golden.test/shared has a mistake: ", "the package needs to be generated again",
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			result, err := driver.Generate(t.Context(), driver.Options{Dir: importing(t, test.path, test.files)})
			if err != nil || len(result.Diags) != 1 || !result.BadConfig {
				t.Fatalf("got %+v, %v", result, err)
			}
			found := result.Diags[0]
			if found.Span.Text() != `"`+test.path+`"` {
				t.Errorf("got a finding at %s, want it at the import path", found.Span.Text())
			}
			if !strings.HasPrefix(found.Message, test.message) || found.Rule != diag.PackageMapping || found.Severity != diag.Error {
				t.Errorf("got %s: %s [%s], want %s", found.Severity, found.Message, found.Rule, test.message)
			}
			if !strings.HasPrefix(found.Help, test.help) {
				t.Errorf("got the help %s, want %s", found.Help, test.help)
			}
		})
	}
}

// TestExternalWithoutGo changes the environment, so nothing runs beside it.
func TestExternalWithoutGo(t *testing.T) {
	dir := importing(t, "golden.test/shared", map[string]string{"shared/lexgen_gen.go": shared})
	t.Setenv("PATH", t.TempDir())
	result, err := driver.Generate(t.Context(), driver.Options{Dir: dir})
	if err != nil || len(result.Diags) != 1 {
		t.Fatalf("got %+v, %v", result, err)
	}
	if want := "there is no go command, which knows where the package golden.test/shared is"; result.Diags[0].Message != want {
		t.Errorf("got %s, want %s", result.Diags[0].Message, want)
	}
}

func TestExternalCanceled(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	dir := importing(t, "golden.test/shared", map[string]string{"shared/lexgen_gen.go": shared})
	if _, err := driver.Generate(ctx, driver.Options{Dir: dir}); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want %v", err, context.Canceled)
	}
}
