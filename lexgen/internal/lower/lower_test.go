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

// fieldOf lowers a property of an object and returns its field and the mistakes.
func fieldOf(t *testing.T, property, required string) (*ir.Field, diag.List) {
	t.Helper()
	packages, diags := compile(t, lower.Options{}, [2]string{"com.example.app.defs", fmt.Sprintf(
		`"view": {"type": "object", "required": [%s], "properties": {"p": %s}}, "other": {"type": "object", "properties": {}}`,
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

func bound(n int64) *int64 { return &n }

func named(ident string) ir.Scalar {
	return ir.Scalar{Kind: ir.String, Named: ir.Name{ImportPath: "github.com/lexgen-go/lexgen/runtime/syntax", Ident: ident}}
}

func TestTypes(t *testing.T) {
	t.Parallel()
	integer := ir.Check{Method: "Integer", On: ir.Value}
	for _, test := range []struct {
		name, property string
		want           ir.Type
		checks         []ir.Check
	}{
		{"boolean", `{"type": "boolean"}`, ir.Scalar{Kind: ir.Bool}, nil},
		{"free integer", `{"type": "integer"}`, ir.Scalar{Kind: ir.Int}, []ir.Check{integer}},
		{
			"integer with a minimum", `{"type": "integer", "minimum": 0}`,
			ir.Scalar{Kind: ir.Int},
			[]ir.Check{integer, {Method: "Minimum", On: ir.Value, Bound: bound(0)}},
		},
		{
			"integer in a range", `{"type": "integer", "minimum": -1, "maximum": 1}`,
			ir.Scalar{Kind: ir.Int},
			[]ir.Check{{Method: "Minimum", On: ir.Value, Bound: bound(-1)}, {Method: "Maximum", On: ir.Value, Bound: bound(1)}},
		},
		{
			"integer beyond the exact range", `{"type": "integer", "minimum": 0, "maximum": 9007199254740992}`,
			ir.Scalar{Kind: ir.Int},
			[]ir.Check{
				integer,
				{Method: "Minimum", On: ir.Value, Bound: bound(0)},
				{Method: "Maximum", On: ir.Value, Bound: bound(9007199254740992)},
			},
		},
		{"string", `{"type": "string"}`, ir.Scalar{Kind: ir.String}, nil},
		{
			"bounded string", `{"type": "string", "maxGraphemes": 4, "minGraphemes": 3, "maxLength": 2, "minLength": 1}`,
			ir.Scalar{Kind: ir.String},
			[]ir.Check{
				{Method: "MinLength", On: ir.Length, Bound: bound(1)},
				{Method: "MaxLength", On: ir.Length, Bound: bound(2)},
				{Method: "MinGraphemes", On: ir.Text, Bound: bound(3)},
				{Method: "MaxGraphemes", On: ir.Text, Bound: bound(4)},
			},
		},
		{"unknown format", `{"type": "string", "format": "no-such"}`, ir.Scalar{Kind: ir.String}, nil},
		{"object", `{"type": "ref", "ref": "#other"}`, ir.StructType{Name: ir.Name{Ident: "AppOther"}}, nil},
		{
			"array", `{"type": "array", "items": {"type": "string", "format": "did", "maxLength": 9}, "minLength": 1, "maxLength": 2}`,
			ir.Slice{Elem: named("DID"), Checks: []ir.Check{
				{Method: "DID", On: ir.Value}, {Method: "MaxLength", On: ir.Length, Bound: bound(9)},
			}},
			[]ir.Check{{Method: "MinLength", On: ir.Length, Bound: bound(1)}, {Method: "MaxLength", On: ir.Length, Bound: bound(2)}},
		},
		{
			"array of objects", `{"type": "array", "items": {"type": "ref", "ref": "#other"}}`,
			ir.Slice{Elem: ir.StructType{Name: ir.Name{Ident: "AppOther"}}},
			nil,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			field, diags := fieldOf(t, test.property, "")
			if diags.HasErrors() || field == nil {
				t.Fatalf("got %v", diags)
			}
			if diff := cmp.Diff(field.Type, test.want); diff != "" {
				t.Errorf("type (-got +want):\n%s", diff)
			}
			if diff := cmp.Diff(field.Checks, test.checks); diff != "" {
				t.Errorf("checks (-got +want):\n%s", diff)
			}
		})
	}
}

func TestFormats(t *testing.T) {
	t.Parallel()
	for format, want := range map[string]string{
		"at-identifier": "ATIdentifier", "at-uri": "ATURI", "cid": "CID", "datetime": "Datetime", "did": "DID",
		"handle": "Handle", "language": "Language", "nsid": "NSID", "record-key": "RecordKey", "tid": "TID", "uri": "URI",
	} {
		field, diags := fieldOf(t, fmt.Sprintf(`{"type": "string", "format": %q}`, format), "")
		if diags.HasErrors() {
			t.Errorf("%s: got %v", format, diags)
			continue
		}
		if diff := cmp.Diff(field.Type, ir.Type(named(want))); diff != "" {
			t.Errorf("%s (-got +want):\n%s", format, diff)
		}
		if diff := cmp.Diff(field.Checks, []ir.Check{{Method: want, On: ir.Value}}); diff != "" {
			t.Errorf("%s (-got +want):\n%s", format, diff)
		}
	}
}

func TestPresence(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, property, required string
		want                     ir.Presence
		value                    any
	}{
		{"required string", `{"type": "string"}`, `"p"`, ir.Required, nil},
		{"optional string", `{"type": "string"}`, "", ir.Optional, nil},
		{"optional boolean with default", `{"type": "boolean", "default": false}`, "", ir.Optional, false},
		{"required integer with default", `{"type": "integer", "default": 5}`, `"p"`, ir.Required, int64(5)},
		{"optional string with default", `{"type": "string", "default": ""}`, "", ir.Optional, ""},
		{"required object", `{"type": "ref", "ref": "#other"}`, `"p"`, ir.Required, nil},
		{"optional object", `{"type": "ref", "ref": "#other"}`, "", ir.OptionalNil, nil},
		{"required array", `{"type": "array", "items": {"type": "string"}}`, `"p"`, ir.Required, nil},
		{"optional array", `{"type": "array", "items": {"type": "string"}}`, "", ir.OptionalNil, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			field, diags := fieldOf(t, test.property, test.required)
			if diags.HasErrors() {
				t.Fatalf("got %v", diags)
			}
			if field.Presence != test.want {
				t.Errorf("presence: got %d, want %d", field.Presence, test.want)
			}
			if field.Default != test.value {
				t.Errorf("default: got %v, want %v", field.Default, test.value)
			}
		})
	}
}

// TestRefused demands that what cannot be generated is reported, and once.
func TestRefused(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ property, want string }{
		{`{"type": "unknown"}`, "an unknown cannot be generated yet"},
		{`{"type": "bytes"}`, "bytes cannot be generated yet"},
		{`{"type": "cid-link"}`, "a cid-link cannot be generated yet"},
		{`{"type": "blob"}`, "a blob cannot be generated yet"},
		{`{"type": "union", "refs": ["#other"]}`, "a union cannot be generated yet"},
		{`{"type": "object", "properties": {}}`, "an object inside of another cannot be generated yet"},
		{`{"type": "array", "items": {"type": "array", "items": {"type": "string"}}}`, "an array of arrays cannot be generated yet"},
		{`{"type": "array", "items": {"type": "blob"}}`, "a blob cannot be generated yet"},
		{`{"type": "array", "items": {"type": "string", "default": "x"}}`, "a default of an array's elements cannot be generated yet"},
		{`{"type": "array", "items": {"type": "boolean", "default": false}}`, "a default of an array's elements cannot be generated yet"},
		{`{"type": "string", "enum": ["a"]}`, "a string with enum cannot be generated yet"},
		{`{"type": "string", "knownValues": []}`, "a string with knownValues cannot be generated yet"},
		{`{"type": "string", "const": "a"}`, "a string with const cannot be generated yet"},
		{`{"type": "integer", "enum": [1]}`, "an integer with enum cannot be generated yet"},
		{`{"type": "integer", "const": 1}`, "an integer with const cannot be generated yet"},
		{`{"type": "boolean", "const": true}`, "a boolean with const cannot be generated yet"},
		{`{"type": "string", "maxLength": 2147483648}`, "a length above 2147483647 cannot be generated yet"},
	} {
		t.Run(test.property, func(t *testing.T) {
			t.Parallel()
			field, diags := fieldOf(t, test.property, "")
			if field != nil {
				t.Errorf("got the field %+v", field)
			}
			if len(diags) != 1 || diags[0].Message != test.want || diags[0].Rule != diag.Unsupported {
				t.Errorf("got %v, want %q", diags, test.want)
			}
		})
	}
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

func TestEndpoint(t *testing.T) {
	t.Parallel()
	packages, diags := compile(t, lower.Options{Server: true, Client: true}, [2]string{"com.example.app.put", `"main": {
		"type": "procedure",
		"description": "Put.",
		"parameters": {"type": "params", "properties": {"dry": {"type": "boolean"}}},
		"input": {"encoding": "application/json", "description": "a", "schema": {"type": "object", "description": "b", "properties": {}}},
		"output": {"encoding": "application/json", "schema": {"type": "ref", "ref": "#view"}},
		"errors": [{"name": "TooLate", "description": "Late."}]
	}, "view": {"type": "object", "properties": {}}`})
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	endpoint := &ir.Endpoint{
		NSID: "com.example.app.put", Const: "AppPutNSID", Kind: ir.Procedure, Doc: "Put.", Method: "Put",
		Params: "AppPutParams", Input: "AppPutInput", Output: "AppPutOutput",
		InputEncoding: "application/json", OutputEncoding: "application/json",
		Errors: []*ir.ErrorName{{Name: "AppPutErrTooLate", Value: "TooLate", Doc: "Late."}},
	}
	group := ir.Group{
		NSID: "com.example.app", Handler: "AppHandler", Unimplemented: "UnimplementedAppHandler",
		EndpointList: "AppEndpoints", Client: "AppClient", Endpoints: []*ir.Endpoint{endpoint},
	}
	client, server := group, group
	client.Part, server.Part = ir.Client, ir.Server
	want := []*ir.File{
		{Name: "app_client_gen.go", Source: "com.example.app.*", Decls: []ir.Decl{&client}},
		{Name: "app_handler_gen.go", Source: "com.example.app.*", Decls: []ir.Decl{&server}},
		{Name: "app_put_gen.go", Source: "com.example.app.put", Decls: []ir.Decl{
			&ir.NSID{Name: "AppPutNSID", Value: "com.example.app.put", Kind: "procedure", Doc: "Put."},
			&ir.Errors{Endpoint: "com.example.app.put", Names: endpoint.Errors},
			&ir.Struct{
				Name: "AppPutParams", About: "holds the query parameters of com.example.app.put.", Role: ir.Params,
				Fields: []*ir.Field{{Name: "Dry", JSON: "dry", Type: ir.Scalar{Kind: ir.Bool}, Presence: ir.Optional}},
			},
			&ir.Struct{Name: "AppPutInput", About: "is the input of com.example.app.put.", Doc: "a\n\nb", Role: ir.Input},
			&ir.Alias{Name: "AppPutOutput", About: "is the output of com.example.app.put.", Type: ir.Name{Ident: "AppPutView"}},
			&ir.Struct{Name: "AppPutView", About: "is com.example.app.put#view.", Role: ir.Object},
		}},
	}
	if diff := cmp.Diff(packages[0].Files[:3], want); diff != "" {
		t.Errorf("-got +want:\n%s", diff)
	}
}

// TestDescriptions demands that no description of a lexicon is lost.
func TestDescriptions(t *testing.T) {
	t.Parallel()
	packages, diags := compile(t, lower.Options{}, [2]string{"com.example.app.get", `"main": {
		"type": "query",
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

// TestImportNames demands that packages of one name get aliases that a person would choose.
func TestImportNames(t *testing.T) {
	t.Parallel()
	options := lower.Options{Targets: []lower.Target{
		{Prefix: "com.a", Name: "lex", ImportPath: "example.test/old/lex", Dir: "a"},
		{Prefix: "com.b", Name: "lex", ImportPath: "example.test/new-1/lex", Dir: "b"},
		{Prefix: "com.c", Name: "lex", ImportPath: "example.test/2/lex", Dir: "c"},
		{Prefix: "com.d", Name: "lex", ImportPath: "lex", Dir: "d"},
		{Prefix: "com.e", Name: "lex", ImportPath: "example.test/gen/e", Dir: "e"},
		{Prefix: "com.f", Name: "oldlex", ImportPath: "example.test/f", Dir: "f"},
	}}
	documents := [][2]string{
		{"org.x.y.defs", refTo("com.a.y.defs#view", "com.b.y.defs#view", "com.c.y.defs#view", "com.d.y.defs#view", "com.e.y.defs#view", "com.f.y.defs#view")},
		{"org.z.y.defs", refTo("com.a.y.defs#view")},
	}
	for _, target := range options.Targets {
		documents = append(documents, [2]string{target.Prefix + ".y.defs", refTo()})
	}
	packages, diags := compile(t, options, documents...)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	got := map[string]string{}
	for _, p := range packages {
		for _, imported := range p.Imports {
			got[p.Name+" imports "+imported.Path] = imported.Alias
		}
	}
	want := map[string]string{
		"orgx imports example.test/old/lex":   "exampletestoldlex",
		"orgx imports example.test/new-1/lex": "new1lex",
		"orgx imports example.test/2/lex":     "exampletest2lex",
		"orgx imports lex":                    "",
		"orgx imports example.test/gen/e":     "elex",
		"orgx imports example.test/f":         "",
		"orgz imports example.test/old/lex":   "",
	}
	if diff := cmp.Diff(got, want); diff != "" {
		t.Errorf("-got +want:\n%s", diff)
	}
}

// refTo is an object called view that refers to others.
func refTo(refs ...string) string {
	var properties []string
	for i, ref := range refs {
		properties = append(properties, fmt.Sprintf(`"p%d": {"type": "ref", "ref": %q}`, i, ref))
	}
	return `"view": {"type": "object", "properties": {` + strings.Join(properties, ", ") + `}}`
}

func TestImportCycles(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name      string
		documents [][2]string
		want      []string
	}{
		{"none", [][2]string{{"com.a.x.defs", refTo("com.b.x.defs#view")}, {"com.b.x.defs", refTo("#view")}}, nil},
		{
			"diamond",
			[][2]string{
				{"com.a.x.defs", refTo("com.b.x.defs#view", "com.c.x.defs#view")},
				{"com.b.x.defs", refTo("com.d.x.defs#view")},
				{"com.c.x.defs", refTo("com.d.x.defs#view")},
				{"com.d.x.defs", refTo()},
			},
			nil,
		},
		{
			"two",
			[][2]string{{"com.a.x.defs", refTo("com.b.x.defs#view")}, {"com.b.x.defs", refTo("com.a.x.defs#view")}},
			[]string{"the packages coma, comb import each other in a circle"},
		},
		{
			"two circles",
			[][2]string{
				{"com.a.x.defs", refTo("com.b.x.defs#view", "com.c.x.defs#view")},
				{"com.b.x.defs", refTo("com.a.x.defs#view")},
				{"com.c.x.defs", refTo("com.a.x.defs#view")},
			},
			[]string{"the packages coma, comb import each other in a circle", "the packages coma, comc import each other in a circle"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			_, diags := compile(t, lower.Options{}, test.documents...)
			var got []string
			for _, d := range diags {
				message, _, _ := strings.Cut(d.Message, ":")
				got = append(got, message)
			}
			if diff := cmp.Diff(got, test.want); diff != "" {
				t.Errorf("-got +want:\n%s", diff)
			}
		})
	}
}

// The defs of documents in the tests of collisions.
const (
	object = `"main": {"type": "object", "properties": {}}`
	query  = `"main": {"type": "query", "output": {"encoding": "application/json", "schema": {"type": "object", "properties": {}}}}`
)

func TestCollisions(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name      string
		documents [][2]string
		want      []string
	}{
		{
			"documents",
			[][2]string{{"com.example.app.getIt", query}, {"com.example.app.GetIt", query}},
			[]string{"com.example.app.getIt and com.example.app.GetIt both get the file app_get_it_gen.go"},
		},
		{
			"segments",
			[][2]string{{"com.example.a.b", object}, {"com.example.aB", object}},
			[]string{"com.example.aB and com.example.a.b both get the file a_b_gen.go"},
		},
		{
			"group and object",
			[][2]string{{"com.example.app.get", query}, {"com.example.app.handler", object}},
			[]string{"com.example.app.handler and the handler of the group com.example.app both get the Go name AppHandler"},
		},
		{
			"groups",
			[][2]string{{"com.example.a-b.get", query}, {"com.example.a.b.put", query}},
			[]string{"the handler of the group com.example.a.b and the handler of the group com.example.a-b both get the Go name ABHandler"},
		},
		{
			"package file",
			[][2]string{{"com.example.lexgen", object}},
			[]string{"com.example.lexgen and the package itself both get the file lexgen_gen.go"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			checkCollisions(t, test.documents, test.want)
		})
	}
}

// TestOneCause demands that a name which makes several others collide is reported once.
func TestOneCause(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name      string
		documents [][2]string
		want      []string
	}{
		{
			"documents of groups",
			[][2]string{
				{"com.example.my-foo.get", query + `, "view": {"type": "object", "properties": {}}`},
				{"com.example.my.foo.get", query + `, "view": {"type": "object", "properties": {}}`},
			},
			[]string{"com.example.my.foo.get and com.example.my-foo.get both get the file my_foo_get_gen.go"},
		},
		{
			"defs of different files",
			[][2]string{
				{"com.example.app.a", `"bc": {"type": "object", "properties": {}}, "d": {"type": "object", "properties": {}}`},
				{"com.example.app.ab", `"c": {"type": "object", "properties": {}}`},
				{"com.example.app.aBc", object},
				{"com.example.app.ad", object},
				{"com.example.app.aD", object},
			},
			[]string{
				"com.example.app.aBc and com.example.app.a#bc both get the Go name AppABc",
				"com.example.app.aD and com.example.app.a#d both get the Go name AppAD",
			},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			checkCollisions(t, test.documents, test.want)
		})
	}
}

// checkCollisions compares what is said about documents whose names collide.
func checkCollisions(t *testing.T, documents [][2]string, want []string) {
	t.Helper()
	_, diags := compile(t, lower.Options{Server: true, Client: true}, documents...)
	var got []string
	for _, d := range diags {
		got = append(got, d.Message)
	}
	if diff := cmp.Diff(got, want); diff != "" {
		t.Errorf("-got +want:\n%s", diff)
	}
}
