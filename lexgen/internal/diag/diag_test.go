package diag_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lexgen-go/lexgen/lexgen/internal/diag"
	"github.com/lexgen-go/lexgen/lexgen/internal/source"
)

func TestSort(t *testing.T) {
	t.Parallel()
	a, b := source.NewFile("a.json", []byte("xxxx")), source.NewFile("b.json", []byte("xxxx"))
	var list diag.List
	list.Errorf(b.Span(0, 1), diag.Shape, "5")
	list.Errorf(a.Span(2, 3), diag.Shape, "3")
	list.Warningf(a.Span(2, 4), diag.Shape, "4")
	list.Errorf(a.Span(1, 2), diag.Shape, "2")
	list.Errorf(source.Span{}, diag.Shape, "1")
	list.Sort()
	got := ""
	for _, d := range list {
		got += d.Message
	}
	if want := "12345"; got != want {
		t.Errorf("got order %s, want %s", got, want)
	}
}

func TestCount(t *testing.T) {
	t.Parallel()
	var list diag.List
	if list.HasErrors() || list.Summary() != "" {
		t.Errorf("the empty list has errors or the summary %q", list.Summary())
	}
	list.Warningf(source.Span{}, diag.Shape, "w")
	if list.HasErrors() {
		t.Error("a warning counts as an error")
	}
	list.Errorf(source.Span{}, diag.Shape, "e")
	if got, want := list.Summary(), "1 error, 1 warning"; got != want || !list.HasErrors() {
		t.Errorf("got %q, want %q", got, want)
	}
	list.Add(list...)
	if got, want := list.Summary(), "2 errors, 2 warnings"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestAddProblems(t *testing.T) {
	t.Parallel()
	_, problems := source.Parse(source.NewFile("a.json", []byte(`{"a": 1, "a": 2`)))
	var list diag.List
	list.AddProblems(problems)
	var got []diag.Rule
	for _, d := range list {
		got = append(got, d.Rule)
	}
	if diff := cmp.Diff([]diag.Rule{diag.DuplicateKey, diag.JSONSyntax}, got); diff != "" {
		t.Errorf("rules (-want +got):\n%s", diff)
	}
	if want := "it is given first in line 1, column 2"; list[0].Help != want {
		t.Errorf("got help %q, want %q", list[0].Help, want)
	}
}

// at builds a list with one error at the marked part of a text: «here».
func at(t *testing.T, text, message, help string) diag.List {
	t.Helper()
	before, rest, ok := strings.Cut(text, "«")
	marked, after, closed := strings.Cut(rest, "»")
	if !ok || !closed {
		t.Fatalf("no mark in %q", text)
	}
	f := source.NewFile("com/example/getThing.json", []byte(before+marked+after))
	var list diag.List
	list.Errorf(f.Span(len(before), len(before)+len(marked)), diag.UnresolvedRef, "%s", message).Help = help
	return list
}

func TestWriteText(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name       string
		text, help string
		want       string
	}{
		{
			"promised form", strings.Repeat("\n", 11) + `         "ref": «"com.example.defs#vew"»` + "\n", "com.example.defs has view, viewBasic",
			`com/example/getThing.json:12:17: error: message [unresolved-ref]
   12 |          "ref": "com.example.defs#vew"
      |                 ^^^^^^^^^^^^^^^^^^^^^^
   help: com.example.defs has view, viewBasic
`,
		},
		{
			"no help", "«x»", "",
			`com/example/getThing.json:1:1: error: message [unresolved-ref]
    1 | x
      | ^
`,
		},
		{
			"tabs", "\t\t\"a\":\t«\"b\tc\"»\r\n", "",
			`com/example/getThing.json:1:8: error: message [unresolved-ref]
    1 |         "a":    "b    c"
      |                 ^^^^^^^^
`,
		},
		{
			"wide characters", `"日本語😀e` + "\u0301\": «\"名\"», 1", "",
			`com/example/getThing.json:1:11: error: message [unresolved-ref]
    1 | "日本語😀e` + "\u0301" + `": "名", 1
      |              ^^^^
`,
		},
		{
			"joiners and direction marks", "\"👩\u200d👦\u202e❤\ufe0f\": «1»", "",
			`com/example/getThing.json:1:11: error: message [unresolved-ref]
    1 | "👩👦<U+202E>❤": 1
      |                  ^
`,
		},
		{
			"characters that cannot be seen", "{«\"\u200b\"»: 1}", "",
			`com/example/getThing.json:1:2: error: message [unresolved-ref]
    1 | {"<U+200B>": 1}
      |  ^^^^^^^^^^
`,
		},
		{
			"lone joiner", "{«\"\u200d\"»: 1}", "",
			`com/example/getThing.json:1:2: error: message [unresolved-ref]
    1 | {"<U+200D>": 1}
      |  ^^^^^^^^^^
`,
		},
		{
			"control characters", "\x1b[31m\x00: «1»", "",
			"com/example/getThing.json:1:9: error: message [unresolved-ref]\n" +
				"    1 | \ufffd[31m\ufffd: 1\n" +
				"      |         ^\n",
		},
		{
			"empty span at the end of a line", "{ «»\n}", "",
			`com/example/getThing.json:1:3: error: message [unresolved-ref]
    1 | { 
      |   ^
`,
		},
		{
			"span of several lines", "\n  «{\n  \"a\": 1\n}»", "",
			`com/example/getThing.json:2:3: error: message [unresolved-ref]
    2 |   {
      |   ^
`,
		},
		{
			"long line", strings.Repeat("a", 200) + "«bbb»" + strings.Repeat("c", 200), "",
			`com/example/getThing.json:1:201: error: message [unresolved-ref]
    1 | …` + strings.Repeat("a", 39) + "bbb" + strings.Repeat("c", 76) + `…
      |                                         ^^^
`,
		},
		{
			"long span", "x«" + strings.Repeat("日", 100) + "»y", "",
			`com/example/getThing.json:1:2: error: message [unresolved-ref]
    1 | x` + strings.Repeat("日", 59) + `…
      |  ` + strings.Repeat("^", 119) + "\n",
		},
		{
			"high line number", strings.Repeat("\n", 123455) + "«x»", "",
			`com/example/getThing.json:123456:1: error: message [unresolved-ref]
123456 | x
       | ^
`,
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var b strings.Builder
			if err := diag.WriteText(&b, at(t, test.text, "message", test.help)); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, b.String()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestWriteTextWithoutPlace(t *testing.T) {
	t.Parallel()
	var list diag.List
	list.Errorf(source.Span{}, diag.Shape, "no place")
	list.Warningf(source.NewFile("lexicons", nil).Span(0, 0), diag.Shape, "a folder\nand a line\x1b").Hint("%d", 1)
	var b strings.Builder
	if err := diag.WriteText(&b, list); err != nil {
		t.Fatal(err)
	}
	want := "error: no place [lexicon-schema]\n" +
		"lexicons: warning: a folder\ufffdand a line\ufffd [lexicon-schema]\n   help: 1\n"
	if got := b.String(); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestWriteJSON(t *testing.T) {
	t.Parallel()
	list := at(t, "{\n «<é>\n»}", `say "<a>"`, "help")
	list.Warningf(source.Span{}, diag.Shape, "no place")
	var b strings.Builder
	if err := diag.WriteJSON(&b, list); err != nil {
		t.Fatal(err)
	}
	want := `{
  "diagnostics": [
    {
      "file": "com/example/getThing.json",
      "line": 2,
      "column": 2,
      "endLine": 3,
      "endColumn": 1,
      "severity": "error",
      "rule": "unresolved-ref",
      "message": "say \"<a>\"",
      "help": "help"
    },
    {
      "file": "",
      "line": 0,
      "column": 0,
      "endLine": 0,
      "endColumn": 0,
      "severity": "warning",
      "rule": "lexicon-schema",
      "message": "no place",
      "help": ""
    }
  ]
}
`
	if diff := cmp.Diff(want, b.String()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	b.Reset()
	if err := diag.WriteJSON(&b, nil); err != nil || b.String() != "{\n  \"diagnostics\": []\n}\n" {
		t.Errorf("empty list: got %q, %v", b.String(), err)
	}
}

func TestSuggest(t *testing.T) {
	t.Parallel()
	types := []string{"string", "integer", "boolean", "bytes", "ref"}
	tests := []struct{ word, want string }{
		{"strnig", "string"},
		{"String", "string"},
		{"int", ""},
		{"integr", "integer"},
		{"bool", ""},
		{"rfe", "ref"},
		{"xyz", ""},
		{"", ""},
	}
	for _, test := range tests {
		if got := diag.Suggest(test.word, types); got != test.want {
			t.Errorf("Suggest(%q): got %q, want %q", test.word, got, test.want)
		}
	}
}
