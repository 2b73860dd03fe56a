package lexjson_test

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/lexgen-go/lexgen/runtime/lexjson"
)

// read reads the whole of input with body and returns what was reported.
func read(t *testing.T, input string, body func(r *lexjson.Reader)) []string {
	t.Helper()
	var problems violations
	r := lexjson.NewReader([]byte(input), &problems)
	body(r)
	if err := r.End(); err != nil {
		t.Errorf("read %s: %v", input, err)
	}
	return problems
}

func TestReaderString(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ input, want string }{
		"empty":            {`""`, ""},
		"short":            {`"abc"`, "abc"},
		"eight bytes":      {`"abcdefgh"`, "abcdefgh"},
		"long":             {`"The quick brown fox jumps"`, "The quick brown fox jumps"},
		"white space":      {" \t\r\n\"a\"\n", "a"},
		"short escapes":    {`"\"\\\/\b\f\n\r\t"`, "\"\\/\b\f\n\r\t"},
		"unicode escapes":  {`"\u0041\u00e9\u20AC"`, "Aé€"},
		"surrogate pair":   {`"\uD83E\uDD8A!"`, "🦊!"},
		"NUL":              {`"\u0000"`, "\x00"},
		"escape at byte 8": {`"abcdefg\nhijklmnop"`, "abcdefg\nhijklmnop"},
		"not ASCII":        {`"größer als 🦊"`, "größer als 🦊"},
		"DEL":              {"\"\x7f\"", "\x7f"},
		"not normalised":   {`"e\u0301"`, "e\u0301"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var got string
			if problems := read(t, test.input, func(r *lexjson.Reader) { got = r.String() }); problems != nil {
				t.Errorf("reported %q", problems)
			}
			if got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestReaderInt(t *testing.T) {
	t.Parallel()
	const (
		fraction = "must be an integer"
		outside  = "must be an integer of at most 64 bits"
	)
	tests := map[string]struct {
		input   string
		want    int64
		problem string
	}{
		"zero":                 {input: "0"},
		"negative zero":        {input: "-0"},
		"small":                {input: "7", want: 7},
		"negative":             {input: "-123", want: -123},
		"eighteen digits":      {input: "999999999999999999", want: 999999999999999999},
		"beyond double":        {input: "9007199254740993", want: 9007199254740993},
		"largest":              {input: "9223372036854775807", want: math.MaxInt64},
		"smallest":             {input: "-9223372036854775808", want: math.MinInt64},
		"too large":            {input: "9223372036854775808", problem: outside},
		"too small":            {input: "-9223372036854775809", problem: outside},
		"twenty digits":        {input: "18446744073709551616", problem: outside},
		"fraction of zeros":    {input: "123.0", want: 123},
		"exponent":             {input: "1e3", want: 1000},
		"capital exponent":     {input: "12E+2", want: 1200},
		"negative exponent":    {input: "1500e-2", want: 15},
		"exponent and point":   {input: "1.25e2", want: 125},
		"largest by exponent":  {input: "9.223372036854775807e18", want: math.MaxInt64},
		"zero, huge exponent":  {input: "0e999999999999999999999", want: 0},
		"zero, tiny exponent":  {input: "0.000e-999999999999999999999", want: 0},
		"huge exponent":        {input: "1e999999999999999999999", problem: outside},
		"tiny exponent":        {input: "1e-999999999999999999999", problem: fraction},
		"half":                 {input: "0.5", problem: fraction},
		"fraction":             {input: "123.456", problem: fraction},
		"integral by one zero": {input: "10.10e1", want: 101},
		"string":               {input: `"5"`, problem: fraction},
		"null":                 {input: "null", problem: fraction},
		"boolean":              {input: "true", problem: fraction},
		"object":               {input: `{"a":1}`, problem: fraction},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var got int64
			problems := read(t, test.input, func(r *lexjson.Reader) { got = r.Int() })
			if got != test.want {
				t.Errorf("got %d, want %d", got, test.want)
			}
			if problem := strings.Join(problems, "; "); problem != test.problem {
				t.Errorf("reported %q, want %q", problem, test.problem)
			}
		})
	}
}

func TestReaderBoolAndNull(t *testing.T) {
	t.Parallel()
	problems := read(t, `[true, false, null, true, null, 0]`, func(r *lexjson.Reader) {
		array := r.Array()
		for i := 0; array.Next(); i++ {
			switch i {
			case 0, 1:
				if got := r.Bool(); got != (i == 0) {
					t.Errorf("element %d: got %t", i, got)
				}
			case 2:
				if !r.Null() {
					t.Error("null was not found")
				}
			case 3:
				if r.Null() {
					t.Error("true was taken for null")
				}
				if !r.Bool() {
					t.Error("true was consumed by Null")
				}
			default:
				if r.Bool() {
					t.Errorf("element %d: got true", i)
				}
			}
		}
	})
	want := []string{"[4] must be a boolean", "[5] must be a boolean"}
	if diff := cmp.Diff(problems, want); diff != "" {
		t.Errorf("reports (-got +want):\n%s", diff)
	}
}

func TestReaderPeek(t *testing.T) {
	t.Parallel()
	var got []lexjson.Kind
	read(t, ` [{}, [], "", -1, 2, true, false, null] `, func(r *lexjson.Reader) {
		got = append(got, r.Peek())
		array := r.Array()
		for array.Next() {
			got = append(got, r.Peek(), r.Peek())
			r.Skip()
		}
		got = append(got, r.Peek())
	})
	want := []lexjson.Kind{
		lexjson.Array, lexjson.Object, lexjson.Object, lexjson.Array, lexjson.Array, lexjson.String, lexjson.String,
		lexjson.Number, lexjson.Number, lexjson.Number, lexjson.Number, lexjson.Bool, lexjson.Bool, lexjson.Bool,
		lexjson.Bool, lexjson.Null, lexjson.Null, lexjson.Invalid,
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestReaderRaw(t *testing.T) {
	t.Parallel()
	var got []string
	problems := read(t, `{"a": {"x" : [1, 2]} , "b":"\n", "c": {"k":1,"k":2}}`, func(r *lexjson.Reader) {
		object := r.Object()
		for object.Next() {
			raw := r.Raw()
			got = append(got, string(raw))
			if cap(raw) != len(raw) {
				t.Errorf("%s: an append would overwrite the buffer", raw)
			}
		}
	})
	if want := []string{`{"x" : [1, 2]}`, `"\n"`, `{"k":1,"k":2}`}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if want := []string{"c.k occurs more than once"}; !slices.Equal(problems, want) {
		t.Errorf("reported %q, want %q", problems, want)
	}
}

func TestReaderViolations(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		input string
		want  []string
	}{
		"none":            {`{"text":"a","createdAt":"b"}`, nil},
		"not an object":   {`[]`, []string{"must be an object"}},
		"null":            {`null`, []string{"must be an object"}},
		"all missing":     {`{}`, []string{"text is required", "createdAt is required"}},
		"one missing":     {`{"likes":1,"createdAt":"b"}`, []string{"text is required"}},
		"keys are exact":  {`{"Text":"a","createdAt":"b"}`, []string{"text is required"}},
		"escaped key":     {`{"t\u0065xt":"a","createdAt":"b"}`, nil},
		"reverse order":   {`{"createdAt":"b","text":"a"}`, nil},
		"null is a value": {`{"text":null,"createdAt":"b"}`, []string{"text must be a string"}},
		"several": {
			`{"text":5,"createdAt":"b","likes":"1","langs":["a",1,"b",{}],"pinned":{"a":[1]}}`,
			[]string{
				"text must be a string", "likes must be an integer", "langs[1] must be a string", "langs[3] must be a string",
				"pinned must be a boolean",
			},
		},
		"nested": {
			`{"text":"a","createdAt":"b","reply":{"root":{"uri":1}},"facets":[{"byteStart":1,"byteEnd":2,"link":3},4]}`,
			[]string{
				"reply.root.uri must be a string", "reply.root.cid is required", "reply.parent is required",
				"facets[0].link must be an object", "facets[1] must be an object",
			},
		},
		"duplicate":            {`{"text":"a","createdAt":"b","text":1}`, []string{"text occurs more than once"}},
		"three times":          {`{"text":"a","createdAt":"b","":1,"":2,"":3}`, []string{`[""] occurs more than once`, `[""] occurs more than once`}},
		"escaped duplicate":    {`{"text":"a","createdAt":"b","\u0074ext":1}`, []string{"text occurs more than once"}},
		"same key further in":  {`{"text":"a","createdAt":"b","x":{"x":{"x":1}}}`, nil},
		"duplicate in skipped": {`{"text":"a","createdAt":"b","x":[{"y":1,"y":2}]}`, []string{"x[0].y occurs more than once"}},
		"duplicate in duplicate": {
			`{"text":"a","createdAt":"b","text":{"y":1,"y":2}}`,
			[]string{"text.y occurs more than once", "text occurs more than once"},
		},
		"odd keys": {
			`{"text":"a","createdAt":"b","a.b\n":{"c d":1,"c d":2}}`,
			[]string{`["a.b\n"]["c d"] occurs more than once`},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var v post
			problems := read(t, test.input, v.DecodeJSON)
			if diff := cmp.Diff(problems, test.want); diff != "" {
				t.Errorf("reports (-got +want):\n%s", diff)
			}
		})
	}
}

func TestFirstDuplicateCounts(t *testing.T) {
	t.Parallel()
	var v post
	read(t, `{"text":"first","createdAt":"b","text":"second"}`, v.DecodeJSON)
	if v.Text != "first" {
		t.Errorf("got %q, want the first value", v.Text)
	}
}

// TestLargeObjects is about objects around the sizes at which keys move into a
// map, and at which required ones are like others, one within the other.
func TestLargeObjects(t *testing.T) {
	t.Parallel()
	for n := range 80 {
		var members, forwards []string
		for i := range n {
			members = append(members, fmt.Sprintf(`"k%d":%d`, i, i))
			forwards = append(forwards, fmt.Sprintf("k%d", i))
		}
		backwards := slices.Clone(forwards)
		slices.Reverse(backwards)
		for name, required := range map[string][]string{"forwards": forwards, "backwards": backwards, "none": nil} {
			t.Run(fmt.Sprintf("%d keys, required %s", n, name), func(t *testing.T) {
				checkLargeObject(t, members, append(required, "absent"))
			})
		}
	}
}

// checkLargeObject reads an object with the members, of which the first comes
// twice, and with one that has the members itself, and another one twice.
func checkLargeObject(t *testing.T, members, required []string) {
	t.Helper()
	object := func(extra ...string) string {
		return "{" + strings.Join(append(slices.Clone(members), extra...), ",") + "}"
	}
	duplicate := object(`"x":` + object(`"x":1`, `"x":2`))
	want := []string{"x.x occurs more than once"}
	if len(members) > 0 {
		duplicate = object(`"x":`+object(`"x":1`, `"x":2`), `"k0":0`)
		want = append(want, "k0 occurs more than once")
	}
	want = append(want, "absent is required")
	visited := 0
	problems := read(t, duplicate, func(r *lexjson.Reader) {
		object := r.Object(required...)
		for object.Next() {
			visited++
			r.Skip()
		}
	})
	if diff := cmp.Diff(problems, want); diff != "" {
		t.Errorf("reports (-got +want):\n%s", diff)
	}
	if want := len(members) + 1; visited != want {
		t.Errorf("visited %d members, want %d", visited, want)
	}
}

// TestLoopThatIsLeftPanics demands that a loop which does not run to its end is noticed by the
// loop around it, or by End.
func TestLoopThatIsLeftPanics(t *testing.T) {
	t.Parallel()
	bodies := map[string]func(r *lexjson.Reader){
		"before a value": func(r *lexjson.Reader) {
			object := r.Object()
			object.Next()
		},
		"behind a value": func(r *lexjson.Reader) {
			object := r.Object()
			object.Next()
			r.Skip()
		},
		"array before a value": func(r *lexjson.Reader) {
			array := r.Array()
			array.Next()
		},
		"array behind a value": func(r *lexjson.Reader) {
			array := r.Array()
			array.Next()
			r.Skip()
		},
	}
	around := map[string]func(r *lexjson.Reader, body func(r *lexjson.Reader)){
		"the top": func(r *lexjson.Reader, body func(r *lexjson.Reader)) { body(r) },
		"an object": func(r *lexjson.Reader, body func(r *lexjson.Reader)) {
			object := r.Object()
			for object.Next() {
				body(r)
			}
		},
		"an array": func(r *lexjson.Reader, body func(r *lexjson.Reader)) {
			array := r.Array()
			for array.Next() {
				body(r)
			}
		},
	}
	inputs := map[string]string{"the top": "%s", "an object": `{"a":%s}`, "an array": `[%s]`}
	for name, body := range bodies {
		for place, outer := range around {
			t.Run(name+" in "+place, func(t *testing.T) {
				t.Parallel()
				defer func() {
					if got := fmt.Sprint(recover()); !strings.Contains(got, "must run to its end") {
						t.Errorf("panic %q", got)
					}
				}()
				inner := `{"b":1,"c":[2,3]}`
				if strings.HasPrefix(name, "array") {
					inner = `[1,[2,3]]`
				}
				r := lexjson.NewReader(fmt.Appendf(nil, inputs[place], inner), new(violations))
				outer(r, body)
				t.Errorf("no panic before the end, error %v", r.End())
			})
		}
	}
}

func TestUnconsumedValuePanics(t *testing.T) {
	t.Parallel()
	bodies := map[string]func(r *lexjson.Reader){
		"object": func(r *lexjson.Reader) {
			object := r.Object()
			for object.Next() {
				r.Peek()
			}
		},
		"array": func(r *lexjson.Reader) {
			object := r.Object()
			for object.Next() {
				array := r.Array()
				for array.Next() {
					r.Null()
				}
			}
		},
	}
	for name, body := range bodies {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			defer func() {
				if got := fmt.Sprint(recover()); !strings.Contains(got, "must consume") {
					t.Errorf("panic %q", got)
				}
			}()
			body(lexjson.NewReader([]byte(`{"a":[1]}`), new(violations)))
		})
	}
}

func TestMaxDepth(t *testing.T) {
	t.Parallel()
	nested := func(n int) string {
		return strings.Repeat(`[{"a":`, n/2) + "1" + strings.Repeat("}]", n/2)
	}
	read(t, nested(lexjson.DefaultMaxDepth), (*lexjson.Reader).Skip)

	var syntax *lexjson.SyntaxError
	r := lexjson.NewReader([]byte(nested(lexjson.DefaultMaxDepth+2)), new(violations))
	r.Skip()
	if err := r.End(); !errors.As(err, &syntax) || syntax.Problem != "nested too deeply" {
		t.Errorf("got %v, want nested too deeply", err)
	}

	r = lexjson.NewReader([]byte(`[[[1]]]`), new(violations))
	r.MaxDepth = 2
	r.Skip()
	if err := r.End(); !errors.As(err, &syntax) || syntax.Offset != 2 {
		t.Errorf("got %v, want nested too deeply at offset 2", err)
	}
}

func TestPath(t *testing.T) {
	t.Parallel()
	var got []string
	read(t, `{"a":[{"b":1}]}`, func(r *lexjson.Reader) {
		got = append(got, r.Path())
		object := r.Object()
		for object.Next() {
			got = append(got, r.Path())
			array := r.Array()
			for array.Next() {
				got = append(got, r.Path())
				object := r.Object()
				for object.Next() {
					got = append(got, r.Path())
					r.Skip()
				}
			}
		}
		got = append(got, r.Path())
	})
	if want := []string{"", "a", "a[0]", "a[0].b", ""}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestReportsAreBounded(t *testing.T) {
	t.Parallel()
	key := strings.Repeat("€", 5000)
	input := `{"` + key + `":[1` + strings.Repeat(",1", 5000) + `]}`
	problems := read(t, input, func(r *lexjson.Reader) {
		object := r.Object()
		for object.Next() {
			array := r.Array()
			for array.Next() {
				_ = r.String()
			}
		}
	})
	if len(problems) != 101 {
		t.Errorf("%d reports, want 101", len(problems))
	}
	if got, want := problems[0], `["`+strings.Repeat("€", 21)+`…"][0] must be a string`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// TestPathsAreBounded demands that deep objects with long keys do not make long paths.
func TestPathsAreBounded(t *testing.T) {
	t.Parallel()
	const depth = 200
	key := strings.Repeat("\x7f", 64)
	input := strings.Repeat(`{"`+key+`":`, depth) + "1.5" + strings.Repeat("}", depth)
	longest := 0
	r := lexjson.NewReader([]byte(input), reporterFunc(func(path, _ string) { longest = max(longest, len(path)) }))
	var read func()
	read = func() {
		if r.Peek() != lexjson.Object {
			r.Int()
			return
		}
		object := r.Object()
		for object.Next() {
			read()
		}
	}
	read()
	if err := r.End(); err != nil || longest == 0 || longest > 2000 {
		t.Errorf("longest path of %d bytes, error %v", longest, err)
	}
}

// reporterFunc is a function that is a [lexjson.Reporter].
type reporterFunc func(path, problem string)

func (f reporterFunc) Report(path, problem string) { f(path, problem) }

func TestReset(t *testing.T) {
	t.Parallel()
	var first, second violations
	r := lexjson.NewReader([]byte(`{"a":{"b":[`), &first)
	r.Skip()
	if r.Err() == nil {
		t.Fatal("no error")
	}
	r.Reset([]byte(`{"text":1}`), &second)
	var v post
	v.DecodeJSON(r)
	if err := r.End(); err != nil {
		t.Error(err)
	}
	if want := (violations{"text must be a string", "createdAt is required"}); !slices.Equal(second, want) || first != nil {
		t.Errorf("reported %q and %q, want %q", first, second, want)
	}
}
