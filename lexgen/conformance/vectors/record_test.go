package vectors_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/lexgen-go/lexgen/lexgen/conformance/internal/gotest"
	"github.com/lexgen-go/lexgen/lexgen/internal/catalog"
	"github.com/lexgen-go/lexgen/lexgen/internal/lexicon"
	"github.com/lexgen-go/lexgen/lexgen/internal/validator"
	"github.com/lexgen-go/lexgen/runtime/syntax"
)

// recordVector is a record, all of which are of the type example.lexicon.record.
type recordVector struct {
	Name string
	Rkey string
	Data json.RawMessage
}

// TestRecords runs the vectors for records through the validator that works without generated code.
// The same vectors run through the generated type among the tests of the corpus.
func TestRecords(t *testing.T) {
	t.Parallel()
	t.Attr(gotest.Row, "test vectors: records, through the validator without generated code")
	linked := linkCatalog(t)
	def := linked.Def("example.lexicon.record", "main")
	record, ok := def.Schema.(*lexicon.Record)
	if !ok {
		t.Fatalf("example.lexicon.record is a %T", def.Schema)
	}
	check := validator.New(linked)
	count := 0
	for name, valid := range map[string]bool{"record-data-valid.json": true, "record-data-invalid.json": false} {
		for _, vector := range recordVectors(t, name) {
			count++
			t.Run(name+"/"+vector.Name, func(t *testing.T) {
				if err := check.Validate(def, vector.Data, validator.Options{}); (err == nil) != valid {
					t.Errorf("valid is %t, got error %v", valid, err)
				}
				if err := validator.CheckRecordKey(record, vector.Rkey); err != nil {
					t.Errorf("record key %q: %v", vector.Rkey, err)
				}
			})
		}
	}
	if err := validator.CheckRecordKey(record, "other"); err == nil {
		t.Error("a record key that is not the one of the schema is accepted")
	}
	t.Attr(gotest.Figures, fmt.Sprintf("%d vectors", count))
}

// recordVectors returns the vectors of a file, and those again that lack the required property
// integer beside what their names speak of.
func recordVectors(t *testing.T, name string) []recordVector {
	t.Helper()
	var vectors []recordVector
	if err := json.Unmarshal(readFile(t, indigoFolder(t, "atproto", "lexicon", "testdata", name)), &vectors); err != nil {
		t.Fatal(err)
	}
	if len(vectors) == 0 {
		t.Fatalf("%s has no vectors", name)
	}
	for _, vector := range vectors {
		if rest, ok := strings.CutPrefix(string(vector.Data), "{"); ok && strings.HasPrefix(vector.Name, "unknown wrong type") {
			vectors = append(vectors, recordVector{vector.Name + ", integer added", vector.Rkey, json.RawMessage(`{"integer":1,` + rest)})
		}
	}
	return vectors
}

// linkCatalog links the documents that the vectors are about, together with the official ones, to
// which they refer.
func linkCatalog(t *testing.T) *catalog.Catalog {
	t.Helper()
	documents, list := decodeFolder(t, indigoFolder(t, "lexicons"))
	official := map[syntax.NSID]bool{}
	for _, document := range documents {
		official[document.ID] = true
	}
	example, found := decodeFolder(t, indigoFolder(t, "atproto", "lexicon", "testdata", "catalog"))
	list.Add(found...)
	for _, document := range example {
		if !official[document.ID] {
			documents = append(documents, document)
		}
	}
	linked, found := catalog.Link(documents)
	list.Add(found...)
	if list.HasErrors() {
		t.Fatal(text(t, list))
	}
	return linked
}
