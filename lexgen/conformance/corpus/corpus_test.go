// Package corpus_test generates Go code from whole sets of documents: the official lexicons, the
// catalog of the protocol's test vectors, documents that were written to be difficult, and random ones. All of it
// becomes one module, which must compile and please the tools, and in which the tests below
// testdata run.
package corpus_test

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/lexgen-go/lexgen/lexgen/conformance/internal/gotest"
	"github.com/lexgen-go/lexgen/lexgen/conformance/internal/scratch"
)

// modulePath is the module of the generated code. Its packages are in the folders official, catalog,
// written and random/set0 and so on, where those of a folder belong to one run of lexgen.
const modulePath = "corpus.test"

// officialDocuments is fewer than the official lexicons are, so that an empty folder is noticed.
const officialDocuments = 350

// TestCorpus generates everything and runs everything on it. Most steps need the results of those
// before them.
func TestCorpus(t *testing.T) {
	t.Parallel()
	m := newModule(t, modulePath)
	if !t.Run("official", func(t *testing.T) { generateOfficial(t, m) }) {
		return
	}
	t.Run("again", func(t *testing.T) { generateAgain(t, m) })
	t.Run("elsewhere", func(t *testing.T) { generateElsewhere(t, m) })
	t.Run("catalog", func(t *testing.T) { generateCatalog(t, m) })
	t.Run("written", func(t *testing.T) { generateWritten(t, m) })
	t.Run("random", func(t *testing.T) { generateRandom(t, m) })
	t.Run("compile", func(t *testing.T) {
		t.Attr(gotest.Row, "all generated code compiles")
		checkGo(t, m, "build", "./...")
	})
	t.Run("imports", func(t *testing.T) { checkImports(t, m) })
	copyTests(t, m)
	t.Run("vet", func(t *testing.T) {
		t.Attr(gotest.Row, "go vet has nothing to say")
		checkGo(t, m, "vet", "./...")
	})
	t.Run("staticcheck", func(t *testing.T) {
		t.Attr(gotest.Row, "staticcheck has nothing to say, all its checks included")
		if _, err := m.Tool("staticcheck", "-checks", "all", "./..."); err != nil {
			t.Error(err)
		}
	})
	t.Run("tests", func(t *testing.T) { runTests(t, m) })
}

// generateOfficial generates the official lexicons in one run and demands that each has its file.
func generateOfficial(t *testing.T, m *scratch.Module) {
	t.Attr(gotest.Row, "official lexicons: generated in one run")
	copyFolder(t, m, "official/lexicons", indigoFolder(t, "lexicons"))
	configure(t, m, "official", config{})
	if _, err := m.Lexgen("official"); err != nil {
		t.Fatal(err)
	}
	missing := documentIDs(t, m.Path("official", "lexicons"))
	documents := len(missing)
	if documents < officialDocuments {
		t.Fatalf("found %d official documents, want at least %d", documents, officialDocuments)
	}
	files := generatedFiles(t, m.Path("official"))
	packages := map[string]bool{}
	lines := 0
	for path, text := range files {
		packages[filepath.Dir(path)] = true
		lines += strings.Count(text, "\n")
		delete(missing, source(text))
	}
	if len(missing) > 0 {
		t.Errorf("nothing is generated from %d documents: %v", len(missing), missing)
	}
	t.Attr(gotest.Figures, fmt.Sprintf("%d documents, %d packages, %d files, %d lines", documents, len(packages), len(files), lines))
}

// generateAgain demands that a second run writes no file.
func generateAgain(t *testing.T, m *scratch.Module) {
	t.Attr(gotest.Row, "official lexicons: a second run writes no file")
	before := modifications(t, m.Path("official"))
	output, err := m.Lexgen("official")
	if err != nil {
		t.Fatal(err)
	}
	after := modifications(t, m.Path("official"))
	for path, modification := range after {
		if before[path] != modification {
			t.Errorf("%s was written", path)
		}
	}
	if !strings.Contains(output, " 0 written, 0 removed") {
		t.Errorf("got %q", output)
	}
}

// generateElsewhere demands that the same documents give the same bytes in another folder.
func generateElsewhere(t *testing.T, m *scratch.Module) {
	t.Attr(gotest.Row, "official lexicons: the same bytes in another folder")
	other := newModule(t, modulePath)
	copyFolder(t, other, "official/lexicons", indigoFolder(t, "lexicons"))
	configure(t, other, "official", config{})
	if _, err := other.Lexgen("official"); err != nil {
		t.Fatal(err)
	}
	want := generatedFiles(t, m.Path("official"))
	got := generatedFiles(t, other.Path("official"))
	for path, text := range got {
		if text != want[path] {
			t.Errorf("%s came out differently", path)
		}
	}
	if len(got) != len(want) {
		t.Errorf("got %d files, want %d", len(got), len(want))
	}
}

// generateCatalog generates the documents that the vectors of records refer to. One of them refers
// to an official document, from which no more is wanted than that takes.
func generateCatalog(t *testing.T, m *scratch.Module) {
	t.Attr(gotest.Row, "catalog of the test vectors: generated, and of the official lexicons what it refers to")
	copyFolder(t, m, "catalog/lexicons", indigoFolder(t, "lexicons"))
	paths, err := filepath.Glob(filepath.Join(indigoFolder(t, "atproto", "lexicon", "testdata", "catalog"), "*.json"))
	if err != nil {
		t.Fatal(err)
	}
	documents := 0
	for _, path := range paths {
		text := readFile(t, path)
		var document struct{ ID string }
		if err := json.Unmarshal(text, &document); err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(document.ID, "example.lexicon.") {
			continue // an older copy of an official document
		}
		documents++
		writeFile(t, m, "catalog/lexicons/"+strings.ReplaceAll(document.ID, ".", "/")+".json", text)
	}
	configure(t, m, "catalog", config{Include: []string{"example.lexicon.*"}})
	if _, err := m.Lexgen("catalog"); err != nil {
		t.Fatal(err)
	}
	t.Attr(gotest.Figures, fmt.Sprintf("%d documents, %d files", documents, len(generatedFiles(t, m.Path("catalog")))))
}

// generateWritten generates the documents that are difficult and right.
func generateWritten(t *testing.T, m *scratch.Module) {
	t.Attr(gotest.Row, "difficult documents: streams, permission sets, trap names, hostile texts, every construct")
	copyFolder(t, m, "written", filepath.Join("testdata", "written"))
	if _, err := m.Lexgen("written"); err != nil {
		t.Fatal(err)
	}
	t.Attr(gotest.Figures, fmt.Sprintf("%d documents, %d files",
		len(documentIDs(t, m.Path("written", "lexicons"))), len(generatedFiles(t, m.Path("written")))))
}

// checkImports demands that generated code needs the standard library and the runtime only.
func checkImports(t *testing.T, m *scratch.Module) {
	t.Attr(gotest.Row, "all generated code imports the standard library and the runtime only")
	output, err := m.Go("list", "-f", "{{.ImportPath}}{{range .Imports}} {{.}}{{end}}", "./...")
	if err != nil {
		t.Fatal(err)
	}
	packages := strings.Split(strings.TrimSpace(output), "\n")
	for _, line := range packages {
		paths := strings.Fields(line)
		for _, path := range paths[1:] {
			first, _, _ := strings.Cut(path, "/")
			switch {
			case !strings.Contains(first, "."), first == modulePath:
			case path == "github.com/lexgen-go/lexgen/runtime", strings.HasPrefix(path, "github.com/lexgen-go/lexgen/runtime/"):
			default:
				t.Errorf("%s imports %s", paths[0], path)
			}
		}
	}
	t.Attr(gotest.Figures, fmt.Sprintf("%d packages", len(packages)))
}

// copyTests puts the tests below testdata, and the vectors that they run, beside the code.
func copyTests(t *testing.T, m *scratch.Module) {
	t.Helper()
	for _, folder := range []string{"experiments", "records", "difficult"} {
		copyFolder(t, m, folder, filepath.Join("testdata", folder))
	}
	for _, name := range []string{"record-data-valid.json", "record-data-invalid.json"} {
		writeFile(t, m, "records/testdata/"+name, readFile(t, indigoFolder(t, "atproto", "lexicon", "testdata", name)))
	}
}

// runTests runs the tests in the module, each of which becomes one of this test.
func runTests(t *testing.T, m *scratch.Module) {
	results, err := gotest.Run(m.Dir, m.Env(), "./experiments", "./records", "./difficult")
	if err != nil {
		t.Fatal(err)
	}
	wrong := gotest.Wrong(results)
	for _, result := range results {
		if !slices.Contains(wrong, result) && result.Attributes[gotest.Row] == "" {
			continue
		}
		t.Run(filepath.Base(result.Package)+"/"+result.Test, func(t *testing.T) {
			for key, value := range result.Attributes {
				t.Attr(key, value)
			}
			if result.Outcome != gotest.Pass {
				t.Errorf("%s: %s", result.Outcome, result.Output)
			}
		})
	}
}
