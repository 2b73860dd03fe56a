package emit_test

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/build/constraint"
	"go/format"
	"go/parser"
	"go/token"
	"math"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lexgen-go/lexgen/lexgen/internal/emit"
	"github.com/lexgen-go/lexgen/lexgen/internal/ir"
)

// model is a package in which every text that a lexicon chooses is the given one.
func model(text string) *ir.Package {
	view := ir.Named{Name: ir.Name{Ident: "View"}, Kind: ir.StructKind}
	fields := []*ir.Field{
		{Name: "A", JSON: text, Doc: text, Type: ir.Scalar{Kind: ir.String}, Presence: ir.Required, Default: text},
		{Name: "B", JSON: text, Doc: text, Type: ir.Scalar{Kind: ir.Int}, Presence: ir.Optional, Default: int64(-1)},
		{Name: "C", JSON: text, Doc: text, Type: view, Presence: ir.OptionalNil},
		{Name: "D", JSON: text, Doc: text, Type: ir.Slice{Elem: view}, Presence: ir.OptionalNil},
	}
	variants := []ir.Variant{{Type: view.Name, LexiconType: text + "!"}}
	params := []*ir.Field{
		{Name: "A", JSON: text, Doc: text, Type: ir.Scalar{Kind: ir.String}, Presence: ir.Optional, Default: text},
		{Name: "B", JSON: text, Doc: text, Type: ir.Slice{Elem: ir.Scalar{Kind: ir.Bool}}, Presence: ir.Required},
	}
	errors := []*ir.ErrorName{{Name: "GetErrBad", Value: text, Doc: text}}
	endpoint := &ir.Endpoint{
		NSID: "com.example.get", Const: "GetNSID", Kind: ir.Procedure, Doc: text, Method: "Get",
		Params: "GetParams", Input: "GetInput", Output: "GetOutput",
		InputEncoding: "application/json", OutputEncoding: "application/json", Errors: errors,
	}
	group := ir.Group{
		NSID: "com.example", Handler: "Handler", Unimplemented: "UnimplementedHandler",
		EndpointList: "Endpoints", Client: "Client", Endpoints: []*ir.Endpoint{endpoint},
	}
	client, server := group, group
	client.Part, server.Part = ir.Client, ir.Server
	return &ir.Package{Name: "comexample", ImportPath: "example.test/comexample", Files: []*ir.File{
		{Name: "get_gen.go", Source: "com.example.get", Doc: text, Decls: []ir.Decl{
			&ir.NSID{Name: "GetNSID", Value: "com.example.get", Kind: "query", Doc: text},
			&ir.Errors{Endpoint: "com.example.get", Names: errors},
			&ir.Struct{Name: "GetParams", About: "is it.", Doc: text, Role: ir.Params, Fields: params},
			&ir.Struct{Name: "GetInput", About: "is it.", Doc: text, Role: ir.Input, Fields: fields},
			&ir.Struct{Name: "View", About: "is it.", Doc: text, Role: ir.Object, LexiconType: text + "!", Fields: fields},
			&ir.Token{Name: "Spam", About: "is it.", Doc: text, Value: text},
			&ir.Union{Name: "Choice", About: "is one of", Doc: text, Constructor: "NewChoice", Variants: variants},
			&ir.List{Name: "Views", About: "is it.", Doc: text, Type: ir.Slice{Elem: view}},
			&ir.ScalarType{Name: "Sort", About: "is it.", Doc: text, Kind: ir.String, Values: []ir.Constant{{Name: "SortUp", Value: text}}},
			&ir.PermissionSet{
				Name: "Auth", About: "is it.", Doc: text, Const: "GetNSID", Title: text + "!",
				TitleLangs:  []ir.Translation{{Language: text, Text: text}},
				Permissions: []ir.Permission{{Resource: text, Fields: []ir.Member{{Key: text, Value: []any{text}}}}},
			},
			&ir.Directory{Prefixes: []string{text}, Symbols: []ir.Symbol{{Key: text, Ident: "View"}}, Documents: []string{text}},
			&ir.Alias{Name: "GetOutput", About: "is it.", Doc: text, Type: view},
		}},
		{Name: "handler_gen.go", Source: "com.example.*", Decls: []ir.Decl{&server}},
		{Name: "client_gen.go", Source: "com.example.*", Decls: []ir.Decl{&client}},
	}}
}

// foreign is a struct of another package.
func foreign(importPath, ident string) ir.Type {
	return ir.Named{Name: ir.Name{ImportPath: importPath, Ident: ident}, Kind: ir.StructKind}
}

// outline prints the declarations of a file without what a lexicon's text may change: comments,
// strings and tags.
func outline(t testing.TB, text []byte) string {
	t.Helper()
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, "x.go", text, parser.SkipObjectResolution)
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	var b strings.Builder
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case nil:
			b.WriteString(")\n")
			return true
		case *ast.Field:
			n.Tag = nil
		case *ast.Ident:
			b.WriteString(n.Name)
		case *ast.UnaryExpr:
			b.WriteString(n.Op.String())
		case *ast.BinaryExpr:
			b.WriteString(n.Op.String())
		case *ast.GenDecl:
			b.WriteString(n.Tok.String())
		case *ast.BasicLit:
			if n.Kind != token.STRING {
				b.WriteString(n.Value)
			}
		}
		fmt.Fprintf(&b, "(%T\n", n)
		return true
	})
	return b.String()
}

// FuzzText demands that no text of a lexicon changes what the generated code declares, and that
// the code is as gofmt has it and holds no directive.
func FuzzText(f *testing.F) {
	for _, seed := range []string{
		"", "plain", "*/ var x int /*", "//go:build ignore", "+build ignore", "a\n+build ignore", "`", `"`, `\`, "a\nb\r\nc\rd",
		"\u202eevil\u202c", "\u2028\u2029\u0085\x00\x1b", "# Heading", "Heading\n\nother", "- a\n- b", "1. a\n2. b", "\tcode", "[x]: http://y",
		"Deprecated: no", "DEPRECATED", "deprecated - x", "Code generated by x. DO NOT EDIT.", strings.Repeat("long ", 60), strings.Repeat("x", 300),
		"-", ",", "a,omitempty", "%s", "\xff", "//line x.go:1", "export X", "//export X",
	} {
		f.Add(seed)
	}
	plain, err := emit.Package(model("x"))
	if err != nil {
		f.Fatal(err)
	}
	var wants []string
	for _, source := range plain {
		wants = append(wants, outline(f, source.Text))
	}
	f.Fuzz(func(t *testing.T, text string) {
		sources, err := emit.Package(model(text))
		if err != nil {
			t.Fatal(err)
		}
		for i, source := range sources {
			if diff := cmp.Diff(outline(t, source.Text), wants[i]); diff != "" {
				t.Errorf("%q changes the declarations (-got +want):\n%s", text, diff)
			}
			formatted, err := format.Source(source.Text)
			if err != nil || !bytes.Equal(source.Text, formatted) {
				t.Errorf("%q: not as gofmt has it (%v):\n%s", text, err, cmp.Diff(string(source.Text), string(formatted)))
			}
			for line := range strings.Lines(string(source.Text)) {
				line = strings.TrimSpace(line)
				if constraint.IsGoBuild(line) || constraint.IsPlusBuild(line) || strings.HasPrefix(line, "//line") || strings.HasPrefix(line, "//export") {
					t.Errorf("%q gives the directive %q", text, line)
				}
			}
		}
	})
}

// TestValues demands that names, error names and defaults are in the code as they are.
func TestValues(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"plain", "a\"b`c\\d\n\u202e", "*/", "\x00"} {
		sources, err := emit.Package(model(text))
		if err != nil {
			t.Fatal(err)
		}
		got := string(sources[0].Text)
		for _, want := range []string{
			"A: " + strconv.Quote(text),
			"w.Key(" + strconv.Quote(text) + ").String(v.A)",
			"xrpc.ErrorName = " + strconv.Quote(text) + "\n",
		} {
			if !strings.Contains(got, want) {
				t.Errorf("%q: got no %s", text, want)
			}
		}
	}
}

func TestFiles(t *testing.T) {
	t.Parallel()
	sources, err := emit.Package(model("x"))
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{"com.example.get", "com.example.*", "com.example.*"} {
		text := string(sources[i].Text)
		if want := emit.Header + "\n// Source: " + want + "\n\npackage comexample\n"; !strings.HasPrefix(text, want) {
			t.Errorf("%s: got %.120q, want it to begin with %q", sources[i].Name, text, want)
		}
		file, err := parser.ParseFile(token.NewFileSet(), sources[i].Name, text, parser.ParseComments)
		if err != nil || !ast.IsGenerated(file) {
			t.Errorf("%s is not taken for generated code (%v)", sources[i].Name, err)
		}
	}
}

// TestImports demands that packages keep their names, without aliases, and that the standard
// library stands apart, whatever the other paths are.
func TestImports(t *testing.T) {
	t.Parallel()
	p := model("x")
	p.Imports = []ir.Import{{Path: "app/gen/v2", Name: "other"}}
	p.Files[1].Decls = append(p.Files[1].Decls, &ir.Alias{Name: "X", About: "is X.", Type: foreign("app/gen/v2", "X")})
	sources, err := emit.Package(p)
	if err != nil {
		t.Fatal(err)
	}
	const want = `import (
	"context"

	"app/gen/v2"
	"github.com/lexgen-go/lexgen/runtime/xrpc"
)
`
	if got := string(sources[1].Text); !strings.Contains(got, want) {
		t.Errorf("got %.400s, want in it %s", got, want)
	}
}

// TestFileComment demands that the description of a file is above its declarations and part of none.
func TestFileComment(t *testing.T) {
	t.Parallel()
	sources, err := emit.Package(model("x"))
	if err != nil {
		t.Fatal(err)
	}
	if got := string(sources[0].Text); !strings.Contains(got, ")\n\n// x\n\n// GetNSID names the query com.example.get.\n") {
		t.Errorf("got %.800s", got)
	}
}

// TestAlias demands that an import has the alias that the model gives it.
func TestAlias(t *testing.T) {
	t.Parallel()
	p := model("x")
	p.Imports = []ir.Import{{Path: "app/old/lex", Name: "lex", Alias: "oldlex"}, {Path: "app/new/lex", Name: "lex", Alias: "newlex"}}
	union := &ir.Union{Name: "Y", About: "is one of", Constructor: "NewY"}
	for _, imported := range p.Imports {
		p.Files[1].Decls = append(p.Files[1].Decls, &ir.Alias{Name: "X", About: "is X.", Type: foreign(imported.Path, "X")})
		union.Variants = append(union.Variants, ir.Variant{Type: ir.Name{ImportPath: imported.Path, Ident: "X"}, LexiconType: imported.Path})
	}
	p.Files[1].Decls = append(p.Files[1].Decls, union)
	sources, err := emit.Package(p)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"\toldlex \"app/old/lex\"\n", "\tnewlex \"app/new/lex\"\n", "= oldlex.X\n", "= newlex.X\n", "- [*oldlex.X]\n"} {
		if got := string(sources[1].Text); !strings.Contains(got, want) {
			t.Errorf("got %s, want %q in it", got, want)
		}
	}
}

// TestIntegers demands that integers are printed as they are, however small the int of the machine
// is that the generator runs on.
func TestIntegers(t *testing.T) {
	t.Parallel()
	for _, n := range []int64{0, -1, math.MaxInt32 + 1, math.MinInt32 - 1, 1 << 53, math.MaxInt64, math.MinInt64} {
		field := func(name string, presence ir.Presence) *ir.Field {
			return &ir.Field{
				Name: name, JSON: "n", Type: ir.Scalar{Kind: ir.Int}, Presence: presence, Default: n,
				Checks: []ir.Check{{Method: "Maximum", On: ir.Value, Args: []any{n}}},
			}
		}
		fields := []*ir.Field{field("A", ir.Required), field("B", ir.Optional)}
		sources, err := emit.Package(&ir.Package{Name: "p", ImportPath: "p", Files: []*ir.File{{Name: "p_gen.go", Decls: []ir.Decl{
			&ir.Struct{Name: "In", About: "is it.", Role: ir.Input, Fields: fields},
			&ir.Struct{Name: "Query", About: "is it.", Role: ir.Params, Fields: fields},
		}}}})
		if err != nil {
			t.Fatal(err)
		}
		got := string(sources[0].Text)
		for _, want := range []string{
			"// The default is %s.\n", "{A: %s, B: lexdata.Some(int64(%s))}", `c.Maximum("n", v.A, %s)`,
			`w.Key("n").Int(v.B.Or(%s))`, `q.Int("n").Or(%s)`, `q.Int("n", v.B.Or(%s))`,
		} {
			if want := strings.ReplaceAll(want, "%s", strconv.FormatInt(n, 10)); !strings.Contains(got, want) {
				t.Errorf("%d: got no %s in %s", n, want, got)
			}
		}
	}
}

func TestComments(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, text, want string }{
		{"one line", "Get a thing.", "// Get a thing."},
		{"full stop", "Get a thing", "// Get a thing."},
		{"no sentence", "the thing", "// the thing"},
		{"wrapped", strings.Repeat("word ", 16) + "end", "// " + strings.Repeat("word ", 14) + "word\n// word end"},
		{"paragraphs", "one\ntwo\n \n\n\nthree", "// one two\n//\n// three"},
		{"deprecated", "DEPRECATED - use b", "// Deprecated: use b."},
		{"deprecated later", "One.\n\nDeprecated; use b.", "// One.\n//\n// Deprecated: use b."},
		{"deprecated, no reason", "deprecated", "// Deprecated: the lexicon does not say what to use instead."},
		{"deprecated at the end", "Tell of x. DEPRECATED: just use b", "// Tell of x.\n//\n// Deprecated: just use b."},
		{"deprecated, loud", "Get x. DEPRECATED use b", "// Get x.\n//\n// Deprecated: use b."},
		{"not deprecated", "Finds deprecated things. Deprecated ones come last", "// Finds deprecated things. Deprecated ones come last."},
		{"heading", "## Use", "// Use."},
		{"not a heading", "#tag", "// #tag"},
		{"constraint", "+build x", "// \"+build\" x"},
		{"direction", "a\u202eb\u2066c", "// abc"},
		{"family", "👩\u200d👧", "// 👩\u200d👧"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			sources, err := emit.Package(&ir.Package{Name: "p", ImportPath: "p", Files: []*ir.File{{Name: "p_gen.go", Decls: []ir.Decl{
				&ir.NSID{Name: "XNSID", Value: "com.example.x", Kind: "query", Doc: test.text},
			}}}})
			if err != nil {
				t.Fatal(err)
			}
			_, got, _ := strings.Cut(string(sources[0].Text), "// XNSID names the query com.example.x.\n//\n")
			got, _, _ = strings.Cut(got, "\nconst")
			if got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

// TestFault demands that a model which is not Go is an error and not a file.
func TestFault(t *testing.T) {
	t.Parallel()
	_, err := emit.Package(&ir.Package{Name: "p", ImportPath: "example.test/p", Files: []*ir.File{{Name: "p_gen.go", Decls: []ir.Decl{
		&ir.NSID{Name: "not a name", Value: "com.example.x", Kind: "query"},
	}}}})
	if err == nil || !strings.Contains(err.Error(), "print example.test/p/p_gen.go") {
		t.Errorf("got %v, want an error that names the file", err)
	}
}
