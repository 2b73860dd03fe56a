// Package records_test runs the test vectors for records through the type that lexgen generated from
// their lexicon.
package records_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"corpus.test/catalog/examplelexicon"
	"github.com/lexgen-go/lexgen/runtime/lexdata"
)

type vector struct {
	Name string
	Data json.RawMessage
}

func TestRecords(t *testing.T) {
	t.Parallel()
	t.Attr("row", "test vectors: records, through generated types")
	count := 0
	for name, valid := range map[string]bool{"record-data-valid.json": true, "record-data-invalid.json": false} {
		for _, vector := range read(t, name) {
			count++
			t.Run(name+"/"+vector.Name, func(t *testing.T) {
				var record examplelexicon.Record
				err := lexdata.Decode(vector.Data, &record, lexdata.Options{})
				if (err == nil) != valid {
					t.Fatalf("valid is %t, got error %v", valid, err)
				}
				if valid {
					checkSame(t, &record, vector.Data)
				}
			})
		}
	}
	t.Attr("figures", fmt.Sprintf("%d vectors", count))
}

// read returns the vectors of a file, and those again that lack the required property integer
// beside what their names speak of.
func read(t *testing.T, name string) []vector {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	var vectors []vector
	if err := json.Unmarshal(text, &vectors); err != nil {
		t.Fatal(err)
	}
	if len(vectors) == 0 {
		t.Fatalf("%s has no vectors", name)
	}
	for _, v := range vectors {
		if rest, ok := strings.CutPrefix(string(v.Data), "{"); ok && strings.HasPrefix(v.Name, "unknown wrong type") {
			vectors = append(vectors, vector{v.Name + ", integer added", json.RawMessage(`{"integer":1,` + rest)})
		}
	}
	return vectors
}

// checkSame demands that encoding/json writes a record as the value that it was read from, but for
// the spare bits of bytes in base64, which the vectors do not all leave at zero.
func checkSame(t *testing.T, record *examplelexicon.Record, want []byte) {
	t.Helper()
	text, err := json.Marshal(record)
	if err != nil {
		t.Fatal(err)
	}
	var gotValue, wantValue any
	if err := json.Unmarshal(text, &gotValue); err != nil {
		t.Fatal(err)
	}
	want = []byte(strings.ReplaceAll(string(want), `"$bytes": "123"`, `"$bytes": "120"`))
	if err := json.Unmarshal(want, &wantValue); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(gotValue, wantValue); diff != "" {
		t.Errorf("comes out differently (-got +want):\n%s", diff)
	}
}
