package lower_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lexgen-go/lexgen/lexgen/internal/diag"
	"github.com/lexgen-go/lexgen/lexgen/internal/ir"
	"github.com/lexgen-go/lexgen/lexgen/internal/lower"
)

func str(name, json string, presence ir.Presence) *ir.Field {
	return &ir.Field{Name: name, JSON: json, Presence: presence, Type: ir.Scalar{Kind: ir.String}}
}

// TestDefs lowers each type of def, the inline types of objects included.
func TestDefs(t *testing.T) {
	t.Parallel()
	const key = "com.example.app.thing"
	for _, test := range []struct {
		name, defs string
		want       []ir.Decl
	}{
		{
			"object", `"main": {"type": "object", "description": "D.", "properties": {"x": {"type": "string"}}}`,
			[]ir.Decl{&ir.Struct{
				Name: "AppThing", About: "is com.example.app.thing.", Doc: "D.", Role: ir.Object, LexiconType: key,
				Fields: []*ir.Field{str("X", "x", ir.Optional)},
			}},
		},
		{
			"record", `"main": {"type": "record", "key": "tid", "description": "R.", "record":
				{"type": "object", "description": "O.", "required": ["x"], "properties": {"x": {"type": "string"}}}}`,
			[]ir.Decl{
				&ir.NSID{Name: "AppThingNSID", Value: key, Kind: "record", Doc: "R."},
				&ir.Struct{
					Name: "AppThing", About: "is the record com.example.app.thing.", Doc: "R.\n\nO.", Role: ir.Object,
					LexiconType: key, Record: "AppThingNSID", Fields: []*ir.Field{str("X", "x", ir.Required)},
				},
			},
		},
		{
			"token", `"spam": {"type": "token", "description": "D."}`,
			[]ir.Decl{&ir.Token{Name: "AppThingSpam", About: "is the token com.example.app.thing#spam.", Doc: "D.", Value: key + "#spam"}},
		},
		{
			"known values", `"kind": {"type": "string", "knownValues": ["com.example.app.thing#a", "com.example.app.defs#b", "!c", "!c", ""]}`,
			[]ir.Decl{&ir.ScalarType{
				Name: "AppThingKind", About: "is com.example.app.thing#kind.", Kind: ir.String, Values: []ir.Constant{
					{Name: "AppThingKindA", Value: "com.example.app.thing#a"},
					{Name: "AppThingKindAppB", Value: "com.example.app.defs#b"},
					{Name: "AppThingKindC", Value: "!c"},
					{Name: "AppThingKindEmpty", Value: ""},
				},
			}},
		},
		{
			"enum beside known values", `"kind": {"type": "string", "enum": ["a"], "knownValues": ["a", "b"]}`,
			[]ir.Decl{&ir.ScalarType{
				Name: "AppThingKind", About: "is com.example.app.thing#kind.", Kind: ir.String, Closed: true,
				Values: []ir.Constant{{Name: "AppThingKindA", Value: "a"}},
			}},
		},
		{
			"scalars", `"s": {"type": "string"}, "i": {"type": "integer", "description": "D."}, "b": {"type": "boolean"}`,
			[]ir.Decl{
				&ir.ScalarType{Name: "AppThingS", About: "is com.example.app.thing#s.", Kind: ir.String},
				&ir.ScalarType{Name: "AppThingI", About: "is com.example.app.thing#i.", Doc: "D.", Kind: ir.Int},
				&ir.ScalarType{Name: "AppThingB", About: "is com.example.app.thing#b.", Kind: ir.Bool},
			},
		},
		{
			"aliases", `"who": {"type": "string", "format": "did"}, "pic": {"type": "blob", "description": "D.", "maxSize": 5}, "raw": {"type": "bytes"}, "link": {"type": "cid-link"}`,
			[]ir.Decl{
				&ir.Alias{Name: "AppThingWho", About: "is com.example.app.thing#who.", Type: named("DID")},
				&ir.Alias{Name: "AppThingPic", About: "is com.example.app.thing#pic.", Doc: "D.", Type: ir.Data{Kind: ir.Blob}},
				&ir.Alias{Name: "AppThingRaw", About: "is com.example.app.thing#raw.", Type: ir.Data{Kind: ir.Bytes}},
				&ir.Alias{Name: "AppThingLink", About: "is com.example.app.thing#link.", Type: ir.Data{Kind: ir.CIDLink}},
			},
		},
		{
			"list of unions", `"list": {"type": "array", "description": "D.", "maxLength": 2, "items": {"type": "union", "description": "I.", "refs": ["#x"]}},
				"x": {"type": "object", "properties": {}}`,
			[]ir.Decl{
				&ir.List{
					Name: "AppThingList", About: "is com.example.app.thing#list.", Doc: "D.\n\nI.",
					Type: ir.Slice{Elem: generated("AppThingListItemUnion", ir.UnionKind)}, Checks: []ir.Check{check("MaxLength", ir.Length, int64(2))},
				},
				&ir.Union{
					Name: "AppThingListItemUnion", About: "is one of", Constructor: "NewAppThingListItemUnion",
					Variants: []ir.Variant{{Type: ir.Name{Ident: "AppThingX"}, LexiconType: "com.example.app.thing#x"}},
				},
				&ir.Struct{Name: "AppThingX", About: "is com.example.app.thing#x.", Role: ir.Object, LexiconType: "com.example.app.thing#x"},
			},
		},
		{
			"closed and empty unions", `"main": {"type": "object", "properties": {
				"closed": {"type": "union", "closed": true, "refs": ["com.example.app.thing"]}, "free": {"type": "union", "refs": []}}}`,
			[]ir.Decl{
				&ir.Struct{Name: "AppThing", About: "is com.example.app.thing.", Role: ir.Object, LexiconType: key, Fields: []*ir.Field{
					{Name: "Closed", JSON: "closed", Presence: ir.OptionalNil, Type: generated("AppThingClosedUnion", ir.UnionKind)},
					{Name: "Free", JSON: "free", Presence: ir.OptionalNil, Type: generated("AppThingFreeUnion", ir.UnionKind)},
				}},
				&ir.Union{
					Name: "AppThingClosedUnion", About: "is one of", Constructor: "NewAppThingClosedUnion", Closed: true,
					Variants: []ir.Variant{{Type: ir.Name{Ident: "AppThing"}, LexiconType: key}},
				},
				&ir.Union{
					Name: "AppThingFreeUnion", Constructor: "NewAppThingFreeUnion",
					About: "is an object of any type that its $type names: a [*lexdata.UnknownVariant]",
				},
			},
		},
		{
			"inline types", `"main": {"type": "object", "properties": {
				"validate": {"type": "object", "properties": {"kinds": {"type": "array", "items": {"type": "string", "knownValues": ["a"]}}}},
				"grid": {"type": "array", "items": {"type": "array", "minLength": 1, "items": {"type": "array", "items": {"type": "string", "description": "I."}}}}}}`,
			[]ir.Decl{
				&ir.Struct{Name: "AppThing", About: "is com.example.app.thing.", Role: ir.Object, LexiconType: key, Fields: []*ir.Field{
					{Name: "Validate_", JSON: "validate", Presence: ir.OptionalNil, Type: generated("AppThingValidate", ir.StructKind)},
					{Name: "Grid", JSON: "grid", Presence: ir.OptionalNil, Type: ir.Slice{Elem: generated("AppThingGridItem", ir.ListKind)}},
				}},
				&ir.Struct{
					Name: "AppThingValidate", About: "is the property validate of com.example.app.thing.", Role: ir.Object,
					Fields: []*ir.Field{{
						Name: "Kinds", JSON: "kinds", Presence: ir.OptionalNil,
						Type: ir.Slice{Elem: ir.Scalar{Kind: ir.String, Named: ir.Name{Ident: "AppThingValidateKindsItem"}}},
					}},
				},
				&ir.ScalarType{
					Name: "AppThingValidateKindsItem", Kind: ir.String, Values: []ir.Constant{{Name: "AppThingValidateKindsItemA", Value: "a"}},
					About: "is the type of an element of the property kinds of the property validate of com.example.app.thing.",
				},
				&ir.List{
					Name: "AppThingGridItem", About: "is an element of the property grid of com.example.app.thing.",
					Type: ir.Slice{Elem: generated("AppThingGridItemItem", ir.ListKind)}, Checks: []ir.Check{check("MinLength", ir.Length, int64(1))},
				},
				&ir.List{
					Name: "AppThingGridItemItem", About: "is an element of an element of the property grid of com.example.app.thing.", Doc: "I.",
					Type: ir.Slice{Elem: ir.Scalar{Kind: ir.String}},
				},
			},
		},
		{
			"subscription", `"main": {"type": "subscription", "description": "D.", "parameters": {"type": "params", "properties": {"x": {"type": "string", "enum": ["a"]}}},
				"message": {"description": "M.", "schema": {"type": "union", "refs": []}}, "errors": [{"name": "Gone"}]}`,
			[]ir.Decl{
				&ir.NSID{Name: "AppThingNSID", Value: key, Kind: "subscription", Doc: "D."},
				&ir.Errors{Endpoint: key, Names: []*ir.ErrorName{{Name: "AppThingErrGone", Value: "Gone"}}},
				&ir.Struct{Name: "AppThingParams", About: "holds the query parameters of com.example.app.thing.", Role: ir.Params, Fields: []*ir.Field{{
					Name: "X", JSON: "x", Presence: ir.Optional, Type: ir.Scalar{Kind: ir.String, Named: ir.Name{Ident: "AppThingParamsX"}},
					Checks: []ir.Check{check("Enum", ir.Plain, "a")},
				}}},
				&ir.ScalarType{
					Name: "AppThingParamsX", About: "is the type of the parameter x of com.example.app.thing.", Kind: ir.String, Closed: true,
					Values: []ir.Constant{{Name: "AppThingParamsXA", Value: "a"}},
				},
				&ir.Union{
					Name: "AppThingMessage", Constructor: "NewAppThingMessage", Doc: "M.",
					About: "is a message of com.example.app.thing: an object of any type that its $type names: a [*lexdata.UnknownVariant]",
				},
			},
		},
		{
			"permission set", `"main": {"type": "permission-set", "description": "D.", "title": "T", "title:lang": {"de": "t"}, "detail": "E", "permissions": [
				{"type": "permission", "resource": "rpc", "inheritAud": true, "lxm": ["com.example.app.get"]},
				{"type": "permission", "resource": "other", "n": 5, "mixed": [1, "a", false]}]}`,
			[]ir.Decl{
				&ir.NSID{Name: "AppThingNSID", Value: key, Kind: "permission set", Doc: "D."},
				&ir.PermissionSet{
					Name: "AppThing", About: "returns the permission set com.example.app.thing.", Doc: "D.", Const: "AppThingNSID",
					Title: "T", TitleLangs: []ir.Translation{{Language: "de", Text: "t"}}, Detail: "E",
					Permissions: []ir.Permission{
						{Resource: "rpc", Usable: true, Fields: []ir.Member{
							{Key: "inheritAud", Value: true}, {Key: "lxm", Value: []any{"com.example.app.get"}},
						}},
						{Resource: "other", Fields: []ir.Member{
							{Key: "n", Value: int64(5)}, {Key: "mixed", Value: []any{int64(1), "a", false}},
						}},
					},
				},
			},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			decls, diags := declsOf(t, key, test.defs)
			if len(diags) > 0 {
				t.Fatalf("got %v", diags)
			}
			if diff := cmp.Diff(decls, test.want); diff != "" {
				t.Errorf("-got +want:\n%s", diff)
			}
		})
	}
}

// TestBodies tells for each kind of body what type and encoding the endpoint has, and what else is
// declared.
func TestBodies(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, body, typ, encoding string
		decls                     []ir.Decl
		warning                   string
	}{
		{"none", ``, "", "", nil, ""},
		{"stream", `, "output": {"encoding": "video/*"}`, "", "video/*", nil, ""},
		{"stream of JSON", `, "output": {"encoding": "application/json"}`, "", "application/json", nil, ""},
		{
			"ignored schema", `, "output": {"encoding": "application/jsonl", "schema": {"type": "object", "properties": {}}}`,
			"", "application/jsonl", nil, "the schema of a body of application/jsonl is ignored",
		},
		{
			"union", `, "output": {"encoding": "application/json", "description": "B.", "schema": {"type": "union", "refs": ["com.example.app.rec"]}}`,
			"AppGetOutput", "application/json",
			[]ir.Decl{&ir.Union{
				Name: "AppGetOutput", About: "is the output of com.example.app.get: one of", Doc: "B.", Constructor: "NewAppGetOutput",
				Variants: []ir.Variant{{Type: ir.Name{Ident: "AppRec"}, LexiconType: "com.example.app.rec"}},
			}},
			"",
		},
		{
			"record", `, "output": {"encoding": "application/json", "schema": {"type": "ref", "ref": "com.example.app.rec"}}`,
			"AppGetOutput", "application/json",
			[]ir.Decl{
				&ir.Alias{Name: "AppGetOutput", About: "is the output of com.example.app.get.", Type: generated("AppRec", ir.StructKind)},
			},
			"",
		},
		{
			"inline", `, "output": {"encoding": "application/json", "schema": {"type": "object", "properties": {"o": {"type": "object", "properties": {}}}}}`,
			"AppGetOutput", "application/json",
			[]ir.Decl{
				&ir.Struct{Name: "AppGetOutput", About: "is the output of com.example.app.get.", Role: ir.Output, Fields: []*ir.Field{
					{Name: "O", JSON: "o", Presence: ir.OptionalNil, Type: generated("AppGetOutputO", ir.StructKind)},
				}},
				&ir.Struct{Name: "AppGetOutputO", About: "is the property o of the output of com.example.app.get.", Role: ir.Output},
			},
			"",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			packages, diags := compile(t, lower.Options{Server: true},
				[2]string{"com.example.app.get", `"main": {"type": "query"` + test.body + `}`},
				[2]string{"com.example.app.rec", `"main": {"type": "record", "key": "any", "record": {"type": "object", "properties": {}}}`},
			)
			got := ""
			for _, d := range diags {
				if d.Severity != diag.Warning || d.Rule != diag.IgnoredSchema {
					t.Errorf("got %v", d)
				}
				got = d.Message
			}
			if got != test.warning {
				t.Errorf("got the warning %q, want %q", got, test.warning)
			}
			endpoint := packages[0].Files[1].Decls[0].(*ir.Group).Endpoints[0]
			if endpoint.Output != test.typ || endpoint.OutputEncoding != test.encoding {
				t.Errorf("got %q in %q, want %q in %q", endpoint.Output, endpoint.OutputEncoding, test.typ, test.encoding)
			}
			want := append([]ir.Decl{&ir.NSID{Name: "AppGetNSID", Value: "com.example.app.get", Kind: "query"}}, test.decls...)
			if diff := cmp.Diff(packages[0].Files[0].Decls, want); diff != "" {
				t.Errorf("-got +want:\n%s", diff)
			}
		})
	}
}
