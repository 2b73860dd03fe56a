package lexdata_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/lexgen-go/lexgen/runtime/lexdata"
	"github.com/lexgen-go/lexgen/runtime/lexjson"
)

func TestNewUnknown(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		value lexjson.Encoder
		want  lexdata.Object
		err   string
	}{
		"record": {
			value: &note{Text: "t"},
			want:  lexdata.Object{{"$type", noteNSID}, {"text", "t"}, {"hash", lexdata.Bytes{}}},
		},
		"variant":       {value: &noteImage{Alt: "a"}, want: lexdata.Object{{"$type", noteImageType}, {"alt", "a"}}},
		"plain object":  {value: &noteKey{Key: "k"}, want: lexdata.Object{{"key", "k"}}},
		"bytes":         {value: lexdata.Bytes{1}, err: "lexdata.Bytes as an unknown object: $bytes is not allowed in an object"},
		"invalid UTF-8": {value: &noteKey{Key: "\xff"}, err: `write JSON: member "key": invalid UTF-8`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := lexdata.NewUnknown(test.value)
			checkError(t, err, test.err)
			if diff := cmp.Diff(got.Object, test.want); diff != "" {
				t.Errorf("-got +want:\n%s", diff)
			}
		})
	}
}

func TestAs(t *testing.T) {
	t.Parallel()
	unknown, err := lexdata.NewUnknown(&noteImage{Alt: "a", Extra: lexdata.Extra{{"x", int64(1)}}})
	if err != nil {
		t.Fatal(err)
	}
	image, err := lexdata.As[noteImage](unknown)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(image, &noteImage{Alt: "a", Extra: lexdata.Extra{{"x", int64(1)}}}); diff != "" {
		t.Errorf("-got +want:\n%s", diff)
	}
	var typeErr *lexdata.TypeError
	if _, err := lexdata.As[note](unknown); !errors.As(err, &typeErr) || typeErr.Type != noteImageType || typeErr.Want != noteNSID {
		t.Errorf("got %v, want a TypeError", err)
	}
	checkError(t, typeErr, `$type is "com.example.note#image", want "com.example.note"`)
	if got, err := lexdata.As[lexdata.Object](unknown); err != nil || got.Type() != noteImageType {
		t.Errorf("as an Object: got %v, %v", got, err)
	}
}

func TestAsWithoutType(t *testing.T) {
	t.Parallel()
	unknown := lexdata.Unknown{Object: lexdata.Object{{"alt", "a"}, {"key", "k"}}}
	if image, err := lexdata.As[noteImage](unknown); err != nil || image.Alt != "a" {
		t.Errorf("image: got %+v, %v", image, err)
	}
	if key, err := lexdata.As[noteKey](unknown); err != nil || key.Key != "k" {
		t.Errorf("key: got %+v, %v", key, err)
	}
	_, err := lexdata.As[note](unknown)
	checkError(t, err, "$type must be com.example.note (and 2 more)")
	unknown.Set("bad", 0.5)
	_, err = lexdata.As[noteKey](unknown)
	checkError(t, err, `write JSON: member "bad": float64 is not a type of the data model`)
}
