package agreement

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/lexgen-go/lexgen/lexgen/internal/catalog"
	"github.com/lexgen-go/lexgen/lexgen/internal/diag"
	"github.com/lexgen-go/lexgen/lexgen/internal/lexicon"
	"github.com/lexgen-go/lexgen/lexgen/internal/metaschema"
	"github.com/lexgen-go/lexgen/lexgen/internal/source"
	"github.com/lexgen-go/lexgen/runtime/syntax"
)

// Link makes the catalog of the documents in a folder. Warnings do not matter.
func Link(folder string) (*catalog.Catalog, error) {
	shapes := metaschema.New()
	var list diag.List
	var documents []*lexicon.Document
	err := fs.WalkDir(os.DirFS(folder), ".", func(path string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".json") {
			return err
		}
		data, err := os.ReadFile(filepath.Join(folder, path))
		if err != nil {
			return err
		}
		file := source.NewFile(path, data)
		root, problems := source.Parse(file)
		list.AddProblems(problems)
		list.Add(shapes.Check(root)...)
		document, found := lexicon.Decode(file, root)
		list.Add(found...)
		documents = append(documents, document)
		return nil
	})
	if err != nil {
		return nil, err
	}
	c, found := catalog.Link(documents)
	list.Add(found...)
	if !list.HasErrors() {
		return c, nil
	}
	var text strings.Builder
	if err := diag.WriteText(&text, list); err != nil {
		return nil, err
	}
	return nil, errors.New(text.String())
}

// HasCodec reports whether a def has a generated type that reads and checks itself.
func HasCodec(def *lexicon.Def) bool {
	switch def.Schema.(type) {
	case *lexicon.Record, *lexicon.Object, *lexicon.Array:
		return true
	}
	return false
}

// find returns the def with a canonical name, or nil.
func find(c *catalog.Catalog, key string) *lexicon.Def {
	id, name, ok := strings.Cut(key, "#")
	if !ok {
		name = lexicon.Main
	}
	return c.Def(syntax.NSID(id), name)
}
