package emit_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/lexgen-go/lexgen/lexgen/internal/emit"
	"github.com/lexgen-go/lexgen/lexgen/internal/ir"
)

// The module in which the printed code is compiled, and its packages: one that holds every
// construct, and one that it refers to.
const (
	modulePath = "every.test"
	everyPath  = modulePath + "/every"
	otherPath  = modulePath + "/other"
)

const (
	rootPath   = "github.com/lexgen-go/lexgen"
	syntaxPath = rootPath + "/runtime/syntax"
)

// TestEvery prints every construct in every way of being present, and demands that the code
// compiles and that vet has nothing to say about it.
func TestEvery(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	writeModule(t, dir)
	for _, p := range []*ir.Package{every(), other()} {
		sources, err := emit.Package(p)
		if err != nil {
			t.Fatal(err)
		}
		for _, source := range sources {
			writeFile(t, filepath.Join(dir, p.Name, source.Name), source.Text)
		}
	}
	vet := exec.Command("go", "vet", "./...")
	vet.Dir = dir
	vet.Env = append(os.Environ(), "GOFLAGS=-mod=mod", "GOWORK=off")
	if output, err := vet.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, output)
	}
}

// writeModule makes a folder a module with this one and what it depends on as its dependencies.
func writeModule(t *testing.T, dir string) {
	t.Helper()
	root, err := filepath.Abs("../../..")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"go.mod", "go.sum"} {
		text, err := os.ReadFile(filepath.Join(root, name))
		if err != nil {
			t.Fatal(err)
		}
		if name == "go.mod" {
			text = bytes.Replace(text, []byte("module "+rootPath+"\n"), []byte("module "+modulePath+"\n"), 1)
			text = fmt.Appendf(text, "require %[1]s v0.0.0\nreplace %[1]s => %[2]q\n", rootPath, root)
		}
		writeFile(t, filepath.Join(dir, name), text)
	}
}

func writeFile(t *testing.T, path string, text []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, text, 0o666); err != nil {
		t.Fatal(err)
	}
}

// other is the package that every refers to.
func other() *ir.Package {
	thing := ir.Named{Name: ir.Name{Ident: "Thing"}, Kind: ir.StructKind}
	return &ir.Package{Name: "other", ImportPath: otherPath, Files: []*ir.File{{Name: "other_gen.go", Source: "com.example.other", Decls: []ir.Decl{
		&ir.Struct{Name: "Thing", About: "is it.", Role: ir.Object, LexiconType: "com.example.other#thing"},
		&ir.Union{Name: "ThingUnion", About: "is one of", Constructor: "NewThingUnion", Variants: []ir.Variant{
			{Type: thing.Name, LexiconType: "com.example.other#thing"},
		}},
		&ir.List{Name: "Things", About: "is it.", Type: ir.Slice{Elem: thing}},
	}}}}
}

// every is the package that holds every construct.
func every() *ir.Package {
	group := ir.Group{
		NSID: "com.example", Handler: "Handler", Unimplemented: "UnimplementedHandler",
		EndpointList: "Endpoints", Client: "Client", Endpoints: everyEndpoint(),
	}
	server, client := group, group
	server.Part, client.Part = ir.Server, ir.Client
	return &ir.Package{
		Name: "every", ImportPath: everyPath,
		Imports: []ir.Import{{Path: otherPath, Name: "other"}},
		Files: []*ir.File{
			{Name: "types_gen.go", Source: "com.example.every", Decls: everyType()},
			{Name: "structs_gen.go", Source: "com.example.every", Decls: []ir.Decl{
				&ir.NSID{Name: "EveryNSID", Value: "com.example.every", Kind: "record"},
				&ir.Struct{Name: "Every", About: "is it.", Role: ir.Object, LexiconType: "com.example.every", Record: "EveryNSID"},
				&ir.Struct{Name: "Object", About: "is it.", Role: ir.Object, LexiconType: "com.example.every#object", Fields: everyField()},
				&ir.Struct{Name: "Inline", About: "is it.", Role: ir.Object},
				&ir.Struct{Name: "Output", About: "is it.", Role: ir.Output},
				&ir.Struct{Name: "Input", About: "is it.", Role: ir.Input, Fields: everyDefault()},
				&ir.Struct{Name: "Params", About: "is it.", Role: ir.Params, Fields: everyParam()},
				&ir.Struct{Name: "NoParams", About: "is it.", Role: ir.Params},
				&ir.Struct{Name: "NoInput", About: "is it.", Role: ir.Input},
			}},
			{Name: "server_gen.go", Source: "com.example.*", Decls: []ir.Decl{&server}},
			{Name: "client_gen.go", Source: "com.example.*", Decls: []ir.Decl{&client}},
		},
	}
}

// everyType declares a type of every kind.
func everyType() []ir.Decl {
	variants := []ir.Variant{
		{Type: aView.Name, LexiconType: "com.example.every#view"},
		{Type: aThing.Name, LexiconType: "com.example.other#thing"},
	}
	return []ir.Decl{
		&ir.Struct{Name: "View", About: "is it.", Role: ir.Object, LexiconType: "com.example.every#view"},
		&ir.Union{Name: "Choice", About: "is one of", Constructor: "NewChoice", Variants: variants},
		&ir.Union{Name: "Closed", About: "is one of", Constructor: "NewClosed", Variants: variants, Closed: true},
		&ir.Union{Name: "Anything", About: "is an object.", Constructor: "NewAnything"},
		&ir.List{
			Name: "Views", About: "is it.", Checks: []ir.Check{{Method: "MaxLength", On: ir.Length, Args: []any{int64(3)}}},
			Type: ir.Slice{Elem: aChoice},
		},
		&ir.List{Name: "Words", About: "is it.", Type: ir.Slice{Elem: aString, Checks: []ir.Check{{Method: "Enum", On: ir.Value, Args: []any{"a", "b"}}}}},
		&ir.List{Name: "Blobs", About: "is it.", Type: ir.Slice{Elem: aBlob}},
		&ir.List{Name: "Table", About: "is it.", Type: ir.Slice{Elem: someViews}},
		&ir.ScalarType{Name: "Sort", About: "is it.", Kind: ir.String, Values: []ir.Constant{{Name: "SortUp", Value: "up"}}},
		&ir.ScalarType{Name: "Score", About: "is it.", Kind: ir.Int},
		&ir.ScalarType{Name: "Flag", About: "is it.", Kind: ir.Bool},
		&ir.Alias{Name: "Avatar", About: "is it.", Type: aBlob},
		&ir.Alias{Name: "Alias", About: "is it.", Type: aThing},
		&ir.Alias{Name: "Actor", About: "is it.", Type: aDID},
		&ir.Token{Name: "Spam", About: "is it.", Value: "com.example.every#spam"},
		&ir.NSID{Name: "AuthFullNSID", Value: "com.example.authFull", Kind: "permission set"},
		&ir.PermissionSet{
			Name: "AuthFull", About: "returns it.", Const: "AuthFullNSID", Title: "All", Detail: "Everything",
			TitleLangs:  []ir.Translation{{Language: "de", Text: "Alles"}},
			Permissions: []ir.Permission{{Resource: "rpc", Usable: true, Fields: []ir.Member{{Key: "n", Value: []any{int64(1), true, "x"}}}}},
		},
		&ir.Directory{
			Prefixes:  []string{"com.example"},
			Symbols:   []ir.Symbol{{Key: "com.example.every", Ident: "Every"}},
			Documents: []string{`{"lexicon":1}`, "`"},
		},
	}
}

// The types that a field may have.
var (
	aString    = ir.Scalar{Kind: ir.String}
	aDID       = ir.Scalar{Kind: ir.String, Named: ir.Name{ImportPath: syntaxPath, Ident: "DID"}}
	aSort      = ir.Scalar{Kind: ir.String, Named: ir.Name{Ident: "Sort"}}
	anInt      = ir.Scalar{Kind: ir.Int}
	aScore     = ir.Scalar{Kind: ir.Int, Named: ir.Name{Ident: "Score"}}
	aBool      = ir.Scalar{Kind: ir.Bool}
	aFlag      = ir.Scalar{Kind: ir.Bool, Named: ir.Name{Ident: "Flag"}}
	someBytes  = ir.Data{Kind: ir.Bytes}
	aLink      = ir.Data{Kind: ir.CIDLink}
	aBlob      = ir.Data{Kind: ir.Blob}
	anAvatar   = ir.Data{Kind: ir.Blob, Named: ir.Name{Ident: "Avatar"}}
	anUnknown  = ir.Data{Kind: ir.Unknown}
	aView      = ir.Named{Name: ir.Name{Ident: "View"}, Kind: ir.StructKind}
	aThing     = ir.Named{Name: ir.Name{ImportPath: otherPath, Ident: "Thing"}, Kind: ir.StructKind}
	aChoice    = ir.Named{Name: ir.Name{Ident: "Choice"}, Kind: ir.UnionKind}
	aUnion     = ir.Named{Name: ir.Name{ImportPath: otherPath, Ident: "ThingUnion"}, Kind: ir.UnionKind}
	someViews  = ir.Named{Name: ir.Name{Ident: "Views"}, Kind: ir.ListKind}
	someThings = ir.Named{Name: ir.Name{ImportPath: otherPath, Ident: "Things"}, Kind: ir.ListKind}
)

// constraints returns checks that a value of a type may have.
func constraints(t ir.Type) []ir.Check {
	switch t := t.(type) {
	case ir.Scalar:
		return scalarConstraints(t)
	case ir.Data:
		switch t.Kind {
		case ir.Bytes:
			return []ir.Check{{Method: "MaxLength", On: ir.Length, Args: []any{int64(9)}}}
		case ir.Blob:
			return []ir.Check{
				{Method: "Accept", On: ir.MIMEType, Args: []any{"image/png", "image/jpeg", "image/a-name-that-is-long", "image/another-name"}},
				{Method: "MaxSize", On: ir.Size, Args: []any{int64(1) << 40}},
			}
		}
	case ir.Slice:
		return []ir.Check{{Method: "MinLength", On: ir.Length, Args: []any{int64(1)}}}
	}
	return nil
}

func scalarConstraints(t ir.Scalar) []ir.Check {
	switch t.Kind {
	case ir.Bool:
		return []ir.Check{{Method: "Const", On: ir.Value, Args: []any{true}}}
	case ir.Int:
		return []ir.Check{
			{Method: "Integer", On: ir.Plain},
			{Method: "IntegerEnum", On: ir.Plain, Args: []any{int64(1), int64(2)}},
			{Method: "Const", On: ir.Value, Args: []any{int64(1) << 53}},
		}
	}
	return []ir.Check{
		{Method: "MaxLength", On: ir.Length, Args: []any{int64(9)}},
		{Method: "MaxGraphemes", On: ir.Plain, Args: []any{int64(9)}},
		{Method: "DID", On: ir.Value, As: aDID.Named},
		{Method: "Const", On: ir.Value, Args: []any{"did:plc:x"}},
		{Method: "Enum", On: ir.Plain, Args: []any{"a", "b"}},
	}
}

// everyField returns a field of each type in each way of being present.
func everyField() []*ir.Field {
	types := []ir.Type{
		aString, aDID, aSort, anInt, aScore, aBool, aFlag, someBytes, aLink, aBlob, anAvatar, anUnknown, aView, aThing, aChoice, aUnion, someViews, someThings,
	}
	for _, elem := range types[:len(types):len(types)] {
		types = append(types, ir.Slice{Elem: elem}, ir.Slice{Elem: elem, Checks: constraints(elem)})
	}
	var fields []*ir.Field
	for i, t := range types {
		optional := ir.Optional
		switch t.(type) {
		case ir.Named, ir.Slice:
			optional = ir.OptionalNil
		}
		for j, field := range []ir.Field{
			{Presence: ir.Required},
			{Presence: optional},
			{Presence: ir.Required, Nullable: true},
			{Presence: optional, Nullable: true},
			{Presence: ir.Required, Pointer: t == ir.Type(aView)},
			{Presence: optional, Nullable: true, Checks: constraints(t)},
			{Presence: optional, Checks: constraints(t)},
		} {
			field.Name, field.JSON, field.Type = fmt.Sprintf("F%d_%d", i, j), fmt.Sprintf("f%d_%d", i, j), t
			fields = append(fields, &field)
		}
	}
	return fields
}

// everyDefault returns a field of each scalar type with a default.
func everyDefault() []*ir.Field {
	var fields []*ir.Field
	for i, t := range []ir.Scalar{aString, aDID, aSort, anInt, aScore, aBool, aFlag} {
		value := map[ir.ScalarKind]any{ir.Bool: true, ir.Int: int64(-5), ir.String: "x"}[t.Kind]
		for j, field := range []ir.Field{
			{Presence: ir.Required},
			{Presence: ir.Optional},
			{Presence: ir.Required, Nullable: true},
			{Presence: ir.Optional, Nullable: true},
		} {
			field.Name, field.JSON, field.Type, field.Default = fmt.Sprintf("D%d_%d", i, j), fmt.Sprintf("d%d_%d", i, j), t, value
			fields = append(fields, &field)
		}
	}
	return fields
}

// everyParam returns a parameter of each type in each way of being present.
func everyParam() []*ir.Field {
	var fields []*ir.Field
	for i, t := range []ir.Scalar{aString, aDID, aSort, anInt, aScore, aBool, aFlag} {
		value := map[ir.ScalarKind]any{ir.Bool: true, ir.Int: int64(-5), ir.String: "x"}[t.Kind]
		for j, field := range []ir.Field{
			{Type: t, Presence: ir.Required, Checks: constraints(t)},
			{Type: t, Presence: ir.Optional, Checks: constraints(t)},
			{Type: t, Presence: ir.Required, Default: value},
			{Type: t, Presence: ir.Optional, Default: value},
			{Type: ir.Slice{Elem: t}, Presence: ir.Required},
			{Type: ir.Slice{Elem: t, Checks: constraints(t)}, Presence: ir.OptionalNil},
		} {
			field.Name, field.JSON = fmt.Sprintf("P%d_%d", i, j), fmt.Sprintf("p%d_%d", i, j)
			fields = append(fields, &field)
		}
	}
	return fields
}

// everyEndpoint returns an endpoint for each combination of parameters and bodies.
func everyEndpoint() []*ir.Endpoint {
	var endpoints []*ir.Endpoint
	for i := range 2 * 3 * 3 {
		e := &ir.Endpoint{NSID: "com.example.every", Const: "EveryNSID", Method: fmt.Sprintf("M%d", i), Kind: ir.Procedure}
		if i%2 == 1 {
			e.Params = "Params"
		}
		e.Input, e.InputEncoding = everyBody("Input", i/2%3)
		e.Output, e.OutputEncoding = everyBody("Output", i/2/3)
		endpoints = append(endpoints, e)
	}
	for _, body := range []string{"Choice", "Closed", "Anything", "Views", "Alias"} {
		e := &ir.Endpoint{NSID: "com.example.every", Const: "EveryNSID", Method: body, Kind: ir.Procedure}
		e.Input, e.InputEncoding = everyBody(body, 1)
		e.Output, e.OutputEncoding = everyBody(body, 1)
		endpoints = append(endpoints, e)
	}
	return endpoints
}

// everyBody returns no body, one of a type, or a stream.
func everyBody(name string, i int) (typ, encoding string) {
	return []string{"", name, ""}[i], []string{"", "application/json", "*/*"}[i]
}
