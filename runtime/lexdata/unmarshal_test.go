package lexdata_test

import (
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/lexgen-go/lexgen/runtime/lexdata"
	"github.com/lexgen-go/lexgen/runtime/lexjson"
	"github.com/lexgen-go/lexgen/runtime/validate"
)

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
	if got, want := errorPaths(t, validate.Value(v)), []string{"text", "embed.alt"}; !slices.Equal(got, want) {
		t.Errorf("got violations at %q, want %q", got, want)
	}
}

func TestDecode(t *testing.T) {
	t.Parallel()
	const (
		good  = `{"$type":"com.example.note","text":"t","hash":{"$bytes":""}}`
		wrong = `{"$type":"com.example.note","text":"longer than ten","embed":{"$type":"com.example.note#image","alt":5}}`
		old   = `{"$type":"com.example.note","text":"t","hash":{"$bytes":""},"avatar":{"cid":"` + blobCID + `","mimeType":"image/png"}}`
		deep  = `{"$type":"com.example.note","text":"t","hash":{"$bytes":""},"x":[[[[]]]]}`
	)
	tests := map[string]struct {
		input   string
		options lexdata.Options
		want    []string
	}{
		"good":           {input: good},
		"everything":     {input: wrong, want: []string{"embed.alt must be a string", "hash is required", "text must have a length of at most 10"}},
		"structure only": {input: wrong, options: lexdata.Options{StructureOnly: true}, want: []string{"embed.alt must be a string", "hash is required"}},
		"old form": {input: old, want: []string{
			"avatar.cid is not allowed in a blob", "avatar.$type is required", "avatar.ref is required", "avatar.size is required",
		}},
		"lenient":     {input: old, options: lexdata.Options{Lenient: true}},
		"deep":        {input: deep},
		"deep enough": {input: deep, options: lexdata.Options{MaxDepth: 5}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var v note
			if got := violations(t, lexdata.Decode([]byte(test.input), &v, test.options)); !slices.Equal(got, test.want) {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestDecodeSyntaxError(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		input   string
		options lexdata.Options
		offset  int
	}{
		"malformed":     {input: `{"text":5,"text":,}`, offset: 17},
		"two values":    {input: `{"alt":""} {}`, offset: 11},
		"too deep":      {input: `{"alt":"","x":[[[[]]]]}`, options: lexdata.Options{MaxDepth: 4}, offset: 17},
		"much too deep": {input: strings.Repeat("[", 1000), offset: lexjson.DefaultMaxDepth},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var syntax *lexjson.SyntaxError
			err := lexdata.Decode([]byte(test.input), new(noteImage), test.options)
			if !errors.As(err, &syntax) || syntax.Offset != test.offset {
				t.Errorf("got %v, want a SyntaxError at offset %d", err, test.offset)
			}
		})
	}
}

// TestDecodeForgets decodes documents one after another, which share a pool.
func TestDecodeForgets(t *testing.T) {
	t.Parallel()
	const old = `{"cid":"` + blobCID + `","mimeType":"image/png"}`
	var blob lexdata.Blob
	for range 3 {
		checkError(t, lexdata.Decode([]byte(old), &blob, lexdata.Options{Lenient: true, MaxDepth: 1}), "")
		checkError(t, lexdata.Decode([]byte(old), &blob, lexdata.Options{}), "cid is not allowed in a blob (and 3 more)")
		checkError(t, lexdata.Decode([]byte(blobJSON), &blob, lexdata.Options{}), "")
		checkError(t, lexdata.Decode([]byte(blobJSON[:9]), &blob, lexdata.Options{}), "invalid JSON at offset 9: unexpected end instead of a value")
	}
}

func TestDecodeDoesNotCopy(t *testing.T) {
	t.Parallel()
	data := []byte(`{"alt":"before"}`)
	var image noteImage
	if err := lexdata.Decode(data, &image, lexdata.Options{}); err != nil {
		t.Fatal(err)
	}
	copy(data[8:], "behind")
	if image.Alt != "behind" {
		t.Errorf("the text is %q, want a slice of the data", image.Alt)
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

// TestMaxErrors demands that as many violations are listed as was asked for, and that there are more is told.
func TestMaxErrors(t *testing.T) {
	t.Parallel()
	data := []byte(`{"a":1` + strings.Repeat(`,"a":1`, 150) + `}`)
	for _, test := range []struct{ limit, listed, total int }{
		{0, 100, 101}, {1, 1, 101}, {120, 120, 121}, {150, 150, 150}, {math.MaxInt, 150, 150},
	} {
		var o lexdata.Object
		var all *validate.Errors
		if err := lexdata.Decode(data, &o, lexdata.Options{MaxErrors: test.limit}); !errors.As(err, &all) {
			t.Fatalf("limit %d: error is %v", test.limit, err)
		}
		if len(all.List) != test.listed || all.Total != test.total {
			t.Errorf("limit %d: %d of %d listed, want %d of %d", test.limit, len(all.List), all.Total, test.listed, test.total)
		}
	}
}
