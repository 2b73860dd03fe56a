package vectors_test

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/lexgen-go/lexgen/lexgen/conformance/internal/gotest"
	"github.com/lexgen-go/lexgen/runtime/syntax"
)

// parsers has a parser for each kind of vectors, as the names of their files begin.
func parsers() map[string]func(string) error {
	return map[string]func(string) error{
		"atidentifier": discard(syntax.ParseATIdentifier),
		"aturi":        discard(syntax.ParseATURI),
		"cid":          discard(syntax.ParseCID),
		"datetime":     discard(syntax.ParseDatetime),
		"did":          discard(syntax.ParseDID),
		"handle":       discard(syntax.ParseHandle),
		"language":     discard(syntax.ParseLanguage),
		"nsid":         discard(syntax.ParseNSID),
		"recordkey":    discard(syntax.ParseRecordKey),
		"tid":          discard(syntax.ParseTID),
		"uri":          discard(syntax.ParseURI),
	}
}

// discard returns a parser without its result.
func discard[T any](parse func(string) (T, error)) func(string) error {
	return func(s string) error {
		_, err := parse(s)
		return err
	}
}

// TestSyntax runs every file of vectors, so that none of a newer release is left out unnoticed.
func TestSyntax(t *testing.T) {
	t.Parallel()
	t.Attr(gotest.Row, "test vectors: string formats")
	paths, err := filepath.Glob(filepath.Join(indigoFolder(t, "atproto", "syntax", "testdata"), "*.txt"))
	if err != nil {
		t.Fatal(err)
	}
	unused := parsers()
	count := 0
	for _, path := range paths {
		name := strings.TrimSuffix(filepath.Base(path), ".txt")
		kind, _, _ := strings.Cut(name, "_")
		parse, known := parsers()[kind]
		delete(unused, kind)
		valid := strings.HasSuffix(name, "_valid")
		t.Run(name, func(t *testing.T) {
			if !known {
				t.Fatalf("no parser for %s", kind)
			}
			for _, line := range vectorLines(t, path) {
				count++
				if err := parse(line); (err == nil) != valid {
					t.Errorf("%q: error %v, valid is %t", line, err, valid)
				}
			}
		})
	}
	if len(unused) > 0 {
		t.Errorf("no vectors for %d of the parsers", len(unused))
	}
	t.Attr(gotest.Figures, fmt.Sprintf("%d files, %d vectors", len(paths), count))
}

// vectorLines returns the vectors of a file, each as it stands there: spaces are part of them.
func vectorLines(t *testing.T, path string) []string {
	t.Helper()
	lines := slices.DeleteFunc(strings.Split(string(readFile(t, path)), "\n"), func(line string) bool {
		return line == "" || line[0] == '#'
	})
	if len(lines) == 0 {
		t.Fatalf("%s has no vectors", path)
	}
	return lines
}
