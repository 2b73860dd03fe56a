package lexjson_test

import (
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
				for range r.Object() {
					if typ = r.Variant(); typ == "" {
						continue
					}
					for key := range r.Object() {
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
				for key := range r.Object() {
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

func TestRecordAfterVariant(t *testing.T) {
	t.Parallel()
	problems := read(t, `[{"x":1,"$type":"com.example.a"},{"x":1,"$type":"com.example.b"}]`, func(r *lexjson.Reader) {
		for range r.Array() {
			r.Variant()
			r.Record("com.example.a")
			for key := range r.Object() {
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
		for i := range r.Array() {
			if i == 0 {
				r.Variant()
			}
			for key := range r.Object() {
				keys = append(keys, key)
				if key != "x" {
					r.Skip()
					continue
				}
				for key := range r.Object() {
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

// TestNestedVariants reads variants within variants, each with its "$type" in
// the worst place: all are found by the one look through the outermost.
func TestNestedVariants(t *testing.T) {
	t.Parallel()
	const levels = 250
	text := strings.Repeat("x", 1<<16)
	input := strings.Repeat(`{"v":`, levels) + `"` + text + `"` + strings.Repeat(`,"$type":"com.example.a"}`, levels)
	count := 0
	var walk func(r *lexjson.Reader)
	walk = func(r *lexjson.Reader) {
		if r.Peek() == lexjson.String {
			r.Skip()
			return
		}
		if r.Variant() == "com.example.a" {
			count++
		}
		for range r.Object() {
			walk(r)
		}
	}
	read(t, input, walk)
	if count != levels {
		t.Errorf("found %d types, want %d", count, levels)
	}
}
