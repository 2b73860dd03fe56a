package agreement_test

import (
	"os/exec"
	"testing"

	"github.com/lexgen-go/lexgen/lexgen/conformance/agreement"
	"github.com/lexgen-go/lexgen/lexgen/conformance/agreement/comexample"
	"github.com/lexgen-go/lexgen/lexgen/conformance/internal/gotest"
)

// generated are the types of the lexicons in this folder.
func generated() []agreement.Type {
	return []agreement.Type{
		{Key: "com.example.circle", New: func() agreement.Value { return new(comexample.Circle) }},
		{Key: "com.example.circle#list", New: func() agreement.Value { return new(comexample.CircleList) }},
		{Key: "com.example.circle#other", New: func() agreement.Value { return new(comexample.CircleOther) }},
		{Key: "com.example.defs#empty", New: func() agreement.Value { return new(comexample.Empty) }},
		{Key: "com.example.defs#shorts", New: func() agreement.Value { return new(comexample.Shorts) }},
		{Key: "com.example.defs#tree", New: func() agreement.Value { return new(comexample.Tree) }},
		{Key: "com.example.defs#variants", New: func() agreement.Value { return new(comexample.Variants) }},
		{Key: "com.example.defs#view", New: func() agreement.Value { return new(comexample.View) }},
		{Key: "com.example.defs#views", New: func() agreement.Value { return new(comexample.Views) }},
		{Key: "com.example.formats", New: func() agreement.Value { return new(comexample.Formats) }},
		{Key: "com.example.many", New: func() agreement.Value { return new(comexample.Many) }},
		{Key: "com.example.nullable", New: func() agreement.Value { return new(comexample.Nullable) }},
		{Key: "com.example.optional", New: func() agreement.Value { return new(comexample.Optional) }},
		{Key: "com.example.optionalNullable", New: func() agreement.Value { return new(comexample.OptionalNullable) }},
		{Key: "com.example.record", New: func() agreement.Value { return new(comexample.Record) }},
		{Key: "com.example.required", New: func() agreement.Value { return new(comexample.Required) }},
		{Key: "com.example.values", New: func() agreement.Value { return new(comexample.Values) }},
	}
}

func TestGenerated(t *testing.T) {
	t.Parallel()
	t.Attr(gotest.Row, "generated code and the validator without it agree: every construct in every presence")
	c := link(t, "lexicons")
	compare(t, c, generated())
	listed := map[string]bool{}
	for _, entry := range generated() {
		listed[entry.Key] = true
	}
	for _, doc := range c.Documents() {
		for _, def := range doc.Defs {
			if agreement.HasCodec(def) && !listed[def.Key()] {
				t.Errorf("%s is not compared", def.Key())
			}
		}
	}
}

// FuzzAgreement compares a type with its def, in a document of any bytes.
func FuzzAgreement(f *testing.F) {
	c := link(f, "lexicons")
	var pairs []*agreement.Pair
	for i, entry := range generated() {
		pair, err := agreement.NewPair(c, entry)
		if err != nil {
			f.Fatal(err)
		}
		pairs = append(pairs, pair)
		if data := pair.Sample(1); len(data) < 1000 { // larger ones take the fuzzer long to cut down
			f.Add(uint8(i), data)
		}
	}
	f.Fuzz(func(t *testing.T, which uint8, data []byte) {
		if _, err := pairs[int(which)%len(pairs)].CompareDocument(data); err != nil {
			t.Error(err)
		}
	})
}

// TestUpToDate demands that comexample is what lexgen generates.
func TestUpToDate(t *testing.T) {
	t.Parallel()
	lexgen := exec.Command("go", "run", "-C", "../../..", "-buildvcs=false", "./lexgen", "check", "-C", "lexgen/conformance/agreement")
	if output, err := lexgen.CombinedOutput(); err != nil {
		t.Errorf("%v; run go generate\n%s", err, output)
	}
}
