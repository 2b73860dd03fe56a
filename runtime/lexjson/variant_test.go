package lexjson_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/lexgen-go/lexgen/runtime/lexjson"
)

func TestVariant(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		input    string
		wantType string
		wantKeys []string
		want     []string
	}{
		"first":            {`{"$type":"com.example.a","x":1}`, "com.example.a", []string{"x"}, nil},
		"with white space": {` { "$type" : "com.example.a" , "x" : 1 } `, "com.example.a", []string{"x"}, nil},
		"alone":            {`{"$type":"com.example.a"}`, "com.example.a", nil, nil},
		"last":             {`{"x":1,"y":{"$type":"no"},"$type":"com.example.a"}`, "com.example.a", []string{"x", "y"}, nil},
		"escaped key":      {`{"x":1,"\u0024type":"com.example.a"}`, "com.example.a", []string{"x"}, nil},
		"escaped value":    {`{"\u0024type":"com.\u0065xample.a"}`, "com.example.a", nil, nil},
		"missing":          {`{"x":{"$type":"no"}}`, "", nil, []string{"v.$type is required"}},
		"empty object":     {`{}`, "", nil, []string{"v.$type is required"}},
		"empty":            {`{"$type":"","x":1}`, "", nil, []string{"v.$type must be a non-empty string"}},
		"null":             {`{"x":1,"$type":null}`, "", nil, []string{"v.$type must be a non-empty string"}},
		"number":           {`{"$type":123}`, "", nil, []string{"v.$type must be a non-empty string"}},
		"array":            {`["$type"]`, "", nil, []string{"v must be an object"}},
		"string":           {`"$type"`, "", nil, []string{"v must be an object"}},
		"twice":            {`{"$type":"com.example.a","$type":"com.example.b"}`, "com.example.a", nil, []string{"v.$type occurs more than once"}},
		"duplicate once":   {`{"x":1,"x":2,"$type":"com.example.a"}`, "com.example.a", []string{"x"}, []string{"v.x occurs more than once"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var typ string
			var keys []string
			problems := read(t, `{"v":`+test.input+`}`, func(r *lexjson.Reader) {
				object := r.Object()
				for object.Next() {
					if typ = r.Variant(); typ == "" {
						continue
					}
					object := r.Object()
					for object.Next() {
						key := object.Key()
						keys = append(keys, key)
						r.Skip()
					}
				}
			})
			if typ != test.wantType {
				t.Errorf("type %q, want %q", typ, test.wantType)
			}
			if !slices.Equal(keys, test.wantKeys) {
				t.Errorf("keys %q, want %q", keys, test.wantKeys)
			}
			if diff := cmp.Diff(problems, test.want); diff != "" {
				t.Errorf("reports (-got +want):\n%s", diff)
			}
		})
	}
}

func TestRecord(t *testing.T) {
	t.Parallel()
	const wrong = "$type must be com.example.a"
	tests := map[string]struct {
		input    string
		wantKeys []string
		want     []string
	}{
		"first":         {`{"$type":"com.example.a","x":1}`, []string{"x"}, nil},
		"last":          {`{"x":1,"$type":"com.example.a"}`, []string{"x"}, nil},
		"other":         {`{"$type":"com.example.b","x":1}`, []string{"x"}, []string{wrong}},
		"main":          {`{"$type":"com.example.a#main","x":1}`, []string{"x"}, []string{wrong}},
		"missing":       {`{"x":1}`, []string{"x"}, []string{wrong}},
		"null":          {`{"$type":null,"x":1}`, []string{"x"}, []string{wrong}},
		"not an object": {`5`, nil, []string{"must be an object"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var keys []string
			problems := read(t, test.input, func(r *lexjson.Reader) {
				r.Record("com.example.a")
				object := r.Object()
				for object.Next() {
					key := object.Key()
					keys = append(keys, key)
					r.Skip()
				}
			})
			if !slices.Equal(keys, test.wantKeys) {
				t.Errorf("keys %q, want %q", keys, test.wantKeys)
			}
			if diff := cmp.Diff(problems, test.want); diff != "" {
				t.Errorf("reports (-got +want):\n%s", diff)
			}
		})
	}
}

// TestLenientType is about types with "#main" behind them.
func TestLenientType(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		typ      string
		wantType string
		want     []string
	}{
		"main":           {"com.example.a#main", "com.example.a", nil},
		"without":        {"com.example.a", "com.example.a", nil},
		"other":          {"com.example.b#main", "com.example.b", []string{"$type must be com.example.a"}},
		"other fragment": {"com.example.a#mains", "com.example.a#mains", []string{"$type must be com.example.a"}},
		"nothing else":   {"#main", "#main", []string{"$type must be com.example.a"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var typ string
			problems := read(t, `{"x":1,"$type":"`+test.typ+`"}`, func(r *lexjson.Reader) {
				r.Lenient = true
				typ = r.Variant()
				r.Record("com.example.a")
				object := r.Object()
				for object.Next() {
					r.Skip()
				}
			})
			if typ != test.wantType {
				t.Errorf("type %q, want %q", typ, test.wantType)
			}
			if diff := cmp.Diff(problems, test.want); diff != "" {
				t.Errorf("reports (-got +want):\n%s", diff)
			}
		})
	}
}

func TestRecordAfterVariant(t *testing.T) {
	t.Parallel()
	problems := read(t, `[{"x":1,"$type":"com.example.a"},{"x":1,"$type":"com.example.b"}]`, func(r *lexjson.Reader) {
		array := r.Array()
		for array.Next() {
			r.Variant()
			r.Record("com.example.a")
			object := r.Object()
			for object.Next() {
				key := object.Key()
				if key != "x" {
					t.Errorf("the loop sees %s", key)
				}
				r.Skip()
			}
		}
	})
	if want := []string{"[1].$type must be com.example.a"}; !slices.Equal(problems, want) {
		t.Errorf("reported %q, want %q", problems, want)
	}
}

func TestAnnouncementIsForOneObject(t *testing.T) {
	t.Parallel()
	var keys []string
	read(t, `[{"$type":"com.example.a","x":{"$type":"com.example.b"}},{"$type":"com.example.c"}]`, func(r *lexjson.Reader) {
		array := r.Array()
		for i := 0; array.Next(); i++ {
			if i == 0 {
				r.Variant()
			}
			object := r.Object()
			for object.Next() {
				key := object.Key()
				keys = append(keys, key)
				if key != "x" {
					r.Skip()
					continue
				}
				object := r.Object()
				for object.Next() {
					key := object.Key()
					keys = append(keys, "x."+key)
					r.Skip()
				}
			}
		}
	})
	if want := []string{"x", "x.$type", "$type"}; !slices.Equal(keys, want) {
		t.Errorf("keys %q, want %q", keys, want)
	}
}

// TestLookAhead is about the order of members: what comes in front of "$type" is
// looked at twice, and yet each violation is reported once.
func TestLookAhead(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		input string
		types []string
		want  []string
	}{
		"inner ones in front": {
			input: `{"a":{"x":1,"$type":"b"},"c":[{"y":{"z":2,"$type":"d"},"$type":"e"}],"$type":"f"}`,
			types: []string{"f", "b", "e", "d"},
		},
		"inner ones behind": {
			input: `{"a":1,"$type":"b","c":{"x":1,"$type":"d"},"e":[{"$type":"f"},{"y":{},"$type":"g"}]}`,
			types: []string{"b", "d", "f", "g"},
			want:  []string{"e[1].y.$type is required"},
		},
		"on both sides": {
			input: `{"a":{"b":{"n":0,"$type":"c"},"$type":"d","e":{"n":0,"$type":"f"}},"$type":"g","h":{"n":0,"$type":"i"}}`,
			types: []string{"g", "d", "c", "f", "i"},
		},
		"duplicates in front": {
			input: `{"a":{"x":1,"x":2,"$type":"b"},"a":0,"$type":"c"}`,
			types: []string{"c", "b"},
			want:  []string{"a.x occurs more than once", "a occurs more than once"},
		},
		"duplicates of $type": {
			input: `{"a":{"x":1,"$type":"b","$type":"c"},"$type":"d","y":2,"$type":"e"}`,
			types: []string{"d", "b"},
			want:  []string{"a.$type occurs more than once", "$type occurs more than once"},
		},
		"bad ones in front": {
			input: `{"a":{"x":1,"$type":5},"b":{"x":1},"$type":"c"}`,
			types: []string{"c"},
			want:  []string{"a.$type must be a non-empty string", "b.$type is required"},
		},
		"not in the same object": {
			input: `{"a":{"$type":"b"},"c":["$type"],"d":"$type"}`,
			want:  []string{"$type is required"},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var types []string
			problems := read(t, test.input, func(r *lexjson.Reader) {
				readVariants(r, func(r *lexjson.Reader) bool {
					name := r.Variant()
					if name != "" {
						types = append(types, name)
					}
					return name != ""
				})
			})
			if !slices.Equal(types, test.types) {
				t.Errorf("types %q, want %q", types, test.types)
			}
			if diff := cmp.Diff(problems, test.want); diff != "" {
				t.Errorf("reports (-got +want):\n%s", diff)
			}
		})
	}
}

// readVariants reads a value of any kind. It calls variant for each object in it,
// which returns whether the object is still to be read.
func readVariants(r *lexjson.Reader, variant func(*lexjson.Reader) bool) {
	switch r.Peek() {
	case lexjson.Object:
		if !variant(r) {
			return
		}
		object := r.Object()
		for object.Next() {
			readVariants(r, variant)
		}
	case lexjson.Array:
		array := r.Array()
		for array.Next() {
			readVariants(r, variant)
		}
	default:
		r.Skip()
	}
}

func TestSyntaxErrorWhileLookingAhead(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		input    string
		offset   int
		maxDepth int
	}{
		"in front of $type": {`{"v":{"x":[1,}],"$type":"a"}}`, 13, 0},
		"a key":             {`{"v":{"x":1,y:2,"$type":"a"}}`, 12, 0},
		"no colon":          {`{"v":{"x" 1,"$type":"a"}}`, 10, 0},
		"no comma":          {`{"v":{"x":1 "$type":"a"}}`, 12, 0},
		"value of $type":    {`{"v":{"x":1,"$type":"a`, 22, 0},
		"no value of $type": {`{"v":{"x":1,"$type":}}`, 20, 0},
		"end":               {`{"v":{"x":1,`, 12, 0},
		"depth":             {`{"v":{"x":1,"$type":"a"}}`, 5, 1},
		"depth in front":    {`{"v":{"x":[1],"$type":"a"}}`, 10, 2},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var problems violations
			r := lexjson.NewReader([]byte(test.input), &problems)
			r.MaxDepth = test.maxDepth
			object := r.Object("w")
			for object.Next() {
				if typ := r.Variant(); typ != "" {
					t.Errorf("type %q", typ)
				}
				r.Record("com.example.a")
				object := r.Object("z")
				for object.Next() {
					key := object.Key()
					t.Errorf("the loop sees %s", key)
					r.Skip()
				}
			}
			var err *lexjson.SyntaxError
			if !errors.As(r.End(), &err) || err.Offset != test.offset {
				t.Errorf("error %v, want one at offset %d", r.Err(), test.offset)
			}
			if problems != nil {
				t.Errorf("reported %q", problems)
			}
		})
	}
}

// TestLookAheadIsLinear counts the bytes that are looked through for a "$type"
// in variants within variants: it is never more than the document has.
func TestLookAheadIsLinear(t *testing.T) {
	t.Parallel()
	text := `"` + strings.Repeat("x", 100) + `"`
	// Each shape makes a variant of the one that it holds.
	shapes := map[string]func(inner string) string{
		"$type first":   func(inner string) string { return `{"$type":"a","v":` + inner + `}` },
		"$type last":    func(inner string) string { return `{"v":` + inner + `,"$type":"a"}` },
		"text in front": func(inner string) string { return `{"t":` + text + `,"$type":"a","v":` + inner + `}` },
		"text behind":   func(inner string) string { return `{"v":` + inner + `,"t":` + text + `,"$type":"a"}` },
		"no $type":      func(inner string) string { return `{"v":` + inner + `}` },
		"lists":         func(inner string) string { return `{"v":[0,` + inner + `,{"n":0,"$type":"b"}],"$type":"a"}` },
	}
	for name, shape := range shapes {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			document := `{"n":0,"$type":"a"}`
			for range 100 {
				document = shape(document)
				if got := lookedThrough(t, document); got > len(document) {
					t.Fatalf("looked through %d bytes of a document of %d", got, len(document))
				}
			}
		})
	}
	t.Run("two each", func(t *testing.T) {
		t.Parallel()
		document := `{"n":0,"$type":"a"}`
		for range 12 {
			document = `{"v":` + document + `,"$type":"a","w":` + document + `}`
		}
		if got := lookedThrough(t, document); got > len(document) {
			t.Errorf("looked through %d bytes of a document of %d", got, len(document))
		}
	})
}

// lookedThrough returns the number of bytes that the Reader has looked through
// for the "$type" of each object in a document, when each is asked for twice.
func lookedThrough(t *testing.T, document string) int {
	t.Helper()
	var problems violations
	r := lexjson.NewReader([]byte(document), &problems)
	total := 0
	readVariants(r, func(r *lexjson.Reader) bool {
		for range 2 {
			start, before := lexjson.Offset(r), lexjson.Looked(r)
			r.Record("a")
			if after := lexjson.Looked(r); after != before {
				total += after - start
			}
		}
		return true
	})
	if err := r.End(); err != nil {
		t.Fatal(err)
	}
	return total
}
