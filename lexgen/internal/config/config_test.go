package config_test

import (
	"encoding/json"
	"fmt"
	"go/token"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/santhosh-tekuri/jsonschema/v5"

	"github.com/lexgen-go/lexgen/lexgen/internal/config"
	"github.com/lexgen-go/lexgen/lexgen/internal/diag"
	"github.com/lexgen-go/lexgen/lexgen/internal/source"
)

func load(text string) (*config.Config, diag.List) {
	return config.Load(source.NewFile("lexgen.json", []byte(text)))
}

func TestLoad(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, text string
		want       config.Config
	}{
		{
			"defaults", `{"version": 1}`,
			config.Config{
				Lexicons: []config.Path{{Path: "lexicons"}},
				Out:      config.Path{Path: "."},
				Emit:     config.Emit{Server: true, Client: true},
			},
		},
		{
			"everything", `{
				"$schema": "https://example.com/schema.json",
				"version": 1, // the only one
				"lexicons": ["../lexicons/", "./other//x.json"],
				"out": "./gen/",
				/* packages */
				"packages": [
					{"nsid": "com.example", "dir": "internal/lex/example", "name": "example"},
					{"nsid": "net.Example", "dir": "internal/lex/../lex/example", "prefix": "Net"},
					{"nsid": "com.atproto", "import": "example.com/lex/comatproto"},
					{"import": "example.com/lex/orgexample"},
				],
				"include": ["com.example.getThing", "Com.Example.*", "net.", "*"],
				"exclude": ["com.Example.getThing"],
				"names": {
					"com.Example.getThing#main": "Got",
					"com.example.defs#view/properties/fooBar": "FooBar",
					"com.example.feed.*": "Feed",
				},
				"docs": {"com.Example": "./docs/example.md"},
				"emit": ["types", "client"],
			}`,
			config.Config{
				Lexicons: []config.Path{{Path: "../lexicons"}, {Path: "other/x.json"}},
				Out:      config.Path{Path: "gen"},
				OutIsSet: true,
				Packages: []config.Package{
					{NSID: "com.example", Dir: config.Path{Path: "internal/lex/example"}, Name: "example"},
					{NSID: "net.Example", Dir: config.Path{Path: "internal/lex/example"}, NamePrefix: "Net"},
					{NSID: "com.atproto", Import: "example.com/lex/comatproto"},
					{Import: "example.com/lex/orgexample"},
				},
				Include: []config.Pattern{{Text: "com.example.getThing"}, {Text: "com.example.*"}, {Text: "net.*"}, {Text: "*"}},
				Exclude: []config.Pattern{{Text: "com.example.getThing"}},
				Emit:    config.Emit{Client: true},
				Names: []config.Name{
					{Path: "com.example.getThing", Ident: "Got"},
					{Path: "com.example.defs#view/properties/fooBar", Ident: "FooBar"},
					{Path: "com.example.feed.*", Ident: "Feed"},
				},
				Docs: []config.Page{{Group: "com.example", Path: config.Path{Path: "docs/example.md"}}},
			},
		},
		{
			"types alone", `{"version": 1.0, "emit": ["types"], "include": [], "exclude": [], "names": {}, "docs": {}}`,
			config.Config{Lexicons: []config.Path{{Path: "lexicons"}}, Out: config.Path{Path: "."}},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got, list := load(test.text)
			if len(list) > 0 {
				t.Fatalf("got findings %v", list)
			}
			if diff := cmp.Diff(test.want, *got, cmpopts.IgnoreTypes(source.Span{}), cmpopts.IgnoreFields(config.Config{}, "File")); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// example is a configuration that Load refuses.
type example struct {
	name, text string
	want       []string
	// semantic says that the mistake is beyond a JSON Schema.
	semantic bool
}

func v1(rest string) string { return `{"version": 1, ` + rest + `}` }

func pkg(rest string) string { return v1(`"packages": [{` + rest + `}]`) }

func examples() []example {
	return []example{
		{name: "no object", text: `[]`, want: []string{`[] [config-value] lexgen.json must be an object, not an array (write it in braces)`}},
		{name: "no version", text: `{}`, want: []string{`{ [config-version] lexgen.json needs "version" (add "version": 1)`}},
		{name: "other version", text: `{"version": 2}`, want: []string{`2 [config-version] version 2 is not known (this command knows version 1; a newer lexgen may know more)`}},
		{name: "version in quotes", text: `{"version": "1"}`, want: []string{`"1" [config-value] version must be a number, not a string (write it without quotes)`}},
		{name: "unknown key", text: v1(`"lexicon": []`), want: []string{`"lexicon" [unknown-key] unknown key "lexicon" (did you mean "lexicons"?)`}},
		{
			name: "very unknown key", text: v1(`"verbose": true`),
			want: []string{`"verbose" [unknown-key] unknown key "verbose" (the keys are $schema, version, lexicons, out, packages, emit, include, exclude, names, docs)`},
		},
		{name: "schema of another type", text: v1(`"$schema": 1`), want: []string{`1 [config-value] $schema must be a string, not a number (write it in double quotes)`}},
		{name: "lexicons of another type", text: v1(`"lexicons": "x"`), want: []string{`"x" [config-value] lexicons must be an array, not a string (write it in square brackets)`}},
		{name: "no lexicons", text: v1(`"lexicons": []`), want: []string{`[] [config-value] lexicons is empty (list folders or files)`}},
		{name: "lexicons of numbers", text: v1(`"lexicons": [1, "a"]`), want: []string{`1 [config-value] lexicons[0] must be a string, not a number (write it in double quotes)`}},
		{name: "empty path", text: v1(`"out": ""`), want: []string{`"" [config-value] out is empty (paths are relative to the folder of lexgen.json)`}},
		{name: "absolute path", text: v1(`"lexicons": ["/lexicons"]`), want: []string{`"/lexicons" [config-value] lexicons[0] is an absolute path (paths are relative to the folder of lexgen.json)`}},
		{name: "backslash", text: v1(`"out": "a\\b"`), want: []string{`"a\\b" [config-value] out contains a backslash (separate folders with /)`}},
		{name: "NUL", text: v1(`"out": "a\u0000"`), want: []string{`"a\u0000" [config-value] out contains a NUL character (remove it)`}},
		{
			name: "same lexicons", text: v1(`"lexicons": ["a", "./a"]`), semantic: true,
			want: []string{`"./a" [overlapping-config] lexicons: "a" overlaps with "a" (folders are read with the folders in them; remove one of the two)`},
		},
		{
			name: "overlapping lexicons", text: v1(`"lexicons": ["../x/y/z.json", "../x/yy", "../x/y"]`), semantic: true,
			want: []string{`"../x/y" [overlapping-config] lexicons: "../x/y" overlaps with "../x/y/z.json" (folders are read with the folders in them; remove one of the two)`},
		},
		{
			name: "parent folders", text: v1(`"lexicons": ["a", "..", "../../b"]`), semantic: true,
			want: []string{`".." [overlapping-config] lexicons: ".." overlaps with "a" (folders are read with the folders in them; remove one of the two)`},
		},
		{
			name: "own folder", text: v1(`"lexicons": [".", "a", "../b"]`), semantic: true,
			want: []string{`"a" [overlapping-config] lexicons: "a" overlaps with "." (folders are read with the folders in them; remove one of the two)`},
		},
		{name: "empty emit", text: v1(`"emit": []`), want: []string{`[] [config-value] emit is empty (list types, server or client)`}},
		{name: "unknown part", text: v1(`"emit": ["sever"]`), want: []string{`"sever" [config-value] emit does not know "sever" (did you mean "server"?)`}},
		{name: "very unknown part", text: v1(`"emit": ["docs"]`), want: []string{`"docs" [config-value] emit does not know "docs" (use types, server, client)`}},
		{name: "part twice", text: v1(`"emit": ["types", "types"]`), want: []string{`"types" [overlapping-config] emit lists "types" twice (remove one of them)`}},
		{name: "part of another type", text: v1(`"emit": [true]`), want: []string{`true [config-value] emit[0] must be a string, not a boolean (write it in double quotes)`}},
		{name: "package of another type", text: v1(`"packages": ["x"]`), want: []string{`"x" [config-value] packages[0] must be an object, not a string (write it in braces)`}},
		{
			name: "empty package", text: pkg(``),
			want: []string{
				`{ [config-value] a package needs "nsid" (add an NSID prefix such as "com.example")`,
				`{ [config-value] a package needs "dir" (name the folder of the package, or with "import" a package that is generated elsewhere)`,
			},
		},
		{name: "short prefix", text: pkg(`"nsid": "com", "dir": "d"`), want: []string{`"com" [config-value] nsid "com" is not an NSID prefix (a prefix has two or more segments, such as com.example)`}},
		{name: "glob", text: pkg(`"nsid": "com.example.*", "dir": "d"`), want: []string{`"com.example.*" [config-value] nsid "com.example.*" is not an NSID prefix (did you mean "com.example"?)`}},
		{name: "package name", text: pkg(`"nsid": "com.example", "dir": "d", "name": "my-pkg"`), want: []string{`"my-pkg" [config-value] name "my-pkg" is not possible for a Go package (use lower-case letters and digits; keywords and main are not possible)`}},
		{name: "keyword", text: pkg(`"nsid": "com.example", "dir": "d", "name": "type"`), want: []string{`"type" [config-value] name "type" is not possible for a Go package (use lower-case letters and digits; keywords and main are not possible)`}},
		{name: "misspelled package key", text: pkg(`"nsid": "com.example", "dir": "d", "nmae": "x"`), want: []string{`"nmae" [unknown-key] unknown key "nmae" (did you mean "name"?)`}},
		{
			name: "prefix twice", semantic: true, text: v1(`"packages": [{"nsid": "com.example", "dir": "a"}, {"nsid": "com.EXAMPLE", "dir": "b"}]`),
			want: []string{`"com.EXAMPLE" [overlapping-config] packages lists com.EXAMPLE twice (the first entry is in line 1)`},
		},
		{
			name: "folder with two names", semantic: true, text: v1(`"packages": [{"nsid": "com.example", "dir": "a", "name": "x"}, {"nsid": "net.example", "dir": "./a", "name": "y"}]`),
			want: []string{`"y" [overlapping-config] the package in a is called x and y (entries that share a folder have the same name)`},
		},
		{
			name: "import twice", semantic: true, text: v1(`"packages": [{"import": "example.com/lex"}, {"import": "example.com/lex"}]`),
			want: []string{`"example.com/lex" [overlapping-config] packages lists example.com/lex twice (the first entry is in line 1)`},
		},
		{name: "folder without prefix", text: pkg(`"dir": "a"`), want: []string{`{ [config-value] a package needs "nsid" (add an NSID prefix such as "com.example")`}},
		{name: "folder as import", text: pkg(`"nsid": "com.example", "import": "./x"`), want: []string{`"./x" [config-value] import "./x" is not an import path (write what Go code imports, such as example.com/project/lex; a folder is named by dir)`}},
		{
			name: "import and all else", text: pkg(`"nsid": "com.example", "dir": "a", "import": "x", "name": "x", "prefix": "X"`),
			want: []string{
				`"dir" [overlapping-config] import and dir exclude each other (the import path of a folder comes from its go.mod; remove import)`,
				`"name" [overlapping-config] import and name exclude each other (the package has a name where it is generated; remove name)`,
				`"prefix" [overlapping-config] import and prefix exclude each other (the names are those of the package as it is; remove prefix)`,
			},
		},
		{name: "small prefix", text: pkg(`"nsid": "com.example", "dir": "a", "prefix": "net"`), want: []string{`"net" [config-value] prefix "net" is not possible for exported Go code (did you mean "Net"?)`}},
		{name: "name prefix", text: pkg(`"nsid": "com.example", "dir": "a", "prefix": "Net-"`), want: []string{`"Net-" [config-value] prefix "Net-" is not possible for exported Go code (write a capital, then letters, digits and underscores)`}},
		{name: "include", text: v1(`"include": ["com.example.**"]`), want: []string{`"com.example.**" [config-value] include: "com.example.**" is not a pattern of NSIDs (did you mean "com.example.*"?)`}},
		{name: "include of two segments", text: v1(`"include": ["com.example"]`), want: []string{`"com.example" [config-value] include: "com.example" is not a pattern of NSIDs (did you mean "com.example.*"?)`}},
		{name: "exclude of a def", text: v1(`"exclude": ["com.example.defs#view"]`), want: []string{`"com.example.defs#view" [config-value] exclude: "com.example.defs#view" is not a pattern of NSIDs (patterns select whole documents; did you mean "com.example.defs"?)`}},
		{name: "star in the middle", text: v1(`"exclude": ["*.internal.*"]`), want: []string{`"*.internal.*" [config-value] exclude: "*.internal.*" is not a pattern of NSIDs (a pattern is an NSID, or the first segments of NSIDs such as com.example.*, or * for all)`}},
		{name: "empty pattern", text: v1(`"exclude": [""]`), want: []string{`"" [config-value] exclude: "" is not a pattern of NSIDs (a pattern is an NSID, or the first segments of NSIDs such as com.example.*, or * for all)`}},
		{name: "pattern of another type", text: v1(`"include": [1]`), want: []string{`1 [config-value] include[0] must be a string, not a number (write it in double quotes)`}},
		{name: "pattern twice", semantic: true, text: v1(`"include": ["com.Example.*", "com.example."]`), want: []string{`"com.example." [overlapping-config] include lists "com.example.*" twice (remove one of them)`}},
		{name: "names of nothing", text: v1(`"names": {"a": "B"}`), want: []string{`"a" [config-value] names: "a" names nothing that has a Go name (a path is an NSID, an NSID#def, what follows in the JSON of the def such as com.example.thing#main/properties/fooBar, or a group such as com.example.feed.*)`}},
		{name: "path without def", text: v1(`"names": {"com.example.thing/properties/a": "B"}`), want: []string{`"com.example.thing/properties/a" [config-value] names: "com.example.thing/properties/a" names nothing that has a Go name (did you mean "com.example.thing#main/properties/a"?)`}},
		{name: "empty def", text: v1(`"names": {"com.example.thing#": "B"}`), want: []string{`"com.example.thing#" [config-value] names: "com.example.thing#" names nothing that has a Go name (a def is named after #, as in com.example.defs#view)`}},
		{name: "small name", text: v1(`"names": {"com.example.thing": "thing"}`), want: []string{`"thing" [config-value] names: the name "thing" is not possible for exported Go code (did you mean "Thing"?)`}},
		{name: "small name in other letters", text: v1(`"names": {"com.example.thing": "éString"}`), want: []string{`"éString" [config-value] names: the name "éString" is not possible for exported Go code (did you mean "ÉString"?)`}},
		{name: "name without capitals", text: v1(`"names": {"com.example.thing": "日本"}`), want: []string{`"日本" [config-value] names: the name "日本" is not possible for exported Go code (write a capital, then letters, digits and underscores)`}},
		{name: "name with other characters", text: v1(`"names": {"com.example.thing": "Größe½"}`), want: []string{`"Größe½" [config-value] names: the name "Größe½" is not possible for exported Go code (write a capital, then letters, digits and underscores)`}},
		{name: "name of another type", text: v1(`"names": {"com.example.thing": 1}`), want: []string{`1 [config-value] com.example.thing must be a string, not a number (write it in double quotes)`}},
		{name: "named twice", semantic: true, text: v1(`"names": {"com.example.thing": "A", "com.example.thing#main": "B"}`), want: []string{`"com.example.thing#main" [overlapping-config] names lists com.example.thing twice (the first entry is in line 1)`}},
		{name: "key of other generators", text: v1(`"external": {"com.example": "example.com/lex"}`), want: []string{`"external" [unknown-key] unknown key "external" (a package that is generated elsewhere is an entry of packages: {"import": "example.com/lex"})`}},
		{name: "docs of no group", text: v1(`"docs": {"a": "b"}`), want: []string{`"a" [config-value] docs: "a" is not a group of NSIDs (a group is all but the last segment of an NSID, such as com.example.feed)`}},
		{name: "docs of a pattern", text: v1(`"docs": {"com.example.*": "b"}`), want: []string{`"com.example.*" [config-value] docs: "com.example.*" is not a group of NSIDs (did you mean "com.example"?)`}},
		{name: "docs in no file", text: v1(`"docs": {"com.example": "/b"}`), want: []string{`"/b" [config-value] docs: com.example is an absolute path (paths are relative to the folder of lexgen.json)`}},
		{name: "docs in one file", semantic: true, text: v1(`"docs": {"com.example.a": "x.md", "com.example.b": "./x.md"}`), want: []string{`"./x.md" [overlapping-config] x.md is the page of com.example.a and com.example.b (give each group a file of its own)`}},
		{name: "duplicate key", semantic: true, text: v1(`"version": 1`), want: []string{`"version" [duplicate-key] duplicate key "version" (it is given first in line 1, column 2)`}},
	}
}

func TestFindings(t *testing.T) {
	t.Parallel()
	for _, example := range examples() {
		t.Run(example.name, func(t *testing.T) {
			t.Parallel()
			_, list := load(example.text)
			var got []string
			for _, d := range list {
				got = append(got, fmt.Sprintf("%s [%s] %s (%s)", d.Span.Text(), d.Rule, d.Message, d.Help))
			}
			if diff := cmp.Diff(example.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if !list.HasErrors() {
				t.Error("the findings hold no error")
			}
		})
	}
	t.Run("no JSON", func(t *testing.T) {
		t.Parallel()
		c, list := load(`{`)
		if len(list) != 1 || list[0].Rule != diag.JSONSyntax || c.Lexicons[0].Path != "lexicons" {
			t.Errorf("got %v, %v, want one finding and the defaults", c, list)
		}
	})
}

// TestSchemaAgrees checks that the JSON Schema for editors refuses what Load
// refuses, and accepts what Load accepts.
func TestSchemaAgrees(t *testing.T) {
	t.Parallel()
	schema, err := jsonschema.CompileString("lexgen.schema.json", config.Schema())
	if err != nil {
		t.Fatal(err)
	}
	accepted := []string{
		`{"version": 1}`,
		v1(`"$schema": "s", "lexicons": ["a", "../b"], "out": "..", "emit": ["server", "client"]`),
		v1(`"include": ["com.example.getThing", "com.", "com.example.*", "*"], "exclude": []`),
		v1(`"names": {"com.example.a": "A", "com.example.a#b/properties/c/items": "ABC", "com.example.a-b.*": "AB_1"}`),
		v1(`"names": {"com.example.a": "Größe٣", "com.example.b": "ÉString", "com.example.c#main/properties/a\nb": "AB"}`),
		v1(`"docs": {"com.example": "docs/example.md", "com.example.feed": "../feed.md"}`),
		pkg(`"nsid": "com.example", "import": "example.com/x-y/v2/lex_z"`),
		pkg(`"import": "example.com/lex"`),
		v1(`"packages": [{"import": "example.com/a"}, {"import": "example.com/b"}, {"nsid": "com.example", "import": "example.com/a"}]`),
		pkg(`"nsid": "com.example", "dir": "x", "prefix": "Com"`),
		pkg(`"nsid": "com.example.feed", "dir": "a/b", "name": "feed_1"`),
		pkg(`"nsid": "cn.8.lex-x", "dir": "."`),
	}
	for _, text := range accepted {
		if _, list := load(text); len(list) > 0 {
			t.Errorf("Load refuses %s: %v", text, list)
		}
		if err := schema.Validate(value(t, text)); err != nil {
			t.Errorf("the schema refuses %s: %v", text, err)
		}
	}
	for _, example := range examples() {
		err := schema.Validate(value(t, example.text))
		if refused := err != nil; refused == example.semantic {
			t.Errorf("%s: the schema refuses %v, want %v", example.name, refused, !example.semantic)
		}
	}
}

func value(t *testing.T, text string) any {
	t.Helper()
	var v any
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Fatal(err)
	}
	return v
}

// FuzzLoad checks that a configuration without findings holds only clean,
// relative paths and names that Go accepts.
func FuzzLoad(f *testing.F) {
	for _, example := range examples() {
		f.Add([]byte(example.text))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		c, list := config.Load(source.NewFile("lexgen.json", data))
		for _, d := range list {
			if d.Message == "" || d.Help == "" && d.Rule != diag.JSONSyntax {
				t.Fatalf("incomplete finding %+v", d)
			}
		}
		if list.HasErrors() {
			return
		}
		paths := append([]config.Path{c.Out}, c.Lexicons...)
		for _, p := range c.Packages {
			if p.Import == "" {
				paths = append(paths, p.Dir)
			}
			if p.NSID == "" && p.Import == "" { // a package that is imported knows its own
				t.Fatalf("%s: package without prefix", data)
			}
		}
		for _, page := range c.Docs {
			paths = append(paths, page.Path)
		}
		for _, n := range c.Names {
			if !token.IsExported(n.Ident) || !token.IsIdentifier(n.Ident) || n.Path == "" {
				t.Fatalf("%s: got the name %+v", data, n)
			}
		}
		for _, p := range paths {
			if p.Path == "" || strings.HasPrefix(p.Path, "/") || strings.HasSuffix(p.Path, "/") || strings.Contains(p.Path, "//") {
				t.Fatalf("%s: got path %q", data, p.Path)
			}
		}
		if again, _ := config.Load(c.File); !reflect.DeepEqual(c, again) {
			t.Fatalf("%s: loaded differently", data)
		}
	})
}
