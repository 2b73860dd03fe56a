package lexjson_test

import (
	"encoding/json"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/lexgen-go/lexgen/runtime/lexjson"
)

func TestWriter(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		write func(w *lexjson.Writer)
		want  string
	}{
		"nothing":      {func(*lexjson.Writer) {}, ``},
		"empty object": {func(w *lexjson.Writer) { w.BeginObject(); w.EndObject() }, `{}`},
		"empty array":  {func(w *lexjson.Writer) { w.BeginArray(); w.EndArray() }, `[]`},
		"null":         {(*lexjson.Writer).Null, `null`},
		"scalars": {func(w *lexjson.Writer) {
			w.BeginArray()
			w.Null()
			w.Bool(true)
			w.Bool(false)
			w.Int(math.MinInt64)
			w.Int(math.MaxInt64)
			w.String("s")
			w.Raw([]byte(`{"r": 1}`))
			w.EndArray()
		}, `[null,true,false,-9223372036854775808,9223372036854775807,"s",{"r": 1}]`},
		"nested": {func(w *lexjson.Writer) {
			w.BeginObject()
			w.Key("a").BeginArray()
			w.BeginObject()
			w.EndObject()
			w.BeginArray()
			w.EndArray()
			w.EndArray()
			w.Key("b").BeginObject()
			w.Key("c").Null()
			w.EndObject()
			w.Key("d").Int(1)
			w.EndObject()
		}, `{"a":[{},[]],"b":{"c":null},"d":1}`},
		"escapes": {
			func(w *lexjson.Writer) { w.String("\"\\/\b\f\n\r\t\x00\x1f\x7f<>&\u2028é🦊") },
			`"\"\\/\b\f\n\r\t\u0000\u001f` + "\x7f<>&\u2028é🦊" + `"`,
		},
		"escaped key": {func(w *lexjson.Writer) { w.BeginObject(); w.Key("a\"\n").Int(1); w.EndObject() }, `{"a\"\n":1}`},
		"type":        {func(w *lexjson.Writer) { w.Type("com.example.a"); w.BeginObject(); w.EndObject() }, `{"$type":"com.example.a"}`},
		"type of one object": {func(w *lexjson.Writer) {
			w.Type("com.example.a")
			w.BeginObject()
			w.Key("x").BeginObject()
			w.EndObject()
			w.EndObject()
		}, `{"$type":"com.example.a","x":{}}`},
		"second announcement": {func(w *lexjson.Writer) {
			w.Type("com.example.a")
			w.Type("com.example.b")
			w.BeginObject()
			w.Type("com.example.c")
			w.Key("x").BeginObject()
			w.EndObject()
			w.EndObject()
		}, `{"$type":"com.example.a","x":{"$type":"com.example.c"}}`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var w lexjson.Writer
			for range 2 {
				test.write(&w)
				if got := string(w.Bytes()); got != test.want || w.Err() != nil {
					t.Errorf("got %s and error %v, want %s", got, w.Err(), test.want)
				}
				w.Reset()
			}
		})
	}
}

func TestWriterErrors(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		write func(w *lexjson.Writer)
		want  string
	}{
		"top level": {func(w *lexjson.Writer) { w.String("\xff") }, `write JSON: invalid UTF-8`},
		"member": {func(w *lexjson.Writer) {
			w.BeginObject()
			w.Key("a").String("ok")
			w.Key("b").String("12345678\xff")
			w.Key("c").String("\xff")
			w.EndObject()
		}, `write JSON: member "b": invalid UTF-8`},
		"key": {func(w *lexjson.Writer) { w.BeginObject(); w.Key("\xff").Null() }, `write JSON: member "\xff": invalid UTF-8`},
		"escapes in the key": {func(w *lexjson.Writer) {
			w.BeginObject()
			w.Key("a\"\\\x01é").Int(1)
			w.Key("b\"\\\x01é").Fail("no")
		}, `write JSON: member "b\"\\\x01é": no`},
		"cut by an escape":  {func(w *lexjson.Writer) { w.String("\xc3\n\xa9") }, `write JSON: invalid UTF-8`},
		"encoded surrogate": {func(w *lexjson.Writer) { w.String("\xed\xa0\x80") }, `write JSON: invalid UTF-8`},
		"first of two":      {func(w *lexjson.Writer) { w.Fail("one"); w.Fail("two") }, `write JSON: one`},
		"type of a string":  {func(w *lexjson.Writer) { w.Type("a.b.c"); w.String("x") }, `write JSON: $type a.b.c announced for a value that is not an object`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var w lexjson.Writer
			test.write(&w)
			if err := w.Err(); err == nil || err.Error() != test.want {
				t.Errorf("got %v, want %s", err, test.want)
			}
			w.Reset()
			if err := w.Err(); err != nil {
				t.Errorf("after Reset: %v", err)
			}
		})
	}
}

func TestTyped(t *testing.T) {
	t.Parallel()
	var w lexjson.Writer
	check := func(want bool) {
		t.Helper()
		if got := w.Typed(); got != want {
			t.Errorf("%s: Typed is %t, want %t", w.Bytes(), got, want)
		}
	}
	check(false)
	w.Type("com.example.a")
	check(false)
	w.BeginObject()
	check(true)
	w.Key("x").BeginObject()
	check(false)
	w.EndObject()
	check(true)
	w.Key("y").BeginArray()
	check(false)
	w.EndArray()
	w.EndObject()
	check(false)
}

func TestMarshal(t *testing.T) {
	t.Parallel()
	var want post
	if err := json.Unmarshal([]byte(postJSON), &want); err != nil {
		t.Fatal(err)
	}
	data, err := lexjson.Marshal(&want)
	if err != nil {
		t.Fatal(err)
	}
	var got post
	if err := json.Unmarshal(data, &got); err != nil {
		t.Fatalf("%s: %v", data, err)
	}
	if diff := cmp.Diff(got, want); diff != "" {
		t.Errorf("-got +want:\n%s", diff)
	}
	appended, err := lexjson.Append([]byte("before "), &want)
	if err != nil || string(appended) != "before "+string(data) {
		t.Errorf("Append: %s, %v", appended, err)
	}
}

// silentEncoder writes nothing.
type silentEncoder struct{}

func (silentEncoder) EncodeJSON(*lexjson.Writer) {}

// TestAppendToComma appends behind commas and braces that are the caller's.
func TestAppendToComma(t *testing.T) {
	t.Parallel()
	for before, after := range map[string]string{"": "", ",": ",", "[1,": "[1,", "{": "{"} {
		got, err := lexjson.Append([]byte(before), silentEncoder{})
		if err != nil || string(got) != after {
			t.Errorf("nothing behind %q: got %q and error %v, want %q", before, got, err, after)
		}
		got, err = lexjson.Append([]byte(before), twin("x"))
		if want := before + `{"x":"x"}`; err != nil || string(got) != want {
			t.Errorf("an object behind %q: got %q and error %v, want %q", before, got, err, want)
		}
	}
}

func TestMarshalError(t *testing.T) {
	t.Parallel()
	bad := &post{Text: "\xff"}
	const want = `write JSON: member "text": invalid UTF-8`
	if data, err := lexjson.Marshal(bad); data != nil || err == nil || err.Error() != want {
		t.Errorf("Marshal: %q, %v", data, err)
	}
	if data, err := lexjson.Append([]byte("before"), bad); string(data) != "before" || err == nil || err.Error() != want {
		t.Errorf("Append: %q, %v", data, err)
	}
}

// openEncoder leaves what it begins open.
type openEncoder struct{}

func (openEncoder) EncodeJSON(w *lexjson.Writer) { w.BeginArray() }

func TestMarshalOfOpenArrayPanics(t *testing.T) {
	t.Parallel()
	defer func() {
		if got, ok := recover().(string); !ok || !strings.Contains(got, "must close") {
			t.Errorf("panic %q", got)
		}
	}()
	_, _ = lexjson.Marshal(openEncoder{})
}
