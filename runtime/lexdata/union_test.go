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
	checkError(t, validate.Value(&got), "")
	checkError(t, validate.Value(&lexdata.UnknownVariant{}), "$type is required")
	checkError(t, json.Unmarshal([]byte(`{}`), &got), "$type is required")
	for _, typ := range []string{"", "blob"} {
		if data, err := json.Marshal(&lexdata.UnknownVariant{Type: typ}); err == nil {
			t.Errorf("type %q was written as %s", typ, data)
		}
	}
}

func TestUnionWithoutValue(t *testing.T) {
	t.Parallel()
	values := map[string]lexdata.Typed{
		"nothing":             nil,
		"nil pointer":         (*noteImage)(nil),
		"nil unknown variant": (*lexdata.UnknownVariant)(nil),
	}
	for name, value := range values {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := lexjson.Marshal(&noteEmbedUnion{Value: value})
			checkError(t, err, "write JSON: a union must have a value")
			checkError(t, validate.Value(&noteEmbedUnion{Value: value}), "the value is required")
			checkError(t, validate.Value(&noteClosedUnion{Value: value}), "the value is required")
		})
	}
	_, err := lexdata.NewUnknown((*noteImage)(nil))
	checkError(t, err, "write JSON: a union must have a value")
}

func TestClosedUnion(t *testing.T) {
	t.Parallel()
	const refused = "$type must be one of com.example.note, com.example.note#image"
	tests := map[string]struct {
		input string
		want  []string
	}{
		"listed":                     {input: `{"$type":"com.example.note#image","alt":"a"}`},
		"constraint":                 {input: `{"$type":"com.example.note#image","alt":""}`, want: []string{"alt must have a length of at least 1"}},
		"not listed":                 {input: `{"x":[{}],"$type":"com.example.other"}`, want: []string{refused}},
		"not listed, and duplicates": {input: `{"x":1,"x":2,"$type":"com.example.other"}`, want: []string{"x occurs more than once", refused}},
		"blob":                       {input: blobJSON, want: []string{refused}},
		"without $type":              {input: `{"alt":"a"}`, want: []string{"$type is required"}},
		"null":                       {input: `null`, want: []string{"the value must be an object"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var u noteClosedUnion
			err := lexdata.Decode([]byte(test.input), &u, lexdata.Options{})
			if got := violations(t, err); !slices.Equal(got, test.want) {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
	values := map[string]struct {
		value lexdata.Typed
		want  string
	}{
		"listed":          {&noteImage{Alt: "a"}, ""},
		"constraint":      {&noteImage{}, "alt must have a length of at least 1"},
		"not listed":      {new(noteOther), refused},
		"unknown variant": {&lexdata.UnknownVariant{Type: noteImageType}, refused},
	}
	for name, test := range values {
		t.Run("set to "+name, func(t *testing.T) {
			t.Parallel()
			checkError(t, validate.Value(&noteClosedUnion{Value: test.value}), test.want)
		})
	}
}

// A noteOther is a variant that noteClosedUnion does not list.
type noteOther struct{ noteImage }

func (v *noteOther) LexiconType() string { return "com.example.other" }

// violations returns what err, which is a *validate.Errors or nil, lists.
func violations(t *testing.T, err error) []string {
	t.Helper()
	var errs *validate.Errors
	if err == nil {
		return nil
	}
	if !errors.As(err, &errs) {
		t.Fatalf("error %v is not a *validate.Errors", err)
	}
	var list []string
	for _, e := range errs.List {
		list = append(list, e.Error())
	}
	return list
}
