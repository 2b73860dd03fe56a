package lower_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lexgen-go/lexgen/lexgen/internal/diag"
	"github.com/lexgen-go/lexgen/lexgen/internal/ir"
	"github.com/lexgen-go/lexgen/lexgen/internal/lexicon"
	"github.com/lexgen-go/lexgen/lexgen/internal/lower"
)

// namesIn lists the files of packages and the names that they declare.
func namesIn(packages []*ir.Package) []string {
	var list []string
	for _, p := range packages {
		for _, file := range p.Files {
			var names []string
			for _, decl := range file.Decls {
				names = append(names, namesOf(decl)...)
			}
			list = append(list, file.Name+": "+strings.Join(names, " "))
		}
	}
	return list
}

func namesOf(decl ir.Decl) []string {
	switch decl := decl.(type) {
	case *ir.NSID:
		return []string{decl.Name}
	case *ir.Errors:
		return []string{decl.Names[0].Name}
	case *ir.Struct:
		names := []string{decl.Name}
		for _, field := range decl.Fields {
			names = append(names, "."+field.Name)
		}
		return names
	case *ir.Union:
		return []string{decl.Name, decl.Constructor}
	case *ir.ScalarType:
		names := []string{decl.Name}
		for _, value := range decl.Values {
			names = append(names, value.Name)
		}
		return names
	case *ir.Group:
		return []string{decl.Handler, decl.Unimplemented, decl.EndpointList, decl.Client, "." + decl.Endpoints[0].Method}
	}
	return nil
}

// The defs of documents in the tests of names.
const (
	getDefs = `"main": {
			"type": "query", "errors": [{"name": "Gone"}],
			"parameters": {"type": "params", "properties": {"sort": {"type": "string", "knownValues": ["up"]}}},
			"output": {"encoding": "application/json", "schema": {"type": "object", "properties": {
				"list": {"type": "array", "items": {"type": "union", "refs": ["#view"]}}
			}}}
		},
		"view": {"type": "object", "properties": {"a/b": {"type": "object", "properties": {"x": {"type": "string"}}}}}`
	helloDefs = `"main": {"type": "query"}`
)

func TestChosenNames(t *testing.T) {
	t.Parallel()
	unchanged := []string{
		"app_get_gen.go: AppGetNSID AppGetErrGone AppGetParams .Sort AppGetParamsSort AppGetParamsSortUp AppGetOutput .List " +
			"AppGetOutputListItemUnion NewAppGetOutputListItemUnion AppGetView .AB AppGetViewAB .X",
		"app_handler_gen.go: AppHandler UnimplementedAppHandler AppEndpoints AppClient .Get",
		"lexgen_gen.go: ",
	}
	for _, test := range []struct {
		name, path, ident string
		want              []string // the lines that are others
	}{
		{"document", "com.example.app.get", "AppFetch", []string{
			"app_fetch_gen.go: AppFetchNSID AppFetchErrGone AppFetchParams .Sort AppFetchParamsSort AppFetchParamsSortUp AppFetchOutput .List " +
				"AppFetchOutputListItemUnion NewAppFetchOutputListItemUnion AppFetchView .AB AppFetchViewAB .X",
			"app_handler_gen.go: AppHandler UnimplementedAppHandler AppEndpoints AppClient .Fetch",
		}},
		{"def", "com.example.app.get#view", "Seen", []string{strings.ReplaceAll(unchanged[0], "AppGetView", "Seen")}},
		{"field", "com.example.app.get#view/properties/a~1b", "Slash", []string{
			strings.ReplaceAll(strings.ReplaceAll(unchanged[0], "AppGetViewAB", "AppGetViewSlash"), ".AB", ".Slash"),
		}},
		{"field of an inline object", "com.example.app.get#view/properties/a~1b/properties/x", "Y", []string{strings.ReplaceAll(unchanged[0], ".X", ".Y")}},
		{"parameter", "com.example.app.get#main/parameters/properties/sort", "Order", []string{
			strings.ReplaceAll(strings.ReplaceAll(unchanged[0], "ParamsSort", "ParamsOrder"), ".Sort", ".Order"),
		}},
		{"property of a body", "com.example.app.get#main/output/schema/properties/list", "All", []string{
			strings.ReplaceAll(strings.ReplaceAll(unchanged[0], "OutputList", "OutputAll"), ".List", ".All"),
		}},
		{"error", "com.example.app.get#main/errors/Gone", "ErrGone", []string{strings.ReplaceAll(unchanged[0], "AppGetErrGone", "ErrGone")}},
		{"value", "com.example.app.get#main/parameters/properties/sort/knownValues/up", "Up", []string{
			strings.ReplaceAll(unchanged[0], "AppGetParamsSortUp", "Up"),
		}},
		{"group", "com.example.app.*", "Main", []string{
			strings.ReplaceAll(strings.ReplaceAll(unchanged[0], "App", "Main"), "app_get", "main_get"),
			strings.ReplaceAll(strings.ReplaceAll(unchanged[1], "App", "Main"), "app_handler", "main_handler"),
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			options := lower.Options{Server: true, Names: []lower.NameEntry{{Path: test.path, Ident: test.ident}}}
			packages, diags := compile(t, options, [2]string{"com.example.app.get", getDefs})
			if len(diags) > 0 {
				t.Fatalf("got %v", diags)
			}
			got := slices.DeleteFunc(namesIn(packages), func(line string) bool { return slices.Contains(unchanged, line) })
			if diff := cmp.Diff(got, test.want); diff != "" {
				t.Errorf("-got +want:\n%s", diff)
			}
		})
	}
}

func TestImpossibleNames(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, path, ident, want, help string }{
		{
			"nothing", "com.example.app.get#main/parameters/properties/sord", "X",
			`names: "com.example.app.get#main/parameters/properties/sord" names nothing that is generated`,
			`did you mean "com.example.app.get#main/parameters/properties/sort"?`,
		},
		{
			"no document", "com.example.app.none", "X",
			`names: "com.example.app.none" names nothing that is generated`, "correct the path, or remove the entry",
		},
		{
			"no group", "com.example.*", "X",
			`names: "com.example.*" names nothing that is generated`, "correct the path, or remove the entry",
		},
		{
			"reserved field", "com.example.app.get#view/properties/a~1b", "Check",
			"names: com.example.app.get#view/properties/a~1b cannot be called Check",
			"generated types have a method or a field with that name; choose another, such as Check_",
		},
		{
			"type parameter", "com.example.app.get#view", "T",
			"names: com.example.app.get#view cannot be called T",
			"generated functions have a type parameter with that name; choose another, such as T_",
		},
		{"reported before", "com.example.app.get", "", "", ""},
		{"broken def", "com.example.app.get#broken/properties/x", "X", "", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			options := lower.Options{Server: true, Names: []lower.NameEntry{{Path: test.path, Ident: test.ident}}}
			_, diags := compile(t, options, [2]string{"com.example.app.get", getDefs + `, "broken": {"type": "objekt"}`})
			if test.want == "" {
				if len(diags) > 0 {
					t.Errorf("got %v", diags)
				}
				return
			}
			if len(diags) != 1 || diags[0].Message != test.want || diags[0].Help != test.help {
				t.Errorf("got %v, want %q with help %q", diags, test.want, test.help)
			}
		})
	}
}

// TestNamePrefix demands that two prefixes in one package are kept apart.
func TestNamePrefix(t *testing.T) {
	t.Parallel()
	options := lower.Options{Server: true, Targets: []lower.Target{
		{Prefix: "com.example", Name: "lex", ImportPath: "example.test/lex", Dir: "lex"},
		{Prefix: "net.example", Name: "lex", ImportPath: "example.test/lex", Dir: "lex", NamePrefix: "Net"},
	}}
	packages, diags := compile(t, options,
		[2]string{"com.example.get", helloDefs}, [2]string{"com.example.app.get", helloDefs},
		[2]string{"net.example.get", helloDefs}, [2]string{"net.example.app.get", helloDefs},
	)
	if len(diags) > 0 {
		t.Fatal(diags)
	}
	want := []string{
		"app_get_gen.go: AppGetNSID",
		"app_handler_gen.go: AppHandler UnimplementedAppHandler AppEndpoints AppClient .Get",
		"get_gen.go: GetNSID",
		"handler_gen.go: Handler UnimplementedHandler Endpoints Client .Get",
		"lexgen_gen.go: ",
		"net_app_get_gen.go: NetAppGetNSID",
		"net_app_handler_gen.go: NetAppHandler UnimplementedNetAppHandler NetAppEndpoints NetAppClient .Get",
		"net_get_gen.go: NetGetNSID",
		"net_handler_gen.go: NetHandler UnimplementedNetHandler NetEndpoints NetClient .Get",
	}
	if diff := cmp.Diff(namesIn(packages), want); diff != "" {
		t.Errorf("-got +want:\n%s", diff)
	}
}

// TestExternal demands that a package which is generated elsewhere is referred to by the names that
// it has, and not lowered.
func TestExternal(t *testing.T) {
	t.Parallel()
	options := lower.Options{Targets: []lower.Target{{
		Prefix: "net.other", Name: "main", ImportPath: "other.test/lex",
		Symbols: map[string]string{"net.other.defs#view": "Chosen", "net.other.defs#did": "Who"},
	}}}
	packages, diags := compile(t, options,
		[2]string{"com.example.thing", `"main": {"type": "object", "properties": {
			"view": {"type": "ref", "ref": "net.other.defs#view"},
			"who": {"type": "ref", "ref": "net.other.defs#did"},
			"gone": {"type": "ref", "ref": "net.other.defs#gone"}
		}}`},
		[2]string{"net.other.defs", `"view": {"type": "object", "properties": {}}, "did": {"type": "string", "format": "did"}, "gone": {"type": "object", "properties": {}}`},
	)
	if len(diags) != 1 || diags[0].Rule != diag.PackageMapping ||
		diags[0].Message != "the package other.test/lex, which is generated elsewhere, has no net.other.defs#gone" {
		t.Errorf("got %v", diags)
	}
	if len(packages) != 1 {
		t.Fatalf("got %d packages", len(packages))
	}
	if diff := cmp.Diff(packages[0].Imports, []ir.Import{{Path: "other.test/lex", Name: "main", Alias: "lexmain"}}); diff != "" {
		t.Errorf("imports (-got +want):\n%s", diff)
	}
	fields := packages[0].Files[1].Decls[0].(*ir.Struct).Fields
	want := []*ir.Field{
		{Name: "View", JSON: "view", Presence: ir.OptionalNil, Type: ir.Named{Name: ir.Name{ImportPath: "other.test/lex", Ident: "Chosen"}, Kind: ir.StructKind}},
		{
			Name: "Who", JSON: "who", Presence: ir.Optional, Checks: []ir.Check{check("DID", ir.Value)},
			Type: ir.Scalar{Kind: ir.String, Named: ir.Name{ImportPath: "other.test/lex", Ident: "Who"}},
		},
	}
	if diff := cmp.Diff(fields, want); diff != "" {
		t.Errorf("-got +want:\n%s", diff)
	}
}

// TestKeep demands that what is not kept leaves no trace.
func TestKeep(t *testing.T) {
	t.Parallel()
	options := lower.Options{Server: true, Keep: func(def *lexicon.Def) bool { return def.Name == "view" }}
	packages, diags := compile(t, options,
		[2]string{"com.example.app.get", getDefs}, [2]string{"com.example.app.put", helloDefs}, [2]string{"net.example.get", helloDefs},
	)
	if len(diags) > 0 {
		t.Fatal(diags)
	}
	want := []string{"app_get_gen.go: AppGetView .AB AppGetViewAB .X", "lexgen_gen.go: "}
	if diff := cmp.Diff(namesIn(packages), want); diff != "" {
		t.Errorf("-got +want:\n%s", diff)
	}
}

func TestDirectory(t *testing.T) {
	t.Parallel()
	options := lower.Options{Server: true, Targets: []lower.Target{
		{Prefix: "net.example", Name: "comexample", ImportPath: "golden.test/comexample", Dir: "comexample", NamePrefix: "Net"},
		{Prefix: "com.example", Name: "comexample", ImportPath: "golden.test/comexample", Dir: "comexample"},
		{Prefix: "org.example", Name: "comexample", ImportPath: "golden.test/comexample", Dir: "comexample"},
	}}
	packages, diags := compile(t, options,
		[2]string{"com.example.app.get", helloDefs},
		[2]string{"net.example.app.get", helloDefs},
		[2]string{"com.example.app.defs", `"view": {"type": "object", "description": "D.", "required": ["description"], "properties": {
				"description": {"type": "string", "description": "D.", "enum": ["description", "<>\"\\"]},
				"list": {"type": "array", "items": {"type": "integer", "description": "D.", "minimum": -1.0, "default": 1e2}}
			}}, "token": {"type": "token", "description": "D."}`},
		[2]string{"com.example.app.a", `"main": {"type": "record", "key": "tid", "description": "D.", "record": {"type": "object", "description": "D.", "properties": {}}}`},
	)
	if len(diags) > 0 {
		t.Fatal(diags)
	}
	var got ir.Decl
	for _, file := range packages[0].Files {
		if file.Name == "lexgen_gen.go" {
			got = file.Decls[1]
		}
	}
	want := &ir.Directory{
		Prefixes: []string{"com.example", "net.example"},
		Symbols: []ir.Symbol{
			{Key: "com.example.app.a", Ident: "AppA"},
			{Key: "com.example.app.defs#token", Ident: "AppToken"},
			{Key: "com.example.app.defs#view", Ident: "AppView"},
		},
		Documents: []string{
			`{"lexicon":1,"id":"com.example.app.a","defs":{"main":{"type":"record","key":"tid","record":{"type":"object","properties":{}}}}}`,
			`{"lexicon":1,"id":"com.example.app.defs","defs":{"view":{"type":"object","required":["description"],"properties":{` +
				`"description":{"type":"string","enum":["description","<>\"\\"]},` +
				`"list":{"type":"array","items":{"type":"integer","minimum":-1.0,"default":1e2}}}},"token":{"type":"token"}}}`,
		},
	}
	if diff := cmp.Diff(got, ir.Decl(want)); diff != "" {
		t.Errorf("-got +want:\n%s", diff)
	}
}
