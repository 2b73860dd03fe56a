package lower_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lexgen-go/lexgen/lexgen/internal/ir"
)

func check(method string, on ir.Operand, args ...any) ir.Check {
	return ir.Check{Method: method, On: on, Args: args}
}

func syntaxName(ident string) ir.Name {
	return ir.Name{ImportPath: "github.com/lexgen-go/lexgen/runtime/syntax", Ident: ident}
}

func named(ident string) ir.Scalar {
	return ir.Scalar{Kind: ir.String, Named: syntaxName(ident)}
}

func generated(ident string, kind ir.NamedKind) ir.Named {
	return ir.Named{Name: ir.Name{Ident: ident}, Kind: kind}
}

func TestTypes(t *testing.T) {
	t.Parallel()
	integer := check("Integer", ir.Plain)
	str := ir.Scalar{Kind: ir.String}
	for _, test := range []struct {
		name, property string
		want           ir.Type
		checks         []ir.Check
	}{
		{"boolean", `{"type": "boolean"}`, ir.Scalar{Kind: ir.Bool}, nil},
		{"constant boolean", `{"type": "boolean", "const": false}`, ir.Scalar{Kind: ir.Bool}, []ir.Check{check("Const", ir.Value, false)}},
		{"free integer", `{"type": "integer"}`, ir.Scalar{Kind: ir.Int}, []ir.Check{integer}},
		{
			"integer with a minimum", `{"type": "integer", "minimum": 0}`,
			ir.Scalar{Kind: ir.Int},
			[]ir.Check{integer, check("Minimum", ir.Plain, int64(0))},
		},
		{
			"integer in a range", `{"type": "integer", "minimum": -1, "maximum": 1}`,
			ir.Scalar{Kind: ir.Int},
			[]ir.Check{check("Minimum", ir.Plain, int64(-1)), check("Maximum", ir.Plain, int64(1))},
		},
		{
			"integer beyond the exact range", `{"type": "integer", "minimum": 0, "maximum": 9007199254740992}`,
			ir.Scalar{Kind: ir.Int},
			[]ir.Check{integer, check("Minimum", ir.Plain, int64(0)), check("Maximum", ir.Plain, int64(9007199254740992))},
		},
		{
			"integer of a set", `{"type": "integer", "enum": [2, 1, 2]}`,
			ir.Scalar{Kind: ir.Int},
			[]ir.Check{check("IntegerEnum", ir.Plain, int64(2), int64(1))},
		},
		{"constant integer", `{"type": "integer", "const": 7}`, ir.Scalar{Kind: ir.Int}, []ir.Check{check("Const", ir.Value, int64(7))}},
		{"string", `{"type": "string"}`, str, nil},
		{
			"bounded string", `{"type": "string", "maxGraphemes": 4, "minGraphemes": 3, "maxLength": 2, "minLength": 1}`, str,
			[]ir.Check{
				check("MinLength", ir.Length, int64(1)), check("MaxLength", ir.Length, int64(2)),
				check("MinGraphemes", ir.Plain, int64(3)), check("MaxGraphemes", ir.Plain, int64(4)),
			},
		},
		{
			"bounds of no use", `{"type": "string", "maxGraphemes": 2147483648, "minLength": 4294967296, "maxLength": 2147483647}`, str,
			[]ir.Check{check("MinLength", ir.Length, int64(2147483647)), check("MaxLength", ir.Length, int64(2147483647))},
		},
		{"constant string", `{"type": "string", "const": "a"}`, str, []ir.Check{check("Const", ir.Value, "a")}},
		{"no known values", `{"type": "string", "knownValues": []}`, str, nil},
		{"known values", `{"type": "string", "knownValues": ["a"]}`, ir.Scalar{Kind: ir.String, Named: ir.Name{Ident: "AppViewP"}}, nil},
		{
			"values of a format", `{"type": "string", "format": "did", "enum": ["did:web:a.com"]}`,
			ir.Scalar{Kind: ir.String, Named: ir.Name{Ident: "AppViewP"}},
			[]ir.Check{{Method: "DID", On: ir.Value, As: syntaxName("DID")}, check("Enum", ir.Plain, "did:web:a.com")},
		},
		{"unknown format", `{"type": "string", "format": "no-such"}`, str, nil},
		{
			"bytes", `{"type": "bytes", "minLength": 1, "maxLength": 2}`,
			ir.Data{Kind: ir.Bytes},
			[]ir.Check{check("MinLength", ir.Length, int64(1)), check("MaxLength", ir.Length, int64(2))},
		},
		{"link", `{"type": "cid-link"}`, ir.Data{Kind: ir.CIDLink}, nil},
		{"blob", `{"type": "blob"}`, ir.Data{Kind: ir.Blob}, nil},
		{
			"blob of a kind", `{"type": "blob", "accept": ["image/*", "video/mp4"], "maxSize": 5000000000}`,
			ir.Data{Kind: ir.Blob},
			[]ir.Check{check("Accept", ir.MIMEType, "image/*", "video/mp4"), check("MaxSize", ir.Size, int64(5000000000))},
		},
		{"unknown", `{"type": "unknown"}`, ir.Data{Kind: ir.Unknown}, nil},
		{"union", `{"type": "union", "refs": ["#other"]}`, generated("AppViewPUnion", ir.UnionKind), nil},
		{"inline object", `{"type": "object", "properties": {}}`, generated("AppViewP", ir.StructKind), nil},
		{"object", `{"type": "ref", "ref": "#other"}`, generated("AppOther", ir.StructKind), nil},
		{"array def", `{"type": "ref", "ref": "#list"}`, generated("AppList", ir.ListKind), nil},
		{
			"string def", `{"type": "ref", "ref": "#name"}`,
			ir.Scalar{Kind: ir.String, Named: ir.Name{Ident: "AppName"}},
			[]ir.Check{check("MaxLength", ir.Length, int64(9)), check("Enum", ir.Plain, "x")},
		},
		{
			"format def", `{"type": "ref", "ref": "#did"}`,
			ir.Scalar{Kind: ir.String, Named: ir.Name{Ident: "AppDID"}},
			[]ir.Check{check("DID", ir.Value)},
		},
		{
			"integer def", `{"type": "ref", "ref": "#count"}`,
			ir.Scalar{Kind: ir.Int, Named: ir.Name{Ident: "AppCount"}},
			[]ir.Check{check("Minimum", ir.Plain, int64(0)), check("Maximum", ir.Plain, int64(9))},
		},
		{
			"blob def", `{"type": "ref", "ref": "#picture"}`,
			ir.Data{Kind: ir.Blob, Named: ir.Name{Ident: "AppPicture"}},
			[]ir.Check{check("MaxSize", ir.Size, int64(9))},
		},
		{
			"array", `{"type": "array", "items": {"type": "string", "format": "did", "maxLength": 9, "default": "did:web:a.com"}, "minLength": 1, "maxLength": 2}`,
			ir.Slice{Elem: named("DID"), Checks: []ir.Check{check("DID", ir.Value), check("MaxLength", ir.Length, int64(9))}},
			[]ir.Check{check("MinLength", ir.Length, int64(1)), check("MaxLength", ir.Length, int64(2))},
		},
		{
			"array of objects", `{"type": "array", "items": {"type": "ref", "ref": "#other"}}`,
			ir.Slice{Elem: generated("AppOther", ir.StructKind)},
			nil,
		},
		{
			"array of inline objects", `{"type": "array", "items": {"type": "object", "properties": {}}}`,
			ir.Slice{Elem: generated("AppViewPItem", ir.StructKind)},
			nil,
		},
		{
			"array of unions", `{"type": "array", "items": {"type": "union", "refs": []}}`,
			ir.Slice{Elem: generated("AppViewPItemUnion", ir.UnionKind)},
			nil,
		},
		{
			"array of arrays", `{"type": "array", "items": {"type": "array", "items": {"type": "string"}, "maxLength": 1}}`,
			ir.Slice{Elem: generated("AppViewPItem", ir.ListKind)},
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
		if diff := cmp.Diff(field.Checks, []ir.Check{check(want, ir.Value)}); diff != "" {
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
		{"optional data", `{"type": "blob"}`, "", ir.Optional, nil},
		{"optional union", `{"type": "union", "refs": []}`, "", ir.OptionalNil, nil},
		{"optional array def", `{"type": "ref", "ref": "#list"}`, "", ir.OptionalNil, nil},
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

func TestNullable(t *testing.T) {
	t.Parallel()
	for _, required := range []string{"", `"p"`} {
		field, diags := fieldOf(t, `{"type": "string"}`, required+`], "nullable": ["p"`)
		if diags.HasErrors() || field == nil {
			t.Fatalf("got %v", diags)
		}
		if isRequired := field.Presence == ir.Required; !field.Nullable || isRequired != (required != "") {
			t.Errorf("required %q: got nullable %v, presence %d", required, field.Nullable, field.Presence)
		}
	}
}

// TestPointers demands pointers where a type would hold itself, and nowhere else.
func TestPointers(t *testing.T) {
	t.Parallel()
	decls, diags := declsOf(t, "com.example.app.thing", `
		"a": {"type": "object", "required": ["cyclic", "inside", "leaf", "nullable"], "nullable": ["nullable"], "properties": {
			"cyclic": {"type": "ref", "ref": "#a"},
			"leaf": {"type": "ref", "ref": "#leaf"},
			"nullable": {"type": "ref", "ref": "#a"},
			"optional": {"type": "ref", "ref": "#a"},
			"inside": {"type": "object", "required": ["deep"], "properties": {"deep": {"type": "ref", "ref": "#a"}}}
		}},
		"leaf": {"type": "object", "properties": {}}`)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	got := map[string]bool{}
	for _, decl := range decls {
		for _, field := range decl.(*ir.Struct).Fields {
			got[field.JSON] = field.Pointer
		}
	}
	want := map[string]bool{"cyclic": true, "leaf": false, "nullable": false, "optional": false, "inside": false, "deep": true}
	if diff := cmp.Diff(got, want); diff != "" {
		t.Errorf("-got +want:\n%s", diff)
	}
}
