package lexdata_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/lexgen-go/lexgen/runtime/lexdata"
	"github.com/lexgen-go/lexgen/runtime/lexjson"
	"github.com/lexgen-go/lexgen/runtime/validate"
)

// A document is any value, for tests.
type document struct {
	Value lexdata.Value
}

func (d *document) DecodeJSON(r *lexjson.Reader) { d.Value = lexdata.ReadValue(r) }

func (d *document) EncodeJSON(w *lexjson.Writer) { lexdata.WriteValue(w, d.Value) }

// sameValue lets cmp look into blobs.
var sameValue = cmpopts.EquateComparable(lexdata.Blob{})

const blobJSON = `{"$type":"blob","ref":{"$link":"` + blobCID + `"},"mimeType":"image/png","size":5}`

var theBlob = lexdata.Blob{Ref: blobCID, MIMEType: "image/png", Size: 5}

func TestValueRoundTrip(t *testing.T) {
	t.Parallel()
	type object = lexdata.Object
	type list = lexdata.List
	tests := map[string]struct {
		json string
		want lexdata.Value
	}{
		"null":              {`null`, nil},
		"booleans":          {`[true,false]`, list{true, false}},
		"integers":          {`[0,-1,9007199254740993,-9223372036854775808]`, list{int64(0), int64(-1), int64(1<<53 + 1), int64(math.MinInt64)}},
		"string":            {`"größer"`, "größer"},
		"empty":             {`{"l":[],"m":{},"s":""}`, object{{"l", list{}}, {"m", object{}}, {"s", ""}}},
		"nested lists":      {`[[null],[[]],[null,null]]`, list{list{nil}, list{list{}}, list{nil, nil}}},
		"order":             {`{"b":1,"a":{"d":2,"c":3}}`, object{{"b", int64(1)}, {"a", object{{"d", int64(2)}, {"c", int64(3)}}}}},
		"typed":             {`{"$type":"com.example.a","x":1}`, object{{"$type", "com.example.a"}, {"x", int64(1)}}},
		"other dollar keys": {`{"$foo":1,"bytes":"x","link":2}`, object{{"$foo", int64(1)}, {"bytes", "x"}, {"link", int64(2)}}},
		"bytes":             {`[{"$bytes":"AQI"},{"$bytes":""}]`, list{lexdata.Bytes{1, 2}, lexdata.Bytes{}}},
		"link":              {`{"l":{"$link":"` + dataCID + `"}}`, object{{"l", lexdata.CIDLink(dataCID)}}},
		"blob":              {`[` + blobJSON + `]`, list{theBlob}},
		"old form of blob":  {`{"cid":"` + blobCID + `","mimeType":"a/b"}`, object{{"cid", blobCID}, {"mimeType", "a/b"}}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var d document
			if err := lexdata.Unmarshal([]byte(test.json), &d); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(d.Value, test.want, sameValue); diff != "" {
				t.Errorf("-got +want:\n%s", diff)
			}
			got, err := lexjson.Marshal(&d)
			if err != nil || string(got) != test.json {
				t.Errorf("written as %s with error %v, want %s", got, err, test.json)
			}
		})
	}
}

func TestValueIntegralNumber(t *testing.T) {
	t.Parallel()
	var d document
	if err := lexdata.Unmarshal([]byte(`[123.0, 1e3]`), &d); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(d.Value, lexdata.Value(lexdata.List{int64(123), int64(1000)})); diff != "" {
		t.Errorf("-got +want:\n%s", diff)
	}
}

func TestValueViolations(t *testing.T) {
	t.Parallel()
	const (
		notBytes = "must be bytes, an object with $bytes in base64 and nothing else"
		notLink  = "must be a link, an object with a CID in $link and nothing else"
		notBlob  = "must be a blob, an object with exactly $type, ref, mimeType and size"
	)
	tests := map[string]struct{ json, want string }{
		"float":                 {`{"a":123.456}`, "a must be an integer"},
		"float in list":         {`{"a":[1,{"b":0.5}]}`, "a[1].b must be an integer"},
		"integer too large":     {`[9223372036854775808]`, "[0] must be an integer of at most 64 bits"},
		"$type null":            {`{"a":{"$type":null}}`, "a.$type must be a non-empty string"},
		"$type number":          {`{"a":{"$type":123}}`, "a.$type must be a non-empty string"},
		"$type empty":           {`{"a":{"$type":""}}`, "a.$type must be a non-empty string"},
		"$type list":            {`{"a":{"$type":[]}}`, "a.$type must be a non-empty string"},
		"empty key":             {`{"a":{"":1}}`, `a[""] must not have an empty key`},
		"duplicate":             {`{"a":{"b":1,"b":2}}`, "a.b occurs more than once"},
		"bytes array":           {`{"a":{"$bytes":[1,2,3]}}`, "a " + notBytes},
		"bytes extra key":       {`{"a":{"$bytes":"AQI","x":1}}`, "a " + notBytes},
		"bytes after extra key": {`{"a":{"x":1,"$bytes":"AQI"}}`, "a " + notBytes},
		"bytes null":            {`{"a":{"$bytes":null}}`, "a " + notBytes},
		"bytes line feed":       {`{"a":{"$bytes":"AQI\n"}}`, "a " + notBytes},
		"link number":           {`{"a":{"$link":1234}}`, "a " + notLink},
		"link point":            {`{"a":{"$link":"."}}`, "a " + notLink},
		"link extra key":        {`{"a":{"$link":"` + dataCID + `","x":1}}`, "a " + notLink},
		"link after bytes":      {`{"a":{"$bytes":"AQI","$link":"` + dataCID + `"}}`, "a " + notLink},
		"blob size string":      {`{"a":` + strings.Replace(blobJSON, `5}`, `"5"}`, 1) + `}`, "a " + notBlob},
		"blob size negative":    {`{"a":` + strings.Replace(blobJSON, `5}`, `-5}`, 1) + `}`, "a " + notBlob},
		"blob extra key":        {`{"a":` + strings.Replace(blobJSON, `5}`, `5,"x":1}`, 1) + `}`, "a " + notBlob},
		"blob key replaced":     {`{"a":` + strings.Replace(blobJSON, `size`, `sise`, 1) + `}`, "a " + notBlob},
		"blob empty MIME type":  {`{"a":` + strings.Replace(blobJSON, `image/png`, ``, 1) + `}`, "a " + notBlob},
		"blob ref text":         {`{"a":` + strings.Replace(blobJSON, `{"$link":"`+blobCID+`"}`, `"`+blobCID+`"`, 1) + `}`, "a " + notBlob},
		"blob alone":            {`{"a":{"$type":"blob"}}`, "a " + notBlob},
		"several":               {`[0.5,{"":null},{"$link":1}]`, "[0] must be an integer (and 2 more)"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			checkError(t, lexdata.Unmarshal([]byte(test.json), new(document)), test.want)
		})
	}
}

func TestObjectIsNoSpecialShape(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ json, want string }{
		"bytes":     {`{"$bytes":"AQI"}`, "$bytes is not allowed in an object"},
		"link":      {`{"$link":"` + dataCID + `"}`, "$link is not allowed in an object"},
		"blob":      {blobJSON, "$type must not be blob"},
		"list":      {`[]`, "the value must be an object"},
		"string":    {`"x"`, "the value must be an object"},
		"null":      {`null`, "the value must be an object"},
		"bad $type": {`{"$type":""}`, "$type must be a non-empty string"},
		"empty key": {`{"":1}`, `[""] must not have an empty key`},
		"inner":     {`{"a":{"$bytes":"*"}}`, "a must be bytes, an object with $bytes in base64 and nothing else"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			checkError(t, lexdata.Unmarshal([]byte(test.json), new(lexdata.Object)), test.want)
			checkError(t, json.Unmarshal([]byte(test.json), new(lexdata.Unknown)), test.want)
		})
	}
}

func TestWriteValueErrors(t *testing.T) {
	t.Parallel()
	type object = lexdata.Object
	var many lexdata.Object
	for i := range 20 {
		many = append(many, lexdata.Member{Key: fmt.Sprint(i % 19), Value: int64(i)})
	}
	var old lexdata.Blob
	if err := lexdata.Unmarshal([]byte(`{"cid":"`+blobCID+`","mimeType":"a/b"}`), &old); err != nil {
		t.Fatal(err)
	}
	tests := map[string]struct {
		value lexdata.Value
		want  string
	}{
		"int":              {object{{"a", 5}}, `write JSON: member "a": int is not a type of the data model`},
		"float":            {0.5, `write JSON: float64 is not a type of the data model`},
		"map":              {map[string]any{}, `write JSON: map[string]interface {} is not a type of the data model`},
		"empty key":        {object{{"", nil}}, `write JSON: an object must not have an empty key`},
		"$bytes":           {object{{"$bytes", "AQI"}}, `write JSON: an object must not have the key $bytes`},
		"$link":            {object{{"$link", nil}}, `write JSON: an object must not have the key $link`},
		"$type blob":       {object{{"$type", "blob"}}, `write JSON: the $type of an object must be a non-empty string other than blob`},
		"$type empty":      {object{{"$type", ""}}, `write JSON: the $type of an object must be a non-empty string other than blob`},
		"$type number":     {object{{"$type", int64(1)}}, `write JSON: the $type of an object must be a non-empty string other than blob`},
		"duplicate":        {object{{"a", nil}, {"a", nil}}, `write JSON: the key "a" occurs more than once`},
		"one of many":      {many, `write JSON: a key occurs more than once`},
		"invalid UTF-8":    {lexdata.List{"\xff"}, `write JSON: invalid UTF-8`},
		"invalid link":     {lexdata.CIDLink("x"), `write JSON: member "$link": must be a CID of version 1 in base32`},
		"invalid blob":     {lexdata.Blob{}, `write JSON: a blob must have a MIME type`},
		"old form of blob": {object{{"a", old}}, `write JSON: member "a": a blob in the old form must stand where a schema wants a blob`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := lexjson.Marshal(&document{test.value})
			checkError(t, err, test.want)
		})
	}
}

func TestWriteNilContainers(t *testing.T) {
	t.Parallel()
	value := lexdata.List{lexdata.List(nil), lexdata.Object(nil), lexdata.Bytes(nil)}
	got, err := lexjson.Marshal(&document{value})
	if want := `[[],{},{"$bytes":""}]`; err != nil || string(got) != want {
		t.Errorf("got %s and error %v, want %s", got, err, want)
	}
}

func TestObjectGetSet(t *testing.T) {
	t.Parallel()
	var o lexdata.Object
	o.Set("a", int64(1))
	o.Set("b", nil)
	o.Set("a", "new")
	want := lexdata.Object{{"a", "new"}, {"b", nil}}
	if diff := cmp.Diff(o, want); diff != "" {
		t.Errorf("-got +want:\n%s", diff)
	}
	if value, ok := o.Get("b"); !ok || value != nil {
		t.Errorf("b is %v, %t", value, ok)
	}
	if value, ok := o.Get("c"); ok || value != nil {
		t.Errorf("c is %v, %t", value, ok)
	}
	if got := o.Type(); got != "" {
		t.Errorf("type %q", got)
	}
	o.Set("$type", "com.example.a")
	if got := o.Type(); got != "com.example.a" {
		t.Errorf("type %q", got)
	}
}

// FuzzValue checks that what is read without a violation is written, and that
// the text that is written is read as the same value and written the same again.
func FuzzValue(f *testing.F) {
	for _, seed := range []string{
		blobJSON, `{"$link":"` + dataCID + `"}`, `{"$bytes":"123"}`, `[null,true,-5,1e3,"x",{"a":[{}]}]`,
		`{"$type":"com.example.a","":1}`, `{"cid":"` + blobCID + `","mimeType":"a/b"}`, `{"$type":"blob"}`, `[0.5]`,
		`{"a":1,"b":2,"c":3,"d":4,"e":5,"f":6,"g":7,"h":8,"i":9,"j":10,"k":11,"l":12,"m":13,"n":14,"o":15,"p":16,"q":17}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var first, second document
		if err := lexdata.Unmarshal(data, &first); err != nil {
			return
		}
		written, err := lexjson.Marshal(&first)
		if err != nil {
			t.Fatalf("%s was read but cannot be written: %v", data, err)
		}
		if err := lexdata.Unmarshal(written, &second); err != nil {
			t.Fatalf("%s was written but cannot be read: %v", written, err)
		}
		if diff := cmp.Diff(second.Value, first.Value, sameValue); diff != "" {
			t.Fatalf("%s: -second +first:\n%s", data, diff)
		}
		if again, err := lexjson.Marshal(&second); err != nil || string(again) != string(written) {
			t.Fatalf("written as %s and then as %s, error %v", written, again, err)
		}
	})
}

// errorPaths returns the paths of everything that err found.
func errorPaths(t *testing.T, err error) []string {
	t.Helper()
	var errs *validate.Errors
	if !errors.As(err, &errs) {
		t.Fatalf("got error %v, want *validate.Errors", err)
	}
	var paths []string
	for _, found := range errs.List {
		paths = append(paths, found.Path)
	}
	return paths
}
