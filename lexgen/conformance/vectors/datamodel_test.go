package vectors_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math/big"
	"testing"

	"github.com/bluesky-social/indigo/atproto/atdata"
	"github.com/google/go-cmp/cmp"
	"github.com/ipfs/go-cid"
	"github.com/multiformats/go-multihash"

	"github.com/lexgen-go/lexgen/lexgen/conformance/internal/gotest"
	"github.com/lexgen-go/lexgen/runtime/lexdata"
)

// TestDataModel runs the vectors for data without a schema: what is valid can be read as an object
// and comes out again as it was, and what is not valid cannot be read.
// See https://atproto.com/specs/data-model.
func TestDataModel(t *testing.T) {
	t.Parallel()
	t.Attr(gotest.Row, "test vectors: data model, in JSON")
	count := 0
	for name, valid := range map[string]bool{
		"data-model-valid.json": true, "data-model-fixtures.json": true, "data-model-invalid.json": false,
	} {
		var vectors []struct {
			Note string
			JSON json.RawMessage
		}
		if err := json.Unmarshal(readFile(t, indigoFolder(t, "atproto", "atdata", "testdata", name)), &vectors); err != nil {
			t.Fatal(err)
		}
		if len(vectors) == 0 {
			t.Errorf("%s has no vectors", name)
		}
		for i, vector := range vectors {
			count++
			t.Run(fmt.Sprint(name, "/", i, " ", vector.Note), func(t *testing.T) {
				var object lexdata.Object
				if err := lexdata.Unmarshal(vector.JSON, &object); (err == nil) != valid {
					t.Fatalf("valid is %t, got error %v", valid, err)
				}
				if valid {
					checkSame(t, object, vector.JSON)
				}
			})
		}
	}
	t.Attr(gotest.Figures, fmt.Sprintf("%d vectors", count))
}

// TestDataModelFixtures demands that data which was read and written again is still the data of the
// vectors: it has their encoding in DAG-CBOR and their CID, made by another implementation.
func TestDataModelFixtures(t *testing.T) {
	t.Parallel()
	t.Attr(gotest.Row, "test vectors: data model, read and written again, has the same DAG-CBOR and CID")
	var vectors []struct {
		JSON json.RawMessage
		CBOR string `json:"cbor_base64"`
		CID  string
	}
	if err := json.Unmarshal(readFile(t, indigoFolder(t, "atproto", "atdata", "testdata", "data-model-fixtures.json")), &vectors); err != nil {
		t.Fatal(err)
	}
	if len(vectors) == 0 {
		t.Fatal("there are no vectors")
	}
	for i, vector := range vectors {
		var object lexdata.Object
		if err := lexdata.Unmarshal(vector.JSON, &object); err != nil {
			t.Fatal(err)
		}
		text, err := json.Marshal(object)
		if err != nil {
			t.Fatal(err)
		}
		value, err := atdata.UnmarshalJSON(text)
		if err != nil {
			t.Fatal(err)
		}
		cbor, err := atdata.MarshalCBOR(value)
		if err != nil {
			t.Fatal(err)
		}
		if got := base64.RawStdEncoding.EncodeToString(cbor); got != vector.CBOR {
			t.Errorf("%d: DAG-CBOR is %s, want %s", i, got, vector.CBOR)
		}
		hash, err := cid.NewPrefixV1(cid.DagCBOR, multihash.SHA2_256).Sum(cbor)
		if err != nil || hash.String() != vector.CID {
			t.Errorf("%d: CID is %s (%v), want %s", i, hash, err, vector.CID)
		}
	}
	t.Attr(gotest.Figures, fmt.Sprintf("%d vectors", len(vectors)))
}

// checkSame demands that an object is written as the same JSON value that it was read from.
func checkSame(t *testing.T, object lexdata.Object, want []byte) {
	t.Helper()
	got, err := json.Marshal(object)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(decodeExactly(t, got), decodeExactly(t, want)); diff != "" {
		t.Errorf("comes out differently (-got +want):\n%s", diff)
	}
}

// decodeExactly decodes JSON with encoding/json, and numbers to what they are worth: the data
// model's 123 may be written as 123.0.
func decodeExactly(t *testing.T, text []byte) any {
	t.Helper()
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		t.Fatal(err)
	}
	return exact(t, value)
}

func exact(t *testing.T, value any) any {
	switch value := value.(type) {
	case map[string]any:
		for key, member := range value {
			value[key] = exact(t, member)
		}
	case []any:
		for i, element := range value {
			value[i] = exact(t, element)
		}
	case json.Number:
		number, ok := new(big.Rat).SetString(value.String())
		if !ok {
			t.Fatalf("%s is no number", value)
		}
		return number.RatString()
	}
	return value
}
