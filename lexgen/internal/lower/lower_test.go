package lower_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lexgen-go/lexgen/lexgen/internal/catalog"
	"github.com/lexgen-go/lexgen/lexgen/internal/diag"
	"github.com/lexgen-go/lexgen/lexgen/internal/ir"
	"github.com/lexgen-go/lexgen/lexgen/internal/lexicon"
	"github.com/lexgen-go/lexgen/lexgen/internal/lower"
	"github.com/lexgen-go/lexgen/lexgen/internal/source"
)

// compile lowers documents, given as NSID and defs, and returns the packages and the mistakes.
func compile(t *testing.T, options lower.Options, documents ...[2]string) ([]*ir.Package, diag.List) {
	t.Helper()
	var list []*lexicon.Document
	for _, d := range documents {
		path := strings.ReplaceAll(d[0], ".", "/") + ".json"
		file := source.NewFile(path, fmt.Appendf(nil, `{"lexicon": 1, "id": %q, "defs": {%s}}`, d[0], d[1]))
		root, problems := source.Parse(file)
		if len(problems) > 0 {
			t.Fatalf("%s: %v", path, problems)
		}
		document, _ := lexicon.Decode(file, root)
		list = append(list, document)
	}
	linked, _ := catalog.Link(list)
	if options.Default == nil {
		options.Default = func(prefix string) lower.Target {
			name := strings.ReplaceAll(prefix, ".", "")
			return lower.Target{Prefix: prefix, Name: name, ImportPath: "example.test/" + name, Dir: name}
		}
	}
	return lower.Lower(linked, options)
}

// declsOf lowers a document and returns its declarations and the mistakes.
func declsOf(t *testing.T, id, defs string) ([]ir.Decl, diag.List) {
	t.Helper()
	packages, diags := compile(t, lower.Options{}, [2]string{id, defs})
	for _, file := range packages[0].Files {
		if file.Source == id {
			return file.Decls, diags
		}
	}
	return nil, diags
}

// fieldOf lowers a property of an object and returns its field and the mistakes.
func fieldOf(t *testing.T, property, required string) (*ir.Field, diag.List) {
	t.Helper()
	packages, diags := compile(t, lower.Options{}, [2]string{"com.example.app.defs", fmt.Sprintf(
		`"view": {"type": "object", "required": [%s], "properties": {"p": %s}}, "other": {"type": "object", "properties": {}},
		"list": {"type": "array", "items": {"type": "string"}},
		"name": {"type": "string", "maxLength": 9, "enum": ["x"]},
		"did": {"type": "string", "format": "did"},
		"count": {"type": "integer", "minimum": 0, "maximum": 9},
		"picture": {"type": "blob", "maxSize": 9}`,
		required, property,
	)})
	for _, file := range packages[0].Files {
		for _, decl := range file.Decls {
			if s, ok := decl.(*ir.Struct); ok && s.Name == "AppView" && len(s.Fields) == 1 {
				return s.Fields[0], diags
			}
		}
	}
	return nil, diags
}

// TestSilent demands that nothing is said about what another stage has reported.
func TestSilent(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, defs string }{
		{"broken property", `"view": {"type": "object", "properties": {"p": {"type": "strnig"}}}`},
		{"broken item", `"view": {"type": "object", "properties": {"p": {"type": "array", "items": {}}}}`},
		{"broken def", `"view": {"type": "objekt"}`},
		{"unknown target", `"view": {"type": "object", "properties": {"p": {"type": "ref", "ref": "#gone"}}}`},
		{"reserved property", `"view": {"type": "object", "properties": {"$type": {"type": "string"}, "type": {"type": "string"}}}`},
		{"nameless property", `"view": {"type": "object", "properties": {"": {"type": "string"}, "x": {"type": "string"}}}`},
		{"misplaced endpoint", `"get": {"type": "query"}, "put": {"type": "procedure"}`},
		{"misplaced record", `"rec": {"type": "record", "key": "tid", "record": {"type": "object", "properties": {}}}`},
		{"broken body", `"main": {"type": "query", "output": {"encoding": "application/json", "schema": {"type": "string"}}}`},
		{"bad encoding", `"main": {"type": "query", "output": {"encoding": "json"}}`},
		{"unknown body", `"main": {"type": "query", "output": {"encoding": "application/json", "schema": {"type": "ref", "ref": "#x"}}}`},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if _, diags := compile(t, lower.Options{}, [2]string{"com.example.app.thing", test.defs}); len(diags) > 0 {
				t.Errorf("got %v", diags)
			}
		})
	}
}

func TestPackages(t *testing.T) {
	t.Parallel()
	const view = `"view": {"type": "object", "properties": {}}`
	options := lower.Options{Targets: []lower.Target{
		{Prefix: "com.example", Name: "short", ImportPath: "example.test/short", Dir: "short"},
		{Prefix: "com.example.app", Name: "long", ImportPath: "example.test/long", Dir: "long"},
		{Prefix: "net.example", Name: "short", ImportPath: "example.test/short", Dir: "short"},
	}}
	packages, diags := compile(
		t, options,
		[2]string{"com.example.app.a.defs", view},
		[2]string{"com.example.apple.defs", `"ref": {"type": "object", "properties": {"x": {"type": "ref", "ref": "com.example.app.a.defs#view"}}}`},
		[2]string{"net.example.b.defs", view},
		[2]string{"org.example.c.defs", view},
	)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	var got []string
	for _, p := range packages {
		for _, file := range p.Files {
			got = append(got, p.Name+"/"+file.Name+" from "+file.Source)
		}
		for _, imported := range p.Imports {
			got = append(got, p.Name+" imports "+imported.Path)
		}
	}
	want := []string{
		"long/app_a_defs_gen.go from com.example.app.a.defs",
		"long/lexgen_gen.go from com.example.app.*",
		"orgexample/c_defs_gen.go from org.example.c.defs",
		"orgexample/lexgen_gen.go from org.example.*",
		"short/apple_defs_gen.go from com.example.apple.defs",
		"short/b_defs_gen.go from net.example.b.defs",
		"short/lexgen_gen.go from com.example.*, net.example.*",
		"short imports example.test/long",
	}
	if diff := cmp.Diff(got, want); diff != "" {
		t.Errorf("-got +want:\n%s", diff)
	}
}

// TestDescriptions demands that no description of a lexicon is lost.
func TestDescriptions(t *testing.T) {
	t.Parallel()
	packages, diags := compile(t, lower.Options{}, [2]string{"com.example.app.get", `"main": {
		"type": "query", "description": "Of the query.",
		"output": {
			"encoding": "application/json", "description": "Of the body.",
			"schema": {"type": "ref", "ref": "#view", "description": "Of the ref."}
		}
	}, "view": {"type": "object", "properties": {
		"both": {"type": "array", "description": "Of the list.", "items": {"type": "string", "description": "Of the item."}},
		"item": {"type": "array", "items": {"type": "string", "description": "Of the item."}}
	}}}, "description": "Of the document.", "x": {`})
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	file := packages[0].Files[0]
	got := []string{file.Doc}
	for _, decl := range file.Decls {
		switch decl := decl.(type) {
		case *ir.Alias:
			got = append(got, decl.Doc)
		case *ir.Struct:
			for _, field := range decl.Fields {
				got = append(got, field.Doc)
			}
		}
	}
	want := []string{"Of the document.", "Of the body.\n\nOf the ref.", "Of the list.\n\nOf the item.", "Of the item."}
	if diff := cmp.Diff(got, want); diff != "" {
		t.Errorf("-got +want:\n%s", diff)
	}
}

// TestDocumentDescription demands that a main def without a description has that of its document.
func TestDocumentDescription(t *testing.T) {
	t.Parallel()
	packages, diags := compile(t, lower.Options{}, [2]string{
		"com.example.app.thing",
		`"main": {"type": "object", "properties": {}}}, "description": "Of the document.", "x": {`,
	})
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	file := packages[0].Files[0]
	if got := file.Decls[0].(*ir.Struct).Doc; got != "Of the document." || file.Doc != "" {
		t.Errorf("got %q on the type and %q on the file", got, file.Doc)
	}
}
