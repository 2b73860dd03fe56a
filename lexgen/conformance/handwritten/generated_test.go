package handwritten_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lexgen-go/lexgen/lexgen/conformance/internal/gotest"
	"github.com/lexgen-go/lexgen/lexgen/conformance/internal/indigo"
	"github.com/lexgen-go/lexgen/lexgen/conformance/internal/scratch"
)

// TestGenerated demands that the generator writes what was written by hand, byte for byte, from the
// same lexicons: the two that are modelled and what they refer to. The first line, which says that
// code is generated, and the file that describes the package are its own.
func TestGenerated(t *testing.T) {
	t.Parallel()
	t.Attr(gotest.Row, "code that was written by hand is reproduced byte for byte")
	m, err := scratch.Create(t.TempDir(), "github.com/lexgen-go/lexgen/lexgen/conformance/handwritten")
	if err != nil {
		t.Fatal(err)
	}
	lexicons, err := indigo.Folder("lexicons")
	if err != nil {
		t.Fatal(err)
	}
	if err := m.Copy("lexicons", lexicons); err != nil {
		t.Fatal(err)
	}
	const config = `{"version": 1, "include": ["app.bsky.feed.post", "com.atproto.repo.applyWrites"]}`
	if err := m.Write("lexgen.json", []byte(config)); err != nil {
		t.Fatal(err)
	}
	if output, err := m.Lexgen("."); err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	for _, folder := range []string{"appbsky", "comatproto"} {
		generated, written := files(t, m.Path(folder)), files(t, folder)
		for name, text := range generated {
			_, generated[name], _ = bytes.Cut(text, []byte("\n"))
		}
		delete(generated, "lexgen_gen.go")
		delete(written, "lexgen_gen.go")
		if diff := cmp.Diff(generated, written); diff != "" {
			t.Errorf("%s (-generated +written):\n%s", folder, diff)
		}
	}
}

// files returns the Go files of a folder.
func files(t *testing.T, folder string) map[string][]byte {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(folder, "*.go"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("no Go files in %s (%v)", folder, err)
	}
	texts := map[string][]byte{}
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		texts[filepath.Base(path)] = text
	}
	return texts
}
