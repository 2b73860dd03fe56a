package lexdata_test

import (
	"testing"

	"github.com/lexgen-go/lexgen/runtime/lexdata"
	"github.com/lexgen-go/lexgen/runtime/lexjson"
)

// TestLenientMain is about types that have "#main" behind the NSID of a document.
func TestLenientMain(t *testing.T) {
	t.Parallel()
	const end = `,"hash":{"$bytes":""}`
	tests := map[string]struct {
		input  string
		want   string // how it is written again
		strict string // the error of a reader that is not lenient
	}{
		"record": {
			input:  `{"$type":"com.example.note#main","text":"t"` + end + `}`,
			want:   `{"$type":"com.example.note","text":"t"` + end + `}`,
			strict: "$type must be com.example.note",
		},
		"variant": {
			input: `{"$type":"com.example.note","text":"t","embed":{"text":"i"` + end + `,"$type":"com.example.note#main"}` + end + `}`,
			want:  `{"$type":"com.example.note","text":"t","embed":{"$type":"com.example.note","text":"i"` + end + `}` + end + `}`,
		},
		"unknown variant": {
			input: `{"$type":"com.example.note","text":"t","embed":{"$type":"net.other.thing#main"}` + end + `}`,
			want:  `{"$type":"com.example.note","text":"t","embed":{"$type":"net.other.thing"}` + end + `}`,
		},
		"plain reference": {
			input:  `{"$type":"com.example.note","text":"t","embed":{"$type":"com.example.note#image#main","alt":"a"}` + end + `}`,
			want:   `{"$type":"com.example.note","text":"t","embed":{"$type":"com.example.note#image","alt":"a"}` + end + `}`,
			strict: "",
		},
		"fragment alone": {
			input: `{"$type":"com.example.note","text":"t","embed":{"$type":"#main"}` + end + `}`,
			want:  `{"$type":"com.example.note","text":"t","embed":{"$type":"#main"}` + end + `}`,
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var v note
			if err := lexdata.Unmarshal([]byte(test.input), &v); err != nil {
				t.Fatal(err)
			}
			if got, err := lexjson.Marshal(&v); err != nil || string(got) != test.want {
				t.Errorf("got %s and error %v, want %s", got, err, test.want)
			}
			checkError(t, lexdata.Decode([]byte(test.input), &v, lexdata.Options{StructureOnly: true}), test.strict)
		})
	}
}

// TestCheckType is about a $type where none is needed.
func TestCheckType(t *testing.T) {
	t.Parallel()
	const wrong = "$type must be com.example.note#image"
	tests := map[string]struct {
		input   string
		lenient bool
		want    string
	}{
		"none":             {input: `{"alt":"a"}`},
		"right":            {input: `{"alt":"a","$type":"com.example.note#image"}`},
		"other":            {input: `{"alt":"a","$type":"com.example.note"}`, want: wrong},
		"main":             {input: `{"alt":"a","$type":"com.example.note#image#main"}`, want: wrong},
		"main, lenient":    {input: `{"alt":"a","$type":"com.example.note#image#main"}`, lenient: true},
		"other, lenient":   {input: `{"alt":"a","$type":"com.example.note#main"}`, lenient: true, want: wrong},
		"no text":          {input: `{"alt":"a","$type":[]}`, want: "$type must be a non-empty string"},
		"no text, lenient": {input: `{"alt":"a","$type":null}`, lenient: true, want: "$type must be a non-empty string"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var v noteImage
			checkError(t, lexdata.Decode([]byte(test.input), &v, lexdata.Options{Lenient: test.lenient}), test.want)
		})
	}
}

func TestAsOldData(t *testing.T) {
	t.Parallel()
	const old = `{"$type":"com.example.note#main","text":"t","hash":{"$bytes":""},"avatar":{"cid":"` + blobCID + `","mimeType":"image/png"}}`
	var u lexdata.Unknown
	if err := lexdata.Unmarshal([]byte(old), &u); err != nil {
		t.Fatal(err)
	}
	v, err := lexdata.As[note](u)
	if err != nil {
		t.Fatal(err)
	}
	if avatar, ok := v.Avatar.Get(); !ok || !avatar.Legacy() {
		t.Errorf("avatar %+v, want one in the old form", avatar)
	}
	_, err = lexdata.As[noteImage](u)
	checkError(t, err, `$type is "com.example.note#main", want "com.example.note#image"`)
}
