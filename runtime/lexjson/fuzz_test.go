package lexjson_test

import (
	"bytes"
	"encoding/json"
	"math/big"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/lexgen-go/lexgen/runtime/lexjson"
)

// readAny reads a value of any kind as encoding/json does with UseNumber.
func readAny(r *lexjson.Reader) any {
	switch r.Peek() {
	case lexjson.Object:
		object := map[string]any{}
		members := r.Object()
		for members.Next() {
			key := members.Key()
			object[key] = readAny(r)
		}
		return object
	case lexjson.Array:
		array := []any{}
		elements := r.Array()
		for elements.Next() {
			array = append(array, readAny(r))
		}
		return array
	case lexjson.String:
		return r.String()
	case lexjson.Number:
		return json.Number(r.Raw())
	case lexjson.Bool:
		return r.Bool()
	case lexjson.Null:
		r.Null()
		return nil
	default:
		r.Skip()
		return nil
	}
}

// writeAny writes what readAny returns.
func writeAny(w *lexjson.Writer, value any) {
	switch value := value.(type) {
	case map[string]any:
		w.BeginObject()
		for key, member := range value {
			writeAny(w.Key(key), member)
		}
		w.EndObject()
	case []any:
		w.BeginArray()
		for _, element := range value {
			writeAny(w, element)
		}
		w.EndArray()
	case string:
		w.String(value)
	case json.Number:
		w.Raw([]byte(value))
	case bool:
		w.Bool(value)
	default:
		w.Null()
	}
}

var (
	escapes    = regexp.MustCompile(`\\(u[0-9a-fA-F]{4}|.)`)
	surrogates = regexp.MustCompile(`^\\u[dD][89a-fA-F]`)
	high       = regexp.MustCompile(`^\\u[dD][89abAB]`)
)

// loneSurrogate finds escapes of half a surrogate pair in a valid document,
// in another way than the Reader does.
func loneSurrogate(document string) bool {
	all := escapes.FindAllStringIndex(document, -1)
	for i := 0; i < len(all); i++ {
		first := document[all[i][0]:all[i][1]]
		if !surrogates.MatchString(first) {
			continue
		}
		if !high.MatchString(first) || i+1 == len(all) || all[i+1][0] != all[i][1] {
			return true
		}
		second := document[all[i+1][0]:all[i+1][1]]
		if !surrogates.MatchString(second) || high.MatchString(second) {
			return true
		}
		i++
	}
	return false
}

// depth returns how many containers a valid document opens at once.
func depth(document []byte) int {
	d, now, deepest := json.NewDecoder(bytes.NewReader(document)), 0, 0
	for {
		token, err := d.Token()
		if err != nil {
			return deepest
		}
		switch token {
		case json.Delim('{'), json.Delim('['):
			now++
		case json.Delim('}'), json.Delim(']'):
			now--
		}
		deepest = max(deepest, now)
	}
}

// FuzzReader compares the Reader with encoding/json: both accept the same
// documents, apart from the points in which the Reader is documented to be
// stricter; the values that they read are equal; and encoding/json reads what
// the Writer writes as the same value.
func FuzzReader(f *testing.F) {
	f.Add([]byte(postJSON))
	for _, test := range syntaxTests {
		f.Add([]byte(test.input))
	}
	f.Add([]byte(` {"a" : [1.5e+3, -0, "\ud83e\udd8a\\ud83e", null, true, {"\u0000":{}}], "b":false} `))
	f.Add([]byte(strings.Repeat("[", 300) + strings.Repeat("]", 300)))
	for text := range boundaryTexts {
		f.Add([]byte(`{"` + text + `":"` + text + `"}`))
	}
	f.Fuzz(checkDocument)
}

// checkDocument is what FuzzReader does with each document.
func checkDocument(t *testing.T, document []byte) {
	var problems violations
	r := lexjson.NewReader(document, &problems)
	got := readAny(r)
	err := r.End()

	accept := json.Valid(document) && utf8.Valid(document) && !loneSurrogate(string(document)) && depth(document) <= lexjson.DefaultMaxDepth
	if accept != (err == nil) {
		t.Fatalf("%q: error %v, want acceptance %t", document, err, accept)
	}
	var skipped violations
	r.Reset(document, &skipped)
	raw := r.Raw()
	if skipErr := r.End(); (skipErr == nil) != accept {
		t.Fatalf("%q: skipped with error %v, want acceptance %t", document, skipErr, accept)
	}
	if !accept {
		return
	}
	if want := bytes.TrimSpace(document); !bytes.Equal(raw, want) {
		t.Fatalf("raw value %q, want %q", raw, want)
	}
	if diff := cmp.Diff(skipped, problems); diff != "" {
		t.Fatalf("%q: Skip reports otherwise (-skip +read):\n%s", document, diff)
	}
	if len(problems) == 0 {
		compare(t, got, document)
	}
}

// compare compares value with what encoding/json reads from document, before
// and after it is written.
func compare(t *testing.T, value any, document []byte) {
	t.Helper()
	var w lexjson.Writer
	writeAny(&w, value)
	if err := w.Err(); err != nil {
		t.Fatal(err)
	}
	for _, text := range [][]byte{document, w.Bytes()} {
		d := json.NewDecoder(bytes.NewReader(text))
		d.UseNumber()
		var want any
		if err := d.Decode(&want); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(value, want); diff != "" {
			t.Fatalf("%s (-got +want):\n%s", text, diff)
		}
	}
}

// FuzzRecord checks that asking each object for its "$type" beforehand finds what
// reading on finds, and changes nothing else of what is found.
func FuzzRecord(f *testing.F) {
	f.Add([]byte(`{"v":[{"x":1,"$type":"a"},{"$type":"b"},{"$type":5,"$type":"a"}],"v":{"y":{"z":{}}},"$type":"a"}`))
	f.Add([]byte(`{"v":{"x":[{},{"w":0,"$type":"a"}],"\u0024type":"a","u":{"$type":"a"}}} `))
	f.Add([]byte(strings.Repeat(`{"v":`, 257) + strings.Repeat(`,}`, 257)))
	f.Fuzz(func(t *testing.T, document []byte) {
		const suffix = "$type must be a"
		var problems, types, want violations
		r := lexjson.NewReader(document, &problems)
		readVariants(r, func(r *lexjson.Reader) bool {
			r.Record("a")
			return true
		})
		err := r.End()
		problems = slices.DeleteFunc(problems, func(problem string) bool {
			record := strings.HasSuffix(problem, suffix)
			if record {
				types = append(types, problem)
			}
			return record
		})
		var plain violations
		r.Reset(document, &plain)
		readTypes(r, &want)
		if plainErr := r.End(); (err == nil) != (plainErr == nil) || err != nil && err.Error() != plainErr.Error() {
			t.Fatalf("error %v, without looking ahead %v", err, plainErr)
		}
		if err != nil || len(want)+len(plain) > 900 {
			return // because of the error or the limit, reports may differ
		}
		if !slices.Equal(problems, plain) {
			t.Errorf("reported %q, without looking ahead %q", problems, plain)
		}
		if !slices.Equal(types, want) {
			t.Errorf("reported %q, want %q", types, want)
		}
	})
}

// readTypes reads a value of any kind and adds to problems what Record("a") is
// to report of each object in it, in the order in which the objects begin.
func readTypes(r *lexjson.Reader, problems *violations) {
	switch r.Peek() {
	case lexjson.Object:
		place := len(*problems)
		problems.Report(strings.TrimPrefix(r.Path()+".$type", "."), "must be a")
		good := false
		object := r.Object()
		for object.Next() {
			key := object.Key()
			switch {
			case key != "$type":
				readTypes(r, problems)
			case r.Peek() == lexjson.String:
				good = r.String() == "a"
			default:
				r.Skip()
			}
		}
		if good {
			*problems = slices.Delete(*problems, place, place+1)
		}
	case lexjson.Array:
		array := r.Array()
		for array.Next() {
			readTypes(r, problems)
		}
	default:
		r.Skip()
	}
}

// FuzzInt compares Int with the exact arithmetic of math/big.
func FuzzInt(f *testing.F) {
	for _, number := range []string{"0", "-0.0", "123.0", "1e3", "9223372036854775807", "-9223372036854775808.0", "92233720368547758.08e2", "15e-1"} {
		f.Add(number)
	}
	f.Fuzz(func(t *testing.T, number string) {
		if !json.Valid([]byte(number)) || strings.ContainsAny(number, "{[\"tfn \t\r\n") {
			return // not a number
		}
		if _, exponent, ok := strings.Cut(strings.ToLower(number), "e"); ok {
			if n, err := strconv.Atoi(exponent); err != nil || n < -1000 || n > 1000 {
				return // too much for math/big
			}
		}
		exact, ok := new(big.Rat).SetString(number)
		if !ok {
			t.Fatalf("math/big refuses %s", number)
		}
		var problems violations
		r := lexjson.NewReader([]byte(number), &problems)
		got := r.Int()
		if err := r.End(); err != nil {
			t.Fatal(err)
		}
		fits := exact.IsInt() && exact.Num().IsInt64()
		if fits != (len(problems) == 0) {
			t.Fatalf("%s: reported %q", number, problems)
		}
		if fits && got != exact.Num().Int64() {
			t.Fatalf("%s: got %d", number, got)
		}
	})
}

// FuzzWriterString checks that encoding/json reads a string as it was written,
// and that exactly the strings that are not valid UTF-8 are refused.
func FuzzWriterString(f *testing.F) {
	for _, s := range []string{"", "abc", "größer <&> \u2028 🦊", "\x00\x1f\x7f\"\\/\b\f\n\r\t", "\xff", "abcdefg\xc3", "12345678\"12345678"} {
		f.Add(s)
	}
	for text := range boundaryTexts {
		f.Add(text)
	}
	f.Fuzz(checkWritten)
}

// checkWritten is what FuzzWriterString does with each string.
func checkWritten(t *testing.T, s string) {
	var w lexjson.Writer
	w.BeginObject()
	w.Key(s).String(s)
	w.EndObject()
	if valid := utf8.ValidString(s); valid != (w.Err() == nil) {
		t.Fatalf("%q: error %v", s, w.Err())
	} else if !valid {
		return
	}
	var got map[string]string
	if err := json.Unmarshal(w.Bytes(), &got); err != nil {
		t.Fatalf("%s: %v", w.Bytes(), err)
	}
	if diff := cmp.Diff(got, map[string]string{s: s}); diff != "" {
		t.Errorf("%s (-got +want):\n%s", w.Bytes(), diff)
	}
}
