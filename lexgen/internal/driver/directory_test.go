package driver

import (
	"errors"
	"go/token"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lexgen-go/lexgen/runtime/syntax"
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

// prefixed returns the file of a package with the constant of the prefixes and an otherwise empty
// directory.
func prefixed(prefixes string) string {
	return described(`""`, `""`) + "\nconst lexgenPrefixes = " + prefixes + "\n"
}

func TestReadPrefixes(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]string{
		described(`""`, `""`):                     nil,
		prefixed(`"com.example"`):                 {"com.example"},
		prefixed(`"com.example" + " net.Ex-a.b"`): {"com.example", "net.Ex-a.b"},
	} {
		got, err := readDirectory([]byte(text))
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if diff := cmp.Diff(got.prefixes, want); diff != "" {
			t.Errorf("%s: -got +want:\n%s", text, diff)
		}
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
		{"prefixes that are no string", prefixed(`1`), "lexgenPrefixes: not made of string literals alone"},
		{"no prefix", prefixed(`""`), `lexgenPrefixes: "" is no NSID prefix`},
		{"prefix of one segment", prefixed(`"com"`), `lexgenPrefixes: "com" is no NSID prefix`},
		{"pattern as prefix", prefixed(`"com.example.*"`), `lexgenPrefixes: "com.example.*" is no NSID prefix`},
		{"dot at the end", prefixed(`"com.example."`), `lexgenPrefixes: "com.example." is no NSID prefix`},
		{"prefix with a path", prefixed(`"com.example/../.."`), `lexgenPrefixes: "com.example/../.." is no NSID prefix`},
		{"prefix with a fragment", prefixed(`"com.example#a"`), `lexgenPrefixes: "com.example#a" is no NSID prefix`},
		{"two spaces", prefixed(`"com.example  net.example"`), `lexgenPrefixes: "" is no NSID prefix`},
		{"prefixes in lines", prefixed(`"com.example\nnet.example"`), `lexgenPrefixes: "com.example\nnet.example" is no NSID prefix`},
		{"prefix twice", prefixed(`"com.example net.example COM.example"`), "lexgenPrefixes: COM.example is listed twice"},
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
	f.Add("com.example", "com.example.defs#view View\n", `{"id":"com.example.defs"}`)
	f.Add("com.example net.example", "com.example.thing Thing\ncom.example.thing Thing", "{}\n{}")
	f.Add("com.example com.example", "com.example.thing\u00a0Thing", `{"id": 1}`)
	f.Fuzz(func(t *testing.T, prefixes, symbols, documents string) {
		text := described(strconv.Quote(symbols), strconv.Quote(documents)) + "\nconst lexgenPrefixes = " + strconv.Quote(prefixes) + "\n"
		got, err := readDirectory([]byte(text))
		if err != nil {
			return
		}
		if len(got.prefixes) == 0 || strings.Join(got.prefixes, " ") != prefixes {
			t.Errorf("got %q from %q", got.prefixes, prefixes)
		}
		for _, prefix := range got.prefixes {
			if _, err := syntax.ParseNSID(prefix + ".name"); err != nil {
				t.Errorf("got %q: %v", prefix, err)
			}
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
