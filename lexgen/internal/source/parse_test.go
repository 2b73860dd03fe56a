package source_test

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"github.com/lexgen-go/lexgen/lexgen/internal/source"
)

func parse(t *testing.T, text string) *source.Node {
	t.Helper()
	n, problems := source.Parse(source.NewFile("test.json", []byte(text)))
	if len(problems) > 0 {
		t.Fatalf("Parse(%q): %s", text, problems[0].Message)
	}
	return n
}

func TestParseKeepsOrderDuplicatesAndPlaces(t *testing.T) {
	t.Parallel()
	text := `{"b": [1, "x"], "a": {"é\n": null}, "b": true}`
	n, problems := source.Parse(source.NewFile("test.json", []byte(text)))

	if len(problems) != 1 || problems[0].Kind != source.DuplicateKey {
		t.Fatalf("got problems %v, want one duplicate key", problems)
	}
	if got, want := problems[0].Span.Start, strings.LastIndex(text, `"b"`); got != want {
		t.Errorf("got duplicate at %d, want %d", got, want)
	}
	var keys []string
	for _, m := range n.Members {
		keys = append(keys, m.KeySpan.Text()+" "+m.Value.Span.Text())
	}
	want := []string{`"b" [1, "x"]`, `"a" {"é\n": null}`, `"b" true`}
	if !reflect.DeepEqual(keys, want) {
		t.Errorf("got members %q, want %q", keys, want)
	}
	if got := n.Get("b").Kind; got != source.Array {
		t.Errorf("Get of a duplicate key: got %v, want the first value", got)
	}
	if got := n.Span.Text(); got != text {
		t.Errorf("got span of the root %q, want all", got)
	}
}

func TestParseErrors(t *testing.T) {
	t.Parallel()
	deep := strings.Repeat("[", source.MaxDepth+1)
	tests := []struct {
		name, text string
		kind       source.ProblemKind
		start, end int
		message    string
	}{
		{"empty", "", source.Syntax, 0, 0, "expected a value, found the end of the file"},
		{"white space", " \n", source.Syntax, 2, 2, "expected a value, found the end of the file"},
		{"byte order mark", "\uFEFF{}", source.Encoding, 0, 3, "the file starts with a byte order mark"},
		{"not UTF-8", "[\"a\xff\"]", source.Encoding, 3, 4, "byte 0xff is not valid UTF-8"},
		{"surrogate pair encoded as UTF-8", "\"\xed\xa0\x80\"", source.Encoding, 1, 2, "byte 0xed is not valid UTF-8"},
		{"lone high surrogate", `["\ud800"]`, source.Encoding, 2, 8, "U+D800 is half of a surrogate pair"},
		{"lone low surrogate", `["\udc00\ud800"]`, source.Encoding, 2, 8, "U+DC00 is half of a surrogate pair"},
		{"high surrogate before text", `"\ud800x"`, source.Encoding, 1, 7, "U+D800 is half of a surrogate pair"},
		{"trailing comma in object", `{"a": 1,}`, source.Syntax, 7, 8, "unexpected ',' before '}'"},
		{"trailing comma in array", `[1, ]`, source.Syntax, 2, 3, "unexpected ',' before ']'"},
		{"leading comma", `[,1]`, source.Syntax, 1, 2, "expected a value, found ','"},
		{"missing comma", `{"a": 1 "b": 2}`, source.Syntax, 8, 9, "expected ',' or '}', found a string"},
		{"missing colon", `{"a" 1}`, source.Syntax, 5, 6, `expected ':' after the key "a", found '1'`},
		{"bare key", `{a: 1}`, source.Syntax, 1, 2, "expected a key in double quotes, found 'a'"},
		{"trailing data", `{} x`, source.Syntax, 3, 4, "unexpected 'x' after the end of the document"},
		{"unclosed object", `{"a": 1`, source.Syntax, 7, 7, "expected ',' or '}', found the end of the file"},
		{"unclosed string", "\"ab\n\"", source.Syntax, 0, 3, "the string is never closed"},
		{"control character", "\"a\tb\"", source.Syntax, 2, 3, "control character U+0009 in a string"},
		{"unknown escape", `"\x"`, source.Syntax, 1, 3, "unknown escape sequence"},
		{"escape at the end", `"\`, source.Syntax, 1, 2, "unknown escape sequence"},
		{"short unicode escape", `"\u12"`, source.Syntax, 1, 3, `\u needs four hexadecimal digits`},
		{"leading zero", `01`, source.Syntax, 0, 2, "a number must not start with 0"},
		{"no digits", `-`, source.Syntax, 1, 1, "expected a digit, found the end of the file"},
		{"no fraction", `1.x`, source.Syntax, 2, 3, "expected a digit, found 'x'"},
		{"no exponent", `1e+`, source.Syntax, 3, 3, "expected a digit, found the end of the file"},
		{"plus sign", `+1`, source.Syntax, 0, 1, "expected a value, found '+'"},
		{"unknown word", `[nul]`, source.Syntax, 1, 4, "unexpected nul"},
		{"comment", "{} // x", source.Syntax, 3, 4, "unexpected '/'"},
		{"too deep", deep, source.Depth, source.MaxDepth, source.MaxDepth + 1, "nested more than 128 levels deep"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			n, problems := source.Parse(source.NewFile("test.json", []byte(test.text)))
			if n != nil || len(problems) != 1 {
				t.Fatalf("got node %v and %d problems, want no node and one problem", n, len(problems))
			}
			p := problems[0]
			if p.Kind != test.kind || p.Message != test.message {
				t.Errorf("got kind %d, %q, want %d, %q", p.Kind, p.Message, test.kind, test.message)
			}
			if p.Span.Start != test.start || p.Span.End != test.end {
				t.Errorf("got span %d-%d, want %d-%d", p.Span.Start, p.Span.End, test.start, test.end)
			}
			if p.Help == "" {
				t.Error("got no help")
			}
		})
	}
}

func TestHelp(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, text, message, help string }{
		{"empty file", "", "expected a value, found the end of the file", "the file is empty; write an object in braces"},
		{"blank file", "\n  \n", "expected a value, found the end of the file", "the file is empty; write an object in braces"},
		{"file that ends early", `{"a":`, "expected a value, found the end of the file", "the file ends too early; write the value and close all braces and brackets"},
		{"UTF-16 with byte order mark", "\xff\xfe{\x00}\x00", "the file looks like UTF-16", "save the file as UTF-8 without BOM"},
		{"UTF-16, big end first", "\xfe\xff\x00{\x00}", "the file looks like UTF-16", "save the file as UTF-8 without BOM"},
		{"UTF-16 without byte order mark", "{\x00}\x00", "the file looks like UTF-16", "save the file as UTF-8 without BOM"},
		{"big end first without byte order mark", "\x00{\x00}", "the file looks like UTF-16", "save the file as UTF-8 without BOM"},
		{"UTF-8 with byte order mark", "\ufeff{}", "the file starts with a byte order mark", "save the file as UTF-8 without BOM"},
		{"Latin-1", "{\"a\": \"\xe9\"}", "byte 0xe9 is not valid UTF-8", "save the file as UTF-8; it may be in Latin-1 or Windows-1252"},
		{"NUL character", "{\x00}", `expected a key in double quotes, found '\x00'`, "remove the NUL character"},
		{"binary", "PK\x03\x04\x14\x00\x90", "byte 0x90 is not valid UTF-8", "the file looks binary; a document is text in UTF-8"},
		{"single quotes", `{'a': 1}`, `expected a key in double quotes, found '\''`, "use double quotes, not single ones"},
		{"value in single quotes", `['a']`, `expected a value, found '\''`, "use double quotes, not single ones"},
		{"bare key", `{a: 1}`, "expected a key in double quotes, found 'a'", `an object has members of the form "key": value`},
		{"brace that is never closed", `{`, "expected a key in double quotes, found the end of the file", "the file ends too early; close all braces and brackets"},
		{"missing comma", `[1 2]`, "expected ',' or ']', found '2'", "a comma is missing before it, or a brace or bracket is in the wrong place"},
		{"unclosed array", `[1`, "expected ',' or ']', found the end of the file", "add the closing ']'"},
		{"second document", `{}{}`, "unexpected '{' after the end of the document", "a file holds one value; remove what follows it"},
		{"comment", "// x\n{}", "unexpected '/'", "JSON has no comments"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			_, problems := source.Parse(source.NewFile("test.json", []byte(test.text)))
			if len(problems) != 1 || problems[0].Message != test.message || problems[0].Help != test.help {
				t.Errorf("got %+v, want %q with the help %q", problems, test.message, test.help)
			}
		})
	}
}

func TestParseRelaxed(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, text string
		ok         bool
	}{
		{"plain", `{"a": [1]}`, true},
		{"line comment", "// x\n{} // y", true},
		{"block comment", "/* x\n * y */ {/**/\"a\"/**/:/**/1/**/} /**/", true},
		{"trailing commas", `{"a": [1, 2,],}`, true},
		{"lone comma", `[,]`, false},
		{"two commas", `[1,,]`, false},
		{"open comment", `{} /* x`, false},
		{"comment that closes itself", `{} /*/`, false},
		{"slash", `{} /`, false},
		{"slash between values", `[1 / 2]`, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			n, problems := source.ParseRelaxed(source.NewFile("test.json", []byte(test.text)))
			if ok := n != nil; ok != test.ok || ok != (len(problems) == 0) {
				t.Errorf("got ok %v and problems %v, want ok %v", ok, problems, test.ok)
			}
			for _, p := range problems {
				if p.Help == "" {
					t.Errorf("got no help for %q", p.Message)
				}
			}
		})
	}
}

func TestText(t *testing.T) {
	t.Parallel()
	tests := []struct{ literal, want string }{
		{`"\"\\\/\b\f\n\r\t"`, "\"\\/\b\f\n\r\t"},
		{`"\u00e9\ud83d\ude00\uFFFF"`, "é😀\uffff"},
		{`"<é😀>"`, "<é😀>"},
		{`"\u0000"`, "\x00"},
	}
	for _, test := range tests {
		if got := parse(t, test.literal).Text; got != test.want {
			t.Errorf("%s: got %q, want %q", test.literal, got, test.want)
		}
	}
}

// FuzzParse checks the parser against encoding/json: what one accepts the
// other accepts with the same value, except for the stricter points that are
// documented at Parse.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		`{"a": [1, -2.5e3, "é\ud83d\ude00", null, true]}`, `{"a":1,"a":2}`, `[1,]`, "\"\\ud800\"", "\xff", "{", `"\u0000"`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		n, problems := source.Parse(source.NewFile("fuzz.json", data))
		for _, p := range problems {
			if p.Span.Start < 0 || p.Span.Start > p.Span.End || p.Span.End > len(data) || p.Message == "" || p.Help == "" {
				t.Fatalf("bad problem %+v", p)
			}
		}
		if n == nil {
			last := problems[len(problems)-1]
			if last.Kind == source.Syntax && json.Valid(data) {
				t.Fatalf("encoding/json accepts %q: %s", data, last.Message)
			}
			return
		}
		d := json.NewDecoder(strings.NewReader(string(data)))
		d.UseNumber()
		var want any
		if err := d.Decode(&want); err != nil || !json.Valid(data) {
			t.Fatalf("encoding/json refuses %q: %v", data, err)
		}
		if len(problems) == 0 && !reflect.DeepEqual(plain(n), want) {
			t.Fatalf("%q: got %v, want %v", data, plain(n), want)
		}
	})
}

func plain(n *source.Node) any {
	switch n.Kind {
	case source.Object:
		object := map[string]any{}
		for _, m := range n.Members {
			object[m.Key] = plain(m.Value)
		}
		return object
	case source.Array:
		array := []any{}
		for _, elem := range n.Elems {
			array = append(array, plain(elem))
		}
		return array
	case source.String:
		return n.Text
	case source.Number:
		return json.Number(n.Text)
	case source.Bool:
		return n.Bool()
	}
	return nil
}
