package lexicon_test

import (
	"reflect"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/lexgen-go/lexgen/lexgen/internal/diag"
	"github.com/lexgen-go/lexgen/lexgen/internal/lexicon"
	"github.com/lexgen-go/lexgen/lexgen/internal/metaschema"
	"github.com/lexgen-go/lexgen/lexgen/internal/source"
)

// everything uses every construct of the language.
const everything = `{
  "lexicon": 1,
  "id": "COM.example.a",
  "description": "doc",
  "defs": {
    "main": {
      "type": "procedure",
      "description": "main",
      "parameters": {"type": "params", "required": ["s"], "properties": {
        "s": {"type": "string"}, "list": {"type": "array", "items": {"type": "integer"}, "maxLength": 5}
      }},
      "input": {"encoding": "Application/JSON", "schema": {"type": "ref", "ref": "#object"}},
      "output": {"encoding": "*/*", "description": "stream"},
      "errors": [{"name": "Gone", "description": "no more"}]
    },
    "object": {
      "type": "object",
      "required": ["z", "n"],
      "nullable": ["n"],
      "properties": {
        "z": {"type": "boolean", "const": true},
        "n": {"type": "integer", "minimum": -1, "maximum": 1e3, "enum": [1, 2], "default": 1},
        "bytes": {"type": "bytes", "minLength": 1, "maxLength": 2},
        "link": {"type": "cid-link"},
        "blob": {"type": "blob", "accept": ["image/*"], "maxSize": 10},
        "ref": {"type": "ref", "ref": "com.Example.b"},
        "union": {"type": "union", "refs": ["#object", "com.example.b#view"], "closed": true},
        "unknown": {"type": "unknown"},
        "inline": {"type": "object", "properties": {}}
      }
    },
    "string": {"type": "string", "format": "did", "minLength": 1, "maxLength": 2, "minGraphemes": 3, "maxGraphemes": 4, "knownValues": ["k"]},
    "token": {"type": "token", "description": "t"}
  }
}`

// ignorePlaces compares schemas without their places.
func ignorePlaces() cmp.Options {
	return cmp.Options{
		cmpopts.IgnoreTypes(source.Span{}),
		cmpopts.IgnoreFields(lexicon.Base{}, "JSON"),
		cmpopts.IgnoreFields(lexicon.Def{}, "Document"),
	}
}

func described(text string) lexicon.Base { return lexicon.Base{Description: text} }

func ptr[T any](v T) *T { return &v }

func TestDecode(t *testing.T) {
	t.Parallel()
	doc, list := decode(t, everything)
	if len(list) > 0 {
		t.Fatalf("got %q, want no finding", findings(list))
	}
	want := &lexicon.Document{
		File:        doc.File,
		ID:          "com.example.a",
		Description: "doc",
		Defs: []*lexicon.Def{
			{Name: "main", Schema: &lexicon.Procedure{
				Base: described("main"),
				Params: &lexicon.Params{Properties: []*lexicon.Property{
					{Name: "s", Schema: &lexicon.String{}, Required: true},
					{Name: "list", Schema: &lexicon.Array{Items: &lexicon.Integer{}, MaxLength: ptr[int64](5)}},
				}},
				Input: &lexicon.Body{Encoding: "application/json", Schema: &lexicon.Ref{
					To: &lexicon.Reference{Text: "#object", NSID: "com.example.a", Name: "object"},
				}},
				Output: &lexicon.Body{Base: described("stream"), Encoding: "*/*"},
				Errors: []*lexicon.ErrorDef{{Base: described("no more"), Name: "Gone"}},
			}},
			{Name: "object", Schema: &lexicon.Object{Properties: []*lexicon.Property{
				{Name: "z", Schema: &lexicon.Boolean{Const: ptr(true)}, Required: true},
				{Name: "n", Required: true, Nullable: true, Schema: &lexicon.Integer{
					Minimum: ptr[int64](-1), Maximum: ptr[int64](1000), Enum: []int64{1, 2}, Default: ptr[int64](1),
				}},
				{Name: "bytes", Schema: &lexicon.Bytes{MinLength: ptr[int64](1), MaxLength: ptr[int64](2)}},
				{Name: "link", Schema: &lexicon.CIDLink{}},
				{Name: "blob", Schema: &lexicon.Blob{Accept: []string{"image/*"}, MaxSize: ptr[int64](10)}},
				{Name: "ref", Schema: &lexicon.Ref{To: &lexicon.Reference{Text: "com.Example.b", NSID: "com.example.b", Name: "main"}}},
				{Name: "union", Schema: &lexicon.Union{Closed: true, Refs: []*lexicon.Reference{
					{Text: "#object", NSID: "com.example.a", Name: "object"},
					{Text: "com.example.b#view", NSID: "com.example.b", Name: "view"},
				}}},
				{Name: "unknown", Schema: &lexicon.Unknown{}},
				{Name: "inline", Schema: &lexicon.Object{}},
			}}},
			{Name: "string", Schema: &lexicon.String{
				Format: "did", MinLength: ptr[int64](1), MaxLength: ptr[int64](2),
				MinGraphemes: ptr[int64](3), MaxGraphemes: ptr[int64](4), KnownValues: []string{"k"},
			}},
			{Name: "token", Schema: &lexicon.Token{Base: described("t")}},
		},
	}
	if diff := cmp.Diff(want, doc, ignorePlaces(), cmpopts.IgnoreFields(lexicon.Document{}, "File")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestDecodeOtherPrimaries(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, text string
		want       lexicon.Node
	}{
		{"record", record("literal:self"), &lexicon.Record{
			Key: lexicon.RecordKey{Kind: lexicon.KeyLiteral, Literal: "self"}, Object: &lexicon.Object{},
		}},
		{"query", query(`"output": {"encoding": "text/plain"}`), &lexicon.Query{
			Output: &lexicon.Body{Encoding: "text/plain"},
		}},
		{
			"subscription", document(`{"main": {"type": "subscription", "message": {"description": "m", "schema": {"type": "union", "refs": []}}}}`),
			&lexicon.Subscription{Message: &lexicon.Message{Base: described("m"), Schema: &lexicon.Union{}}},
		},
		{
			"permission set", document(`{"main": {"type": "permission-set", "title": "t", "title:lang": {"de": "T"}, "detail": "d", "detail:lang": {"pt-BR": "D"},
				"permissions": [{"type": "permission", "resource": "identity", "description": "i"}]}}`),
			&lexicon.PermissionSet{
				Title: "t", TitleLangs: []lexicon.Translation{{Language: "de", Text: "T"}},
				Detail: "d", DetailLangs: []lexicon.Translation{{Language: "pt-BR", Text: "D"}},
				Permissions: []*lexicon.Permission{{Base: described("i"), Resource: "identity"}},
			},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			doc, _ := decode(t, test.text)
			if diff := cmp.Diff(test.want, doc.Defs[0].Schema, ignorePlaces()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestPlaces(t *testing.T) {
	t.Parallel()
	doc, _ := decode(t, everything)
	object := doc.Def("object").Schema.(*lexicon.Object)
	blob := object.Properties[4]
	union := object.Properties[6].Schema.(*lexicon.Union)
	tests := []struct {
		name string
		span source.Span
		want string
	}{
		{"id", doc.IDSpan, `"COM.example.a"`},
		{"def", doc.Def("token").NameSpan, `"token"`},
		{"schema", doc.Def("token").Schema.Span(), `{"type": "token", "description": "t"}`},
		{"property", blob.NameSpan, `"blob"`},
		{"key", blob.Schema.(*lexicon.Blob).SpanOf("maxSize"), "10"},
		{"absent key", object.Properties[3].Schema.(*lexicon.CIDLink).SpanOf("x"), `{"type": "cid-link"}`},
		{"variant", union.Refs[1].Span, `"com.example.b#view"`},
		{"nowhere", (&lexicon.Broken{}).Span(), ""},
	}
	for _, test := range tests {
		if got := test.span.Text(); got != test.want {
			t.Errorf("%s: got %q, want %q", test.name, got, test.want)
		}
	}
	if got, want := union.Refs[0].Key(), "com.example.a#object"; got != want {
		t.Errorf("got key %q, want %q", got, want)
	}
	if got, want := doc.Def("main").Key(), "com.example.a"; got != want {
		t.Errorf("got key %q, want %q", got, want)
	}
}

// TestPlaceholders shows that a wrong shape, which is not the business of
// Decode, becomes a placeholder without a finding.
func TestPlaceholders(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, def string }{
		{"no object", `"string"`},
		{"no type", `{}`},
		{"unknown type", `{"type": "strnig"}`},
		{"misplaced type", `{"type": "union", "refs": ["#"]}`},
		{"object with other properties", `{"type": "object", "required": ["a"], "properties": []}`},
		{"array without items", `{"type": "array"}`},
		{"item without type", `{"type": "array", "items": {}}`},
		{"property of a primary type", `{"type": "object", "properties": {"p": {"type": "query"}}}`},
		{"ref without ref", `{"type": "array", "items": {"type": "ref"}}`},
		{"union without refs", `{"type": "array", "items": {"type": "union"}}`},
		{"record without record", `{"type": "record", "key": "tid"}`},
		{"record of a ref", `{"type": "record", "key": "tid", "record": {"type": "ref", "ref": "#"}}`},
		{"subscription without message", `{"type": "subscription"}`},
		{"message without union", `{"type": "subscription", "message": {"schema": {"type": "object", "properties": {}}}}`},
		{"body of a string", `{"type": "query", "output": {"encoding": "text/plain", "schema": {"type": "string"}}}`},
		{"object as parameter", `{"type": "query", "parameters": {"type": "params", "properties": {"p": {"type": "object", "properties": {}}}}}`},
		{"permission set without permissions", `{"type": "permission-set"}`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			text := document(`{"main": ` + test.def + `}`)
			doc, list := decode(t, text)
			if len(list) > 0 {
				t.Errorf("got %q, want no finding", findings(list))
			}
			if !hasBroken(reflect.ValueOf(doc.Defs[0].Schema)) {
				t.Error("got no placeholder")
			}
			if len(metaschema.New().Check(mustParse(t, text))) == 0 {
				t.Error("the meta-schema reports nothing")
			}
		})
	}
}

func TestBrokenDocuments(t *testing.T) {
	t.Parallel()
	file := source.NewFile("a.json", nil)
	doc, list := lexicon.Decode(file, nil)
	if !doc.Broken || doc.File != file || doc.ID != "" || len(list) > 0 {
		t.Errorf("got %+v, %v, want a placeholder", doc, list)
	}
	for _, text := range []string{`[]`, `{"lexicon": 1, "id": "com.example.a"}`, `{"id": "com.example.a", "defs": []}`} {
		if doc, _ := decode(t, text); !doc.Broken {
			t.Errorf("%s is not broken", text)
		}
	}
	if doc, _ := decode(t, `{"id": 5, "defs": {"a": {"type": "token"}}}`); doc.Broken || doc.ID != "" || doc.Def("a") == nil {
		t.Errorf("got %+v, want a document without ID", doc)
	}
}

func TestWalk(t *testing.T) {
	t.Parallel()
	visited := func(n lexicon.Node, descend bool) []string {
		var names []string
		lexicon.Walk(n, func(n lexicon.Node) bool {
			names = append(names, lexicon.TypeName(n))
			return descend
		})
		return names
	}
	doc, _ := decode(t, everything)
	main := doc.Def("main").Schema
	if diff := cmp.Diff([]string{"procedure", "params", "string", "array", "integer", "ref"}, visited(main, true)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"procedure"}, visited(main, false)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	object := visited(doc.Def("object").Schema, true)
	if want := []string{"object", "boolean", "integer", "bytes", "cid-link", "blob", "ref", "union", "unknown", "object"}; !slices.Equal(object, want) {
		t.Errorf("got %v, want %v", object, want)
	}
	sub, _ := decode(t, document(`{"main": {"type": "subscription", "message": {"schema": {"type": "union", "refs": []}}}}`))
	if got, want := visited(sub.Defs[0].Schema, true), []string{"subscription", "union"}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	rec, _ := decode(t, record("tid"))
	if got, want := visited(rec.Defs[0].Schema, true), []string{"record", "object"}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if got := visited(&lexicon.Broken{}, true); got != nil {
		t.Errorf("got %v for a placeholder, want nothing", got)
	}
}

func mustParse(t *testing.T, text string) *source.Node {
	t.Helper()
	tree, problems := source.Parse(source.NewFile("test.json", []byte(text)))
	if tree == nil {
		t.Fatalf("%s: %s", text, problems[0].Message)
	}
	return tree
}

// hasBroken looks for a placeholder inside of a value.
func hasBroken(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Interface, reflect.Pointer:
		if v.IsNil() {
			return false
		}
		switch v.Interface().(type) {
		case *lexicon.Broken:
			return true
		case *source.Node, *source.File, *lexicon.Document:
			return false
		}
		return hasBroken(v.Elem())
	case reflect.Struct:
		for i := range v.NumField() {
			if hasBroken(v.Field(i)) {
				return true
			}
		}
	case reflect.Slice:
		for i := range v.Len() {
			if hasBroken(v.Index(i)) {
				return true
			}
		}
	}
	return false
}

// FuzzDecode checks that every mistake is found by exactly one of the two
// stages that look at a single document: a document in which neither finds an
// error has no placeholder, and means the same when it is decoded again.
func FuzzDecode(f *testing.F) {
	for _, seed := range []string{
		everything, record("tid"), query(`"errors": [{"name": "A"}]`), property(`{"type": "strnig"}`),
		permissions(`{"type": "permission", "resource": "rpc", "lxm": ["*"], "aud": "*"}`),
		document(`{"main": {"type": "subscription", "message": {"schema": {"type": "union", "refs": ["#a"]}}}}`),
		`[]`, `{"": {"": 1}}`,
	} {
		f.Add([]byte(seed))
	}
	shape := metaschema.New()
	f.Fuzz(func(t *testing.T, data []byte) {
		file := source.NewFile("com/example/a.json", data)
		tree, problems := source.Parse(file)
		findings := shape.Check(tree)
		doc, list := lexicon.Decode(file, tree)
		findings.AddProblems(problems)
		findings.Add(list...)
		for _, d := range findings {
			if d.Message == "" || d.Help == "" && d.Rule != diag.JSONSyntax || d.Span.File != file {
				t.Fatalf("incomplete finding %+v", d)
			}
		}
		if findings.HasErrors() {
			return
		}
		if doc.Broken || doc.ID == "" || hasBroken(reflect.ValueOf(doc.Defs)) {
			t.Fatalf("a placeholder without a finding: %s", data)
		}
		again, secondList := lexicon.Decode(file, tree)
		if !reflect.DeepEqual(doc, again) || !reflect.DeepEqual(list, secondList) {
			t.Fatalf("decoded differently: %s", data)
		}
	})
}
