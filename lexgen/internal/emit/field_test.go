package emit_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lexgen-go/lexgen/lexgen/internal/emit"
	"github.com/lexgen-go/lexgen/lexgen/internal/ir"
)

// fieldCase is a field, and what its struct does with it.
type fieldCase struct {
	name string
	role ir.Role // Output if it is not set
	ir.Field
	want string
}

// TestFields demands the type of a field, and the reading, the writing and the checks of its
// property, apart by lines of dashes.
func TestFields(t *testing.T) {
	t.Parallel()
	for _, test := range fieldCases() {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			field := test.Field
			field.Name, field.JSON = "X", "x"
			s := &ir.Struct{Name: "S", About: "is it.", Role: ir.Output, Fields: []*ir.Field{&field}}
			if test.role != 0 {
				s.Role = test.role
			}
			if diff := cmp.Diff(fieldParts(t, s), strings.TrimSpace(test.want)); diff != "" {
				t.Errorf("-got +want:\n%s", diff)
			}
		})
	}
}

// fieldParts prints a struct of one field and returns what differs from field to field. The tag
// stands between single quotes.
func fieldParts(t *testing.T, s *ir.Struct) string {
	t.Helper()
	sources, err := emit.Package(&ir.Package{
		Name: "p", ImportPath: "p", Imports: []ir.Import{{Path: otherPath, Name: "other"}},
		Files: []*ir.File{{Name: "p_gen.go", Decls: []ir.Decl{s}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	text := string(sources[0].Text)
	file, err := parser.ParseFile(token.NewFileSet(), "p_gen.go", text, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	_, declared, _ := strings.Cut(text, "type S struct {\n")
	declared, _, _ = strings.Cut(declared, "\n}\n")
	reset, cases, _ := strings.Cut(body(file, text, "DecodeJSON"), "\nobject := ")
	_, cases, _ = strings.Cut(cases, "case \"x\":\n")
	cases, _, _ = strings.Cut(cases, "\n\tdefault:")
	write := strings.TrimSuffix(strings.TrimPrefix(body(file, text, "EncodeJSON"), "w.BeginObject()\n"), "\nw.EndObject()")
	read := dedent(cases)
	if reset != "*v = S{}" {
		read = reset + "\n" + read
	}
	parts := strings.Join([]string{dedent(declared), read, write, body(file, text, "Check")}, "\n---\n")
	return strings.ReplaceAll(strings.TrimSpace(parts), "`", "'")
}

// body returns the body of a method.
func body(file *ast.File, text, name string) string {
	for _, decl := range file.Decls {
		if f, ok := decl.(*ast.FuncDecl); ok && f.Name.Name == name {
			return dedent(strings.Trim(text[f.Body.Lbrace:f.Body.Rbrace-1], "\n"))
		}
	}
	return fmt.Sprintf("no %s", name)
}

// dedent takes from each line the tabs that the first one begins with.
func dedent(text string) string {
	tabs := text[:len(text)-len(strings.TrimLeft(text, "\t"))]
	return strings.ReplaceAll(strings.TrimPrefix(text, tabs), "\n"+tabs, "\n")
}

func fieldCases() []fieldCase {
	return append(append(append(scalarCases(), dataCases()...), namedCases()...), sliceCases()...)
}

func scalarCases() []fieldCase {
	did := []ir.Check{{Method: "DID", On: ir.Value}}
	return []fieldCase{
		{name: "required", Field: ir.Field{Type: aDID, Presence: ir.Required, Checks: did}, want: `
X syntax.DID 'json:"x"'
---
v.X = syntax.DID(r.String())
---
w.Key("x").String(string(v.X))
---
c.DID("x", v.X)
`},
		{name: "optional", Field: ir.Field{Type: aDID, Presence: ir.Optional, Checks: did}, want: `
X lexdata.Opt[syntax.DID] 'json:"x,omitzero"'
---
v.X = lexdata.Some(syntax.DID(r.String()))
---
if value, ok := v.X.Get(); ok {
	w.Key("x").String(string(value))
}
---
if value, ok := v.X.Get(); ok {
	c.DID("x", value)
}
`},
		{name: "nullable", Field: ir.Field{Type: aDID, Presence: ir.Required, Nullable: true, Checks: did}, want: `
X lexdata.Null[syntax.DID] 'json:"x"'
---
if !r.Null() {
	v.X = lexdata.NonNull(syntax.DID(r.String()))
}
---
if value, ok := v.X.Get(); ok {
	w.Key("x").String(string(value))
} else {
	w.Key("x").Null()
}
---
if value, ok := v.X.Get(); ok {
	c.DID("x", value)
}
`},
		{name: "optional and nullable", Field: ir.Field{Type: aString, Presence: ir.Optional, Nullable: true}, want: `
X lexdata.OptNull[string] 'json:"x,omitzero"'
---
if r.Null() {
	v.X = lexdata.SomeNull[string]()
} else {
	v.X = lexdata.SomeNonNull(r.String())
}
---
if value, ok := v.X.Get(); ok {
	w.Key("x").String(value)
} else if v.X.IsNull() {
	w.Key("x").Null()
}
---
`},
		{name: "default", Field: ir.Field{Type: aSort, Presence: ir.Optional, Default: "asc", Doc: "Which first?"}, want: `
// Which first?
//
// Absence means "asc".
X lexdata.Opt[Sort] 'json:"x,omitzero"'
---
v.X = lexdata.Some(Sort(r.String()))
---
if value, ok := v.X.Get(); ok {
	w.Key("x").String(string(value))
}
---
`},
		{name: "default of an input", role: ir.Input, Field: ir.Field{Type: aSort, Presence: ir.Optional, Default: "asc"}, want: `
// The default is "asc".
X lexdata.Opt[Sort] 'json:"x,omitzero"'
---
*v = S{X: lexdata.Some(Sort("asc"))}
v.X = lexdata.Some(Sort(r.String()))
---
w.Key("x").String(string(v.X.Or("asc")))
---
`},
		{name: "nullable default of an input", role: ir.Input, Field: ir.Field{Type: aScore, Presence: ir.Optional, Nullable: true, Default: int64(1)}, want: `
// The default is 1.
X lexdata.OptNull[Score] 'json:"x,omitzero"'
---
*v = S{X: lexdata.SomeNonNull(Score(1))}
if r.Null() {
	v.X = lexdata.SomeNull[Score]()
} else {
	v.X = lexdata.SomeNonNull(Score(r.Int()))
}
---
if value, ok := v.X.Get(); ok {
	w.Key("x").Int(int64(value))
} else if v.X.IsNull() {
	w.Key("x").Null()
} else {
	w.Key("x").Int(1)
}
---
`},
		{name: "checks", Field: ir.Field{Type: aSort, Presence: ir.Required, Checks: []ir.Check{
			{Method: "MaxLength", On: ir.Length, Args: []any{int64(9)}},
			{Method: "DID", On: ir.Value, As: aDID.Named},
			{Method: "Const", On: ir.Value, Args: []any{"a"}},
			{Method: "Enum", On: ir.Plain, Args: []any{"a", "b"}},
			{Method: "Enum", On: ir.Plain, Args: []any{strings.Repeat("a", 30), strings.Repeat("b", 40)}},
		}}, want: `
X Sort 'json:"x"'
---
v.X = Sort(r.String())
---
w.Key("x").String(string(v.X))
---
c.MaxLength("x", len(v.X), 9)
c.DID("x", syntax.DID(v.X))
validate.Const(c, "x", v.X, "a")
c.Enum("x", string(v.X), "a", "b")
c.Enum(
	"x",
	string(v.X),
	"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
	"bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb",
)
`},
	}
}

func dataCases() []fieldCase {
	image := []ir.Check{
		{Method: "Accept", On: ir.MIMEType, Args: []any{"image/*"}},
		{Method: "MaxSize", On: ir.Size, Args: []any{int64(2000000)}},
	}
	return []fieldCase{
		{name: "blob", Field: ir.Field{Type: aBlob, Presence: ir.Required, Checks: image}, want: `
X lexdata.Blob 'json:"x"'
---
v.X.DecodeJSON(r)
---
v.X.EncodeJSON(w.Key("x"))
---
c.Within("x", &v.X)
c.Accept("x", v.X.MIMEType, "image/*")
c.MaxSize("x", v.X.Size, 2000000)
`},
		{name: "optional blob", Field: ir.Field{Type: anAvatar, Presence: ir.Optional, Checks: image}, want: `
X lexdata.Opt[Avatar] 'json:"x,omitzero"'
---
v.X = lexdata.Some(lexdata.ReadBlob(r))
---
if value, ok := v.X.Get(); ok {
	value.EncodeJSON(w.Key("x"))
}
---
if value, ok := v.X.Get(); ok {
	c.Enter("x")
	value.Check(c)
	c.Leave()
	c.Accept("x", value.MIMEType, "image/*")
	c.MaxSize("x", value.Size, 2000000)
}
`},
		{name: "nullable link", Field: ir.Field{Type: aLink, Presence: ir.Required, Nullable: true}, want: `
X lexdata.Null[lexdata.CIDLink] 'json:"x"'
---
if !r.Null() {
	v.X = lexdata.NonNull(lexdata.ReadCIDLink(r))
}
---
if value, ok := v.X.Get(); ok {
	value.EncodeJSON(w.Key("x"))
} else {
	w.Key("x").Null()
}
---
if value, ok := v.X.Get(); ok {
	c.Enter("x")
	value.Check(c)
	c.Leave()
}
`},
		{name: "optional bytes", Field: ir.Field{Type: someBytes, Presence: ir.Optional, Checks: []ir.Check{
			{Method: "MaxLength", On: ir.Length, Args: []any{int64(9)}},
		}}, want: `
X lexdata.Opt[lexdata.Bytes] 'json:"x,omitzero"'
---
v.X = lexdata.Some(lexdata.ReadBytes(r))
---
if value, ok := v.X.Get(); ok {
	value.EncodeJSON(w.Key("x"))
}
---
if value, ok := v.X.Get(); ok {
	c.MaxLength("x", len(value), 9)
}
`},
		{name: "optional unknown", Field: ir.Field{Type: anUnknown, Presence: ir.Optional}, want: `
X lexdata.Opt[lexdata.Unknown] 'json:"x,omitzero"'
---
v.X = lexdata.Some(lexdata.ReadUnknown(r))
---
if value, ok := v.X.Get(); ok {
	value.EncodeJSON(w.Key("x"))
}
---
if value, ok := v.X.Get(); ok {
	c.Enter("x")
	value.Check(c)
	c.Leave()
}
`},
	}
}

func namedCases() []fieldCase {
	return []fieldCase{
		{name: "struct", Field: ir.Field{Type: aThing, Presence: ir.Required}, want: `
X other.Thing 'json:"x"'
---
v.X.DecodeJSON(r)
---
v.X.EncodeJSON(w.Key("x"))
---
c.Within("x", &v.X)
`},
		{name: "optional struct", Field: ir.Field{Type: aView, Presence: ir.OptionalNil}, want: `
X *View 'json:"x,omitzero"'
---
v.X = new(View)
v.X.DecodeJSON(r)
---
if v.X != nil {
	v.X.EncodeJSON(w.Key("x"))
}
---
if v.X != nil {
	c.Within("x", v.X)
}
`},
		{name: "pointer", Field: ir.Field{Type: aView, Presence: ir.Required, Pointer: true}, want: `
X *View 'json:"x"'
---
v.X = new(View)
v.X.DecodeJSON(r)
---
if v.X != nil {
	v.X.EncodeJSON(w.Key("x"))
} else {
	w.Key("x").Fail("is required")
}
---
c.Required("x", v.X != nil)
if v.X != nil {
	c.Within("x", v.X)
}
`},
		{name: "nullable struct", Field: ir.Field{Type: aView, Presence: ir.Required, Nullable: true}, want: `
X lexdata.Null[*View] 'json:"x"'
---
if !r.Null() {
	value := new(View)
	value.DecodeJSON(r)
	v.X = lexdata.NonNull(value)
}
---
if value := v.X.Or(nil); value != nil {
	value.EncodeJSON(w.Key("x"))
} else {
	w.Key("x").Null()
}
---
if value := v.X.Or(nil); value != nil {
	c.Within("x", value)
}
`},
		{name: "optional and nullable struct", Field: ir.Field{Type: aView, Presence: ir.OptionalNil, Nullable: true}, want: `
X lexdata.OptNull[*View] 'json:"x,omitzero"'
---
if r.Null() {
	v.X = lexdata.SomeNull[*View]()
} else {
	value := new(View)
	value.DecodeJSON(r)
	v.X = lexdata.SomeNonNull(value)
}
---
if value := v.X.Or(nil); value != nil {
	value.EncodeJSON(w.Key("x"))
} else if !v.X.IsZero() {
	w.Key("x").Null()
}
---
if value := v.X.Or(nil); value != nil {
	c.Within("x", value)
}
`},
		{name: "optional union", Field: ir.Field{Type: aChoice, Presence: ir.OptionalNil}, want: `
X Choice 'json:"x,omitzero"'
---
v.X.DecodeJSON(r)
---
if v.X.Value != nil {
	v.X.EncodeJSON(w.Key("x"))
}
---
if v.X.Value != nil {
	c.Within("x", &v.X)
}
`},
		{name: "nullable union", Field: ir.Field{Type: aChoice, Presence: ir.Required, Nullable: true}, want: `
X lexdata.Null[Choice] 'json:"x"'
---
if !r.Null() {
	var value Choice
	value.DecodeJSON(r)
	v.X = lexdata.NonNull(value)
}
---
if value, ok := v.X.Get(); ok {
	value.EncodeJSON(w.Key("x"))
} else {
	w.Key("x").Null()
}
---
if value, ok := v.X.Get(); ok {
	c.Enter("x")
	value.Check(c)
	c.Leave()
}
`},
		{name: "optional list", Field: ir.Field{Type: someViews, Presence: ir.OptionalNil}, want: `
X Views 'json:"x,omitzero"'
---
v.X.DecodeJSON(r)
---
if v.X != nil {
	v.X.EncodeJSON(w.Key("x"))
}
---
if v.X != nil {
	c.Within("x", &v.X)
}
`},
	}
}

func sliceCases() []fieldCase {
	atLeastOne := []ir.Check{{Method: "MinLength", On: ir.Length, Args: []any{int64(1)}}}
	return []fieldCase{
		{name: "optional slice", Field: ir.Field{Type: ir.Slice{Elem: aChoice}, Presence: ir.OptionalNil, Checks: atLeastOne}, want: `
X []Choice 'json:"x,omitzero"'
---
v.X = []Choice{}
array := r.Array()
for array.Next() {
	var item Choice
	item.DecodeJSON(r)
	v.X = append(v.X, item)
}
---
if v.X != nil {
	w.Key("x").BeginArray()
	for i := range v.X {
		v.X[i].EncodeJSON(w)
	}
	w.EndArray()
}
---
if v.X != nil {
	c.MinLength("x", len(v.X), 1)
}
for i := range v.X {
	c.EnterItem("x", i)
	v.X[i].Check(c)
	c.Leave()
}
`},
		{name: "slice of blobs", Field: ir.Field{Presence: ir.Required, Type: ir.Slice{Elem: aBlob, Checks: []ir.Check{
			{Method: "MaxSize", On: ir.Size, Args: []any{int64(9)}},
		}}}, want: `
X []lexdata.Blob 'json:"x"'
---
v.X = []lexdata.Blob{}
array := r.Array()
for array.Next() {
	v.X = append(v.X, lexdata.ReadBlob(r))
}
---
w.Key("x").BeginArray()
for i := range v.X {
	v.X[i].EncodeJSON(w)
}
w.EndArray()
---
for i := range v.X {
	c.EnterItem("x", i)
	v.X[i].Check(c)
	c.MaxSize("", v.X[i].Size, 9)
	c.Leave()
}
`},
		{name: "optional and nullable slice", Field: ir.Field{Presence: ir.OptionalNil, Nullable: true, Checks: atLeastOne, Type: ir.Slice{
			Elem: aDID, Checks: []ir.Check{{Method: "DID", On: ir.Value}},
		}}, want: `
X lexdata.OptNull[[]syntax.DID] 'json:"x,omitzero"'
---
if r.Null() {
	v.X = lexdata.SomeNull[[]syntax.DID]()
} else {
	value := []syntax.DID{}
	array := r.Array()
	for array.Next() {
		value = append(value, syntax.DID(r.String()))
	}
	v.X = lexdata.SomeNonNull(value)
}
---
if value, ok := v.X.Get(); ok {
	w.Key("x").BeginArray()
	for _, item := range value {
		w.String(string(item))
	}
	w.EndArray()
} else if v.X.IsNull() {
	w.Key("x").Null()
}
---
if value, ok := v.X.Get(); ok {
	c.MinLength("x", len(value), 1)
	for i := range value {
		c.EnterItem("x", i)
		c.DID("", value[i])
		c.Leave()
	}
}
`},
	}
}
