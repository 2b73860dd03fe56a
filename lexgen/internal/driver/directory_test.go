package driver

import (
	"errors"
	"go/token"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// described returns the file of a package that describes itself with two constants.
func described(symbols, documents string) string {
	return "package thing\n\nconst (\n\tlexgenSymbols = \"\" +\n\t\t" + symbols + "\n\tlexgenDocuments = \"\" +\n\t\t" + documents + "\n)\n"
}

func TestReadDirectory(t *testing.T) {
	t.Parallel()
	text := described(`"com.example.defs#view View\n" +
		"com.example.thing Thing\n"`, "`"+`{"lexicon":1,"id":"com.example.defs"}`+"` + \"\\n\" +\n\t\t"+`"{\"lexicon\":1,\"id\":\"com.example.thing\"}\n"`)
	got, err := readDirectory([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	want := &directory{
		symbols: map[string]string{"com.example.defs#view": "View", "com.example.thing": "Thing"},
		documents: []listedDocument{
			{"com.example.defs", `{"lexicon":1,"id":"com.example.defs"}`},
			{"com.example.thing", `{"lexicon":1,"id":"com.example.thing"}`},
		},
	}
	if diff := cmp.Diff(got, want, cmp.AllowUnexported(directory{}, listedDocument{})); diff != "" {
		t.Errorf("-got +want:\n%s", diff)
	}
}

func TestNoDirectory(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"nothing":           "package thing\n",
		"an older version":  "package thing\n\nimport \"github.com/lexgen-go/lexgen/runtime\"\n\nconst _ = runtime.SupportsGenerated1\n",
		"variables":         "package thing\n\nvar lexgenSymbols, lexgenDocuments = \"\", \"\"\n",
		"one of the two":    "package thing\n\nconst lexgenSymbols = \"\"\n",
		"local constants":   "package thing\n\nfunc f() {\n\tconst lexgenSymbols = \"\"\n\tconst lexgenDocuments = \"\"\n}\n",
		"constants in iota": "package thing\n\nconst (\n\ta = \"\"\n\tlexgenSymbols\n\tlexgenDocuments\n)\n",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got, err := readDirectory([]byte(text)); !errors.Is(err, errNoDirectory) {
				t.Errorf("got %v, %v", got, err)
			}
		})
	}
}

func TestMalformedDirectory(t *testing.T) {
	t.Parallel()
	const document = "`{\"id\":\"com.example.thing\"}`"
	tests := []struct{ name, text, want string }{
		{"no Go", "package thing\n\nconst lexgenSymbols = \n", "parse lexgen_gen.go:3:24: "},
		{"function call", described(`f()`, `""`), "lexgenSymbols: not made of string literals alone"},
		{"number", described(`1`, `""`), "lexgenSymbols: not made of string literals alone"},
		{"subtraction", described(`"a" - "b"`, `""`), "lexgenSymbols: not made of string literals alone"},
		{"another constant", described(`""`, `lexgenSymbols`), "lexgenDocuments: not made of string literals alone"},
		{"no NSID", described(`"thing Thing"`, `""`), `lexgenSymbols: line 1: "thing" is no NSID`},
		{"empty line", described(`"com.example.thing Thing\n\n"`, `""`), `lexgenSymbols: line 2: "" is no NSID`},
		{"no name", described(`"com.example.thing"`, `""`), `lexgenSymbols: line 1: "" is no Go name that can be imported`},
		{"unexported name", described(`"com.example.thing thing"`, `""`), `lexgenSymbols: line 1: "thing" is no Go name that can be imported`},
		{
			"name that is code", described(`"com.example.thing Thing{}; func init() { panic(1) }"`, `""`),
			`lexgenSymbols: line 1: "Thing{}; func init() { panic(1) }" is no Go name that can be imported`,
		},
		{
			"symbol twice", described(`"com.example.thing Thing\ncom.example.thing Other"`, `""`),
			"lexgenSymbols: line 2: com.example.thing is listed twice",
		},
		{"no JSON", described(`""`, `"{"`), "lexgenDocuments: line 1 is no document: "},
		{"no object", described(`""`, `"[]"`), "lexgenDocuments: line 1 is no document: "},
		{"no id", described(`""`, `"{}"`), "lexgenDocuments: line 1: "},
		{"id with a path", described(`""`, "`{\"id\":\"com.example.../../etc\"}`"), "lexgenDocuments: line 1: "},
		{"document twice", described(`""`, document+` + "\n" + `+document), "lexgenDocuments: line 2: com.example.thing is listed twice"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got, err := readDirectory([]byte(test.text))
			if err == nil || !strings.HasPrefix(err.Error(), test.want) {
				t.Errorf("got %v, %v, want an error that begins with %s", got, err, test.want)
			}
		})
	}
}

// FuzzReadDirectory demands that nothing gets out of a file that Go code could not refer to.
func FuzzReadDirectory(f *testing.F) {
	f.Add("com.example.defs#view View\n", `{"id":"com.example.defs"}`)
	f.Add("com.example.thing Thing\ncom.example.thing Thing", "{}\n{}")
	f.Add("com.example.thing\u00a0Thing", `{"id": 1}`)
	f.Fuzz(func(t *testing.T, symbols, documents string) {
		got, err := readDirectory([]byte(described(strconv.Quote(symbols), strconv.Quote(documents))))
		if err != nil {
			return
		}
		for key, ident := range got.symbols {
			if !token.IsIdentifier(ident) || !strings.Contains(symbols, key+" "+ident) {
				t.Errorf("got %q for %q from %q", ident, key, symbols)
			}
		}
		for _, document := range got.documents {
			if !document.id.Valid() || strings.Contains(document.text, "\n") || !strings.Contains(documents, document.text) {
				t.Errorf("got %s, %q from %q", document.id, document.text, documents)
			}
		}
	})
}
