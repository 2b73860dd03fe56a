package driver_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

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
			atImport := func(d diag.Diagnostic) bool { return d.Span.Text() == `"`+test.path+`"` }
			i := slices.IndexFunc(result.Diags, atImport)
			if err != nil || i < 0 || !result.BadConfig {
				t.Fatalf("got %+v, %v", result, err)
			}
			found := result.Diags[i]
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
