package vectors_test

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/lexgen-go/lexgen/lexgen/conformance/internal/gotest"
	"github.com/lexgen-go/lexgen/lexgen/internal/catalog"
	"github.com/lexgen-go/lexgen/lexgen/internal/diag"
	"github.com/lexgen-go/lexgen/lexgen/internal/lexicon"
	"github.com/lexgen-go/lexgen/lexgen/internal/metaschema"
	"github.com/lexgen-go/lexgen/lexgen/internal/source"
)

// officialDocuments is fewer than the official lexicons are, so that an empty folder is noticed.
const officialDocuments = 350

// TestLexicons runs the vectors for documents. They stand alone, so that their references lead
// nowhere; everything before linking must know the valid from the invalid ones.
func TestLexicons(t *testing.T) {
	t.Parallel()
	t.Attr(gotest.Row, "test vectors: lexicon documents")
	count := 0
	shapes := metaschema.New()
	for name, valid := range map[string]bool{"lexicon-valid.json": true, "lexicon-invalid.json": false} {
		var vectors []struct {
			Name    string
			Lexicon json.RawMessage
		}
		path := indigoFolder(t, "atproto", "lexicon", "testdata", name)
		if err := json.Unmarshal(readFile(t, path), &vectors); err != nil {
			t.Fatal(err)
		}
		if len(vectors) == 0 {
			t.Errorf("%s has no vectors", name)
		}
		for _, vector := range vectors {
			count++
			t.Run(name+"/"+vector.Name, func(t *testing.T) {
				_, list := decode(shapes, source.NewFile(vector.Name, vector.Lexicon))
				if list.HasErrors() == valid {
					t.Errorf("valid is %t, but the front end reports %q:\n%s", valid, list.Summary(), text(t, list))
				}
			})
		}
	}
	t.Attr(gotest.Figures, fmt.Sprintf("%d vectors", count))
}

// TestOfficialLexicons links all official documents, which must be free of errors.
func TestOfficialLexicons(t *testing.T) {
	t.Parallel()
	t.Attr(gotest.Row, "official lexicons: no finding, not even a warning")
	count := link(t, indigoFolder(t, "lexicons"))
	if count < officialDocuments {
		t.Errorf("found %d official documents, want at least %d", count, officialDocuments)
	}
	t.Attr(gotest.Figures, fmt.Sprintf("%d documents", count))
}

// TestOwnLexicons links the documents that this project generates from, among which none may need
// one that is not there.
func TestOwnLexicons(t *testing.T) {
	t.Parallel()
	if count := link(t, filepath.Join("..", "..", "..", "lexicons")); count == 0 {
		t.Error("found no documents")
	}
}

// link runs all documents in a folder through the front end, fails the test if it reports anything,
// warnings included, and returns their number.
func link(t *testing.T, folder string) int {
	t.Helper()
	documents, list := decodeFolder(t, folder)
	_, found := catalog.Link(documents)
	list.Add(found...)
	list.Sort()
	if len(list) > 0 {
		t.Errorf("%s of %d documents:\n%s", list.Summary(), len(documents), text(t, list))
	}
	return len(documents)
}

// decodeFolder runs the stages that look at one document on all of a folder.
func decodeFolder(t *testing.T, folder string) (documents []*lexicon.Document, list diag.List) {
	t.Helper()
	shapes := metaschema.New()
	err := fs.WalkDir(os.DirFS(folder), ".", func(path string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".json") {
			return err
		}
		document, found := decode(shapes, source.NewFile(path, readFile(t, filepath.Join(folder, path))))
		documents = append(documents, document)
		list.Add(found...)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return documents, list
}

// decode runs the stages that look at one document.
func decode(shapes *metaschema.Checker, file *source.File) (*lexicon.Document, diag.List) {
	var list diag.List
	root, problems := source.Parse(file)
	list.AddProblems(problems)
	list.Add(shapes.Check(root)...)
	document, found := lexicon.Decode(file, root)
	list.Add(found...)
	return document, list
}

// text returns diagnostics as a person reads them.
func text(t *testing.T, list diag.List) string {
	t.Helper()
	var b strings.Builder
	if err := diag.WriteText(&b, list); err != nil {
		t.Fatal(err)
	}
	return b.String()
}
