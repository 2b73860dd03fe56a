package lexdata_test

import (
	"encoding/json"
	"errors"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/lexgen-go/lexgen/runtime/lexdata"
	"github.com/lexgen-go/lexgen/runtime/lexjson"
	"github.com/lexgen-go/lexgen/runtime/validate"
)

func TestNoteRoundTrip(t *testing.T) {
	t.Parallel()
	const head, tail = `{"$type":"com.example.note","text":"t",`, `"hash":{"$bytes":"AQI"}}`
	tests := map[string]string{
		"plain":           head + tail,
		"known variant":   head + `"embed":{"$type":"com.example.note#image","alt":"a","$foo":1},` + tail,
		"record inside":   head + `"embed":{"$type":"com.example.note","text":"i","hash":{"$bytes":""}},` + tail,
		"unknown variant": head + `"embed":{"$type":"net.other.thing","x":[{"$bytes":"AQI"}],"y":null},` + tail,
		"bare variant":    head + `"embed":{"$type":"net.other.thing"},` + tail,
		"blob":            head + `"avatar":` + blobJSON + `,` + tail,
		"null":            head + `"pinned":null,` + tail,
		"link":            head + `"pinned":{"$link":"` + dataCID + `"},` + tail,
		"extra":           head + tail[:len(tail)-1] + `,"x":{"$type":"a.b.c","y":` + blobJSON + `},"$foo":[1,2]}`,
	}
	for name, input := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var v note
			if err := json.Unmarshal([]byte(input), &v); err != nil {
				t.Fatal(err)
			}
			got, err := json.Marshal(v)
			if err != nil || string(got) != input {
				t.Errorf("got %s and error %v, want %s", got, err, input)
			}
		})
	}
}

// TestTypeOnPlainRef is about a $type where none is needed: it is kept, and is
// written once when the object becomes a variant.
func TestTypeOnPlainRef(t *testing.T) {
	t.Parallel()
	const input = `{"alt":"a","$type":"com.example.note#image"}`
	var image noteImage
	if err := lexdata.Unmarshal([]byte(input), &image); err != nil {
		t.Fatal(err)
	}
	if got, err := lexjson.Marshal(&image); err != nil || string(got) != input {
		t.Errorf("plain: got %s and error %v, want %s", got, err, input)
	}
	const want = `{"$type":"com.example.note#image","alt":"a"}`
	union := &noteEmbedUnion{Value: &image}
	if got, err := lexjson.Marshal(union); err != nil || string(got) != want {
		t.Errorf("variant: got %s and error %v, want %s", got, err, want)
	}
}

func TestNoteViolations(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		input string
		want  []string
	}{
		"no $type":         {`{"text":"t","hash":{"$bytes":""}}`, []string{"$type"}},
		"wrong $type":      {`{"$type":"com.example.other","text":"t","hash":{"$bytes":""}}`, []string{"$type"}},
		"variant no $type": {`{"$type":"com.example.note","text":"t","embed":{"alt":"a"},"hash":{"$bytes":""}}`, []string{"embed.$type"}},
		"variant bad":      {`{"$type":"com.example.note","text":"t","embed":{"$type":"com.example.note#image","alt":1},"hash":{}}`, []string{"embed.alt", "hash.$bytes"}},
		"variant blob":     {`{"$type":"com.example.note","text":"t","embed":` + blobJSON + `,"hash":{"$bytes":""}}`, []string{"embed.$type"}},
		"variant bytes":    {`{"$type":"com.example.note","text":"t","embed":{"$type":"a.b.c","$bytes":""},"hash":{"$bytes":""}}`, []string{"embed.$bytes"}},
		"extra float":      {`{"$type":"com.example.note","text":"t","hash":{"$bytes":""},"x":[0.5]}`, []string{"x[0]"}},
		"extra empty key":  {`{"$type":"com.example.note","text":"t","hash":{"$bytes":""},"":1}`, []string{`[""]`}},
		"extra special":    {`{"$type":"com.example.note","text":"t","hash":{"$bytes":""},"$link":"` + dataCID + `"}`, []string{`$link`}},
		"all":              {`{}`, []string{"$type", "text", "hash"}},
		"not an object":    {`[]`, []string{""}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var v note
			if got := errorPaths(t, lexdata.Unmarshal([]byte(test.input), &v)); !slices.Equal(got, test.want) {
				t.Errorf("got violations at %q, want %q", got, test.want)
			}
		})
	}
}

func TestUnknownVariant(t *testing.T) {
	t.Parallel()
	const input = `{"x":1,"$type":"net.other.thing"}`
	var got lexdata.UnknownVariant
	if err := json.Unmarshal([]byte(input), &got); err != nil {
		t.Fatal(err)
	}
	want := lexdata.UnknownVariant{Type: "net.other.thing", Fields: lexdata.Object{{"x", int64(1)}}}
	if diff := cmp.Diff(got, want); diff != "" {
		t.Errorf("-got +want:\n%s", diff)
	}
	if got.LexiconType() != want.Type {
		t.Errorf("type %q, want %q", got.LexiconType(), want.Type)
	}
	got.Fields.Set("$type", "net.other.second")
	if data, err := json.Marshal(&got); err != nil || string(data) != `{"$type":"net.other.thing","x":1}` {
		t.Errorf("written as %s with error %v", data, err)
	}
	checkError(t, lexdata.Validate(&got), "")
	checkError(t, lexdata.Validate(&lexdata.UnknownVariant{}), "$type is required")
	checkError(t, json.Unmarshal([]byte(`{}`), &got), "$type is required")
	for _, typ := range []string{"", "blob"} {
		if data, err := json.Marshal(&lexdata.UnknownVariant{Type: typ}); err == nil {
			t.Errorf("type %q was written as %s", typ, data)
		}
	}
}

func TestUnionWithoutValue(t *testing.T) {
	t.Parallel()
	_, err := lexjson.Marshal(new(noteEmbedUnion))
	checkError(t, err, "write JSON: a union must have a value")
}

func TestUnmarshalCopies(t *testing.T) {
	t.Parallel()
	data := []byte(`{"$type":"com.example.note","text":"before","hash":{"$bytes":""}}`)
	var v note
	if err := lexdata.Unmarshal(data, &v); err != nil {
		t.Fatal(err)
	}
	clear(data)
	if v.Text != "before" {
		t.Errorf("the text became %q", v.Text)
	}
}

func TestUnmarshalErrors(t *testing.T) {
	t.Parallel()
	var syntax *lexjson.SyntaxError
	if err := lexdata.Unmarshal([]byte(`{"text":1,`), new(note)); !errors.As(err, &syntax) || syntax.Offset != 10 {
		t.Errorf("got %v, want a SyntaxError at offset 10", err)
	}
	var violation *validate.Error
	if err := lexdata.Unmarshal([]byte(`{}`), new(note)); !errors.As(err, &violation) || violation.Path != "$type" {
		t.Errorf("got %v, want a violation at $type", err)
	}
	if err := lexdata.Unmarshal([]byte(`{} {}`), new(lexdata.Object)); !errors.As(err, &syntax) {
		t.Errorf("got %v, want a SyntaxError", err)
	}
}

func TestValidate(t *testing.T) {
	t.Parallel()
	v := &note{Text: "longer than ten", Embed: noteEmbedUnion{Value: &noteImage{}}}
	if got, want := errorPaths(t, lexdata.Validate(v)), []string{"text", "embed.alt"}; !slices.Equal(got, want) {
		t.Errorf("got violations at %q, want %q", got, want)
	}
}

func BenchmarkUnmarshal(b *testing.B) {
	data := []byte(`{"$type":"com.example.note","text":"t","hash":{"$bytes":"AQI"},"pinned":{"$link":"` + dataCID + `"},"avatar":` + blobJSON + `}`)
	b.ReportAllocs()
	for b.Loop() {
		var v note
		if err := lexdata.Unmarshal(data, &v); err != nil {
			b.Fatal(err)
		}
	}
}
