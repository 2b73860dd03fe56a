package lexjson_test

import (
	"errors"
	"testing"

	"github.com/lexgen-go/lexgen/runtime/lexjson"
)

// syntaxTests are inputs that are not JSON, each with the offset of what is
// wrong.
var syntaxTests = map[string]struct {
	input   string
	offset  int
	problem string
}{
	"empty":                     {"", 0, "unexpected end instead of a value"},
	"white space":               {" \n", 2, "unexpected end instead of a value"},
	"byte order mark":           {"\ufeff{}", 0, `unexpected '\ufeff' instead of a value`},
	"other white space":         {"\u00a01", 0, `unexpected '\u00a0' instead of a value`},
	"comment":                   {"/**/1", 0, `unexpected '/' instead of a value`},
	"two values":                {"1 2", 2, `unexpected '2' after the top-level value`},
	"trailing bracket":          {"[]]", 2, `unexpected ']' after the top-level value`},
	"NUL":                       {"\x00", 0, `unexpected '\x00' instead of a value`},
	"array not closed":          {"[1", 2, "unexpected end instead of ',' or ']'"},
	"array closed by brace":     {"[1}", 2, "unexpected '}' instead of ',' or ']'"},
	"array without comma":       {"[1 2]", 3, "unexpected '2' instead of ',' or ']'"},
	"array with trailing comma": {"[1,]", 3, "unexpected ']' instead of a value"},
	"array with leading comma":  {"[,1]", 1, "unexpected ',' instead of a value"},
	"array that ends":           {"[", 1, "unexpected end instead of a value"},
	"object not closed":         {`{"a":1`, 6, "unexpected end instead of ',' or '}'"},
	"object with trailing comma": {
		`{"a":1,}`, 7, "unexpected '}' instead of a key",
	},
	"object with number as key": {`{1:2}`, 1, "unexpected '1' instead of a key"},
	"object that ends":          {`{`, 1, "unexpected end instead of a key"},
	"object without colon":      {`{"a" 1}`, 5, "unexpected '1' instead of ':'"},
	"object without value":      {`{"a":}`, 5, "unexpected '}' instead of a value"},
	"object within array ends":  {`[{"a":[`, 7, "unexpected end instead of a value"},
	"leading zero":              {"01", 1, "unexpected '1' after the top-level value"},
	"leading zeros":             {"[00]", 2, "unexpected '0' instead of ',' or ']'"},
	"negative leading zero":     {"-01", 2, "unexpected '1' after the top-level value"},
	"plus":                      {"+1", 0, "unexpected '+' instead of a value"},
	"minus alone":               {"-", 1, "unexpected end instead of a digit"},
	"minus letter":              {"-a", 1, "unexpected 'a' instead of a digit"},
	"point at the start":        {".5", 0, "unexpected '.' instead of a value"},
	"point at the end":          {"5.", 2, "unexpected end instead of a digit"},
	"exponent without digits":   {"5e", 2, "unexpected end instead of a digit"},
	"exponent with sign alone":  {"5e+", 3, "unexpected end instead of a digit"},
	"hexadecimal":               {"0x10", 1, "unexpected 'x' after the top-level value"},
	"NaN":                       {"NaN", 0, "unexpected 'N' instead of a value"},
	"capital literal":           {"True", 0, "unexpected 'T' instead of a value"},
	"bad true":                  {"tru", 3, "unexpected end in what should be true"},
	"bad false":                 {"falsch", 4, "unexpected 'c' in what should be false"},
	"bad null":                  {"nul1", 3, "unexpected '1' in what should be null"},
	"literal too long":          {"nulls", 4, "unexpected 's' after the top-level value"},
	"string not closed":         {`"abc`, 4, "unterminated string"},
	"long string not closed":    {`"abcdefghijklmnopqrst`, 21, "unterminated string"},
	"string ends in escape":     {`"abc\`, 5, "unterminated string"},
	"single quotes":             {`'a'`, 0, `unexpected '\'' instead of a value`},
	"newline in string":         {"\"a\nb\"", 2, "control character in a string"},
	"late control character":    {"\"abcdefghijkl\x1fm\"", 13, "control character in a string"},
	"unknown escape":            {`"\x41"`, 1, "unknown escape"},
	"short escape":              {`"a\u12"`, 2, "malformed escape"},
	"escape not hexadecimal":    {`"\u12g4"`, 1, "malformed escape"},
	"high surrogate":            {`"\ud83e"`, 1, "escape of half a surrogate pair"},
	"high surrogate and letter": {`"\ud83e\u0041"`, 1, "escape of half a surrogate pair"},
	"two high surrogates":       {`"\ud83e\ud83e"`, 1, "escape of half a surrogate pair"},
	"low surrogate":             {`"a\udd8a"`, 2, "escape of half a surrogate pair"},
	"invalid UTF-8":             {"\"ab\xff\"", 3, "invalid UTF-8"},
	"encoded surrogate":         {"\"\xed\xa0\x80\"", 1, "invalid UTF-8"},
	"overlong":                  {"\"é\xc0\xaf\"", 3, "invalid UTF-8"},
	"UTF-8 cut by an escape":    {"\"\xc3\\n\xa9\"", 1, "invalid UTF-8"},
	"UTF-8 cut by the end":      {"\"abcdefgh\xc3\"", 9, "invalid UTF-8"},
	"invalid UTF-8 as value":    {"\xff", 0, "invalid UTF-8 instead of a value"},
	"bad key":                   {"{\"\xff\":1}", 2, "invalid UTF-8"},
}

func TestSyntaxErrors(t *testing.T) {
	t.Parallel()
	readers := map[string]func(r *lexjson.Reader){
		"Skip": (*lexjson.Reader).Skip,
		"Raw":  func(r *lexjson.Reader) { r.Raw() },
		"Variant": func(r *lexjson.Reader) {
			if r.Variant() != "" {
				r.Skip()
			}
		},
		"Record": func(r *lexjson.Reader) {
			r.Record("com.example.a")
			r.Skip()
		},
		"Object": func(r *lexjson.Reader) {
			object := r.Object("zzz")
			for object.Next() {
				readAny(r)
			}
		},
		"by kind": func(r *lexjson.Reader) { readAny(r) },
	}
	for name, test := range syntaxTests {
		for method, body := range readers {
			t.Run(name+"/"+method, func(t *testing.T) {
				t.Parallel()
				r := lexjson.NewReader([]byte(test.input), new(violations))
				body(r)
				err := r.End()
				var syntax *lexjson.SyntaxError
				if !errors.As(err, &syntax) {
					t.Fatalf("got error %v, want a SyntaxError", err)
				}
				if syntax.Offset != test.offset || syntax.Problem != test.problem {
					t.Errorf("got %d %q, want %d %q", syntax.Offset, syntax.Problem, test.offset, test.problem)
				}
			})
		}
	}
}

func TestNothingAfterSyntaxError(t *testing.T) {
	t.Parallel()
	var problems violations
	r := lexjson.NewReader([]byte(`{"a":[1,!],"b":2}`), &problems)
	loops := 0
	object := r.Object("a", "c")
	for object.Next() {
		loops++
		array := r.Array()
		for array.Next() {
			r.Int()
		}
	}
	first := r.Err()
	if first == nil {
		t.Fatal("no error")
	}
	if got, want := first.Error(), "invalid JSON at offset 8: unexpected '!' instead of a value"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if again := r.Object("a"); again.Next() {
		loops++
	}
	if again := r.Array(); again.Next() {
		loops++
	}
	r.Record("com.example.a")
	r.Report("must not be reported")
	if r.String() != "" || r.Int() != 0 || r.Bool() || r.Null() || r.Raw() != nil || r.Peek() != lexjson.Invalid || r.Variant() != "" {
		t.Error("a value was read after a syntax error")
	}
	if loops != 1 {
		t.Errorf("%d loops, want 1", loops)
	}
	if len(problems) > 0 {
		t.Errorf("reported %q", problems)
	}
	if got := r.End(); got != first {
		t.Errorf("the error became %v", got)
	}
}
