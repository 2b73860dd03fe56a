package validator_test

import (
	"errors"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lexgen-go/lexgen/lexgen/internal/catalog"
	"github.com/lexgen-go/lexgen/lexgen/internal/diag"
	"github.com/lexgen-go/lexgen/lexgen/internal/lexicon"
	"github.com/lexgen-go/lexgen/lexgen/internal/metaschema"
	"github.com/lexgen-go/lexgen/lexgen/internal/source"
	"github.com/lexgen-go/lexgen/lexgen/internal/validator"
	"github.com/lexgen-go/lexgen/runtime/lexjson"
	"github.com/lexgen-go/lexgen/runtime/validate"
)

// link makes the catalog of documents, which must have no errors.
func link(t testing.TB, documents ...string) *catalog.Catalog {
	t.Helper()
	shapes := metaschema.New()
	var list []*lexicon.Document
	var found diag.List
	for _, text := range documents {
		file := source.NewFile("test.json", []byte(text))
		root, problems := source.Parse(file)
		found.AddProblems(problems)
		found.Add(shapes.Check(root)...)
		document, mistakes := lexicon.Decode(file, root)
		found.Add(mistakes...)
		list = append(list, document)
	}
	c, mistakes := catalog.Link(list)
	found.Add(mistakes...)
	if found.HasErrors() {
		var b strings.Builder
		if err := diag.WriteText(&b, found); err != nil {
			t.Fatal(err)
		}
		t.Fatal(b.String())
	}
	return c
}

// document returns a document called com.example.thing.
func document(defs string) string {
	return `{"lexicon": 1, "id": "com.example.thing", "defs": {` + defs + `}}`
}

// violations validates data against a def of com.example.thing and returns what is wrong with it.
func violations(t testing.TB, c *catalog.Catalog, def, data string, options validator.Options) []string {
	t.Helper()
	err := validator.New(c).Validate(c.Def("com.example.thing", def), []byte(data), options)
	var errs *validate.Errors
	if !errors.As(err, &errs) {
		if err != nil {
			t.Fatalf("%s: %v", data, err)
		}
		return nil
	}
	var list []string
	for _, e := range errs.List {
		list = append(list, e.Error())
	}
	if errs.Total != len(list) {
		t.Errorf("%d violations, of which %d are listed", errs.Total, len(list))
	}
	return list
}

// ruleTests are schemas of a required property p, values of it, and what is wrong with them.
var ruleTests = []struct {
	name, schema, value string
	want                []string
}{
	{"boolean", `{"type": "boolean"}`, `false`, nil},
	{"boolean of another type", `{"type": "boolean"}`, `"true"`, []string{"p must be a boolean"}},
	{"boolean const", `{"type": "boolean", "const": true}`, `false`, []string{"p must be true"}},
	{"integer", `{"type": "integer"}`, `1.2e1`, nil},
	{"integer of another type", `{"type": "integer"}`, `[]`, []string{"p must be an integer"}},
	{"integer with a fraction", `{"type": "integer"}`, `1.5`, []string{"p must be an integer"}},
	{"unsafe integer", `{"type": "integer"}`, `9007199254740992`, []string{"p must be an integer of at most 53 bits"}},
	{"integer minimum", `{"type": "integer", "minimum": 2}`, `1`, []string{"p must be at least 2"}},
	{"integer maximum", `{"type": "integer", "maximum": 2}`, `3`, []string{"p must be at most 2"}},
	{
		"one bound is broken once", `{"type": "integer", "minimum": 0, "maximum": 2}`, `9007199254740992`,
		[]string{"p must be at most 2"},
	},
	{"integer enum", `{"type": "integer", "enum": [1, 2]}`, `3`, []string{"p must be one of 1, 2"}},
	{"integer const", `{"type": "integer", "const": 4}`, `3`, []string{"p must be 4"}},
	{"string", `{"type": "string"}`, `""`, nil},
	{"string of another type", `{"type": "string"}`, `1`, []string{"p must be a string"}},
	{"string null", `{"type": "string"}`, `null`, []string{"p must be a string"}},
	{"string minLength", `{"type": "string", "minLength": 3}`, `"aé"`, nil},
	{"string shorter", `{"type": "string", "minLength": 3}`, `"ab"`, []string{"p must have a length of at least 3"}},
	{"string longer", `{"type": "string", "maxLength": 2}`, `"aé"`, []string{"p must have a length of at most 2"}},
	{"fewer graphemes", `{"type": "string", "minGraphemes": 2}`, `"👨‍👩‍👧"`, []string{"p must have at least 2 graphemes"}},
	{"more graphemes", `{"type": "string", "maxGraphemes": 1}`, `"ab"`, []string{"p must have at most 1 graphemes"}},
	{"string enum", `{"type": "string", "enum": ["a", "b"]}`, `"c"`, []string{"p must be one of a, b"}},
	{"string const", `{"type": "string", "const": "a"}`, `"c"`, []string{"p must be a"}},
	{"known values", `{"type": "string", "knownValues": ["a"]}`, `"c"`, nil},
	{
		"all constraints of a string", `{"type": "string", "format": "handle", "minLength": 2, "minGraphemes": 3}`, `"a"`,
		[]string{"p must be a valid handle", "p must have a length of at least 2", "p must have at least 3 graphemes"},
	},
	{"bytes", `{"type": "bytes"}`, `{"$bytes": "AQI="}`, nil},
	{"bytes of another type", `{"type": "bytes"}`, `"AQI"`, []string{"p must be an object"}},
	{"bytes without base64", `{"type": "bytes"}`, `{"$bytes": "?"}`, []string{"p.$bytes must be base64"}},
	{"bytes minLength", `{"type": "bytes", "minLength": 3}`, `{"$bytes": "AQI"}`, []string{"p must have a length of at least 3"}},
	{"bytes maxLength", `{"type": "bytes", "maxLength": 1}`, `{"$bytes": "AQI"}`, []string{"p must have a length of at most 1"}},
	{"link", `{"type": "cid-link"}`, link1, nil},
	{"link of another type", `{"type": "cid-link"}`, `"` + cid1 + `"`, []string{"p must be an object"}},
	{"link to nothing", `{"type": "cid-link"}`, `{"$link": "."}`, []string{"p.$link must be a CID of version 1 in base32"}},
	{"blob", `{"type": "blob", "accept": ["image/*"], "maxSize": 5}`, blob("image/png", "5"), nil},
	{"blob of another type", `{"type": "blob"}`, `{"$type": "blob"}`, []string{"p.ref is required", "p.mimeType is required", "p.size is required"}},
	{"blob accept", `{"type": "blob", "accept": ["image/*", "text/plain"]}`, blob("video/mp4", "5"), []string{"p must have a media type of image/*, text/plain"}},
	{"blob maxSize", `{"type": "blob", "maxSize": 4}`, blob("image/png", "5"), []string{"p must have a size of at most 4 bytes"}},
	{"legacy blob", `{"type": "blob"}`, `{"cid": "` + cid1 + `", "mimeType": "image/png"}`, []string{
		"p.cid is not allowed in a blob", "p.$type is required", "p.ref is required", "p.size is required",
	}},
	{"unknown", `{"type": "unknown"}`, `{"$type": "com.example.other", "n": [null]}`, nil},
	{"unknown of another type", `{"type": "unknown"}`, `[]`, []string{"p must be an object"}},
	{"unknown bytes", `{"type": "unknown"}`, `{"$bytes": "AQI"}`, []string{"p.$bytes is not allowed in an object"}},
	{"content of unknown", `{"type": "unknown"}`, `{"n": [0.5]}`, []string{"p.n[0] must be an integer"}},
	{"array", `{"type": "array", "items": {"type": "integer"}}`, `[]`, nil},
	{"array of another type", `{"type": "array", "items": {"type": "integer"}, "minLength": 1}`, `{}`, []string{"p must be an array"}},
	{"array minLength", `{"type": "array", "items": {"type": "integer"}, "minLength": 1}`, `[]`, []string{"p must have a length of at least 1"}},
	{"array maxLength", `{"type": "array", "items": {"type": "integer"}, "maxLength": 1}`, `[1, 2]`, []string{"p must have a length of at most 1"}},
	{"items", `{"type": "array", "items": {"type": "integer", "minimum": 2}}`, `[2, 1, null]`, []string{"p[2] must be an integer", "p[1] must be at least 2"}},
	{
		"array of arrays", `{"type": "array", "items": {"type": "array", "items": {"type": "string", "maxLength": 1}, "maxLength": 1}}`, `[["a"], ["a", "bc"]]`,
		[]string{"p[1] must have a length of at most 1", "p[1][1] must have a length of at most 1"},
	},
	{"inline object", `{"type": "object", "required": ["q"], "properties": {"q": {"type": "string", "maxLength": 1}}}`, `{"q": "ab", "x": 1}`, []string{"p.q must have a length of at most 1"}},
	{"inline object of another type", `{"type": "object", "required": ["q"], "properties": {"q": {"type": "string", "minLength": 1}}}`, `[]`, []string{"p must be an object"}},
	{"$type of an inline object", `{"type": "object", "properties": {}}`, `{"$type": "com.example.other"}`, nil},
	{"ref", `{"type": "ref", "ref": "#view"}`, `{"n": 1}`, nil},
	{"ref with a $type", `{"type": "ref", "ref": "#view"}`, `{"$type": "com.example.thing#view", "n": 1}`, nil},
	{"ref with another $type", `{"type": "ref", "ref": "#view"}`, `{"$type": "com.example.thing", "n": 1}`, []string{"p.$type must be com.example.thing#view"}},
	{"ref to a record", `{"type": "ref", "ref": "com.example.record"}`, `{"$type": "com.example.record"}`, nil},
	{"ref to a record without a $type", `{"type": "ref", "ref": "com.example.record#main"}`, `{}`, []string{"p.$type must be com.example.record"}},
	{"ref to a string", `{"type": "ref", "ref": "#short"}`, `"ab"`, []string{"p must have a length of at most 1"}},
	{"ref to an array", `{"type": "ref", "ref": "#shorts"}`, `["ab", ""]`, []string{"p must have a length of at most 1", "p[0] must have a length of at most 1"}},
	{"open union", openUnion, `{"$type": "com.example.thing#view", "n": 1}`, nil},
	{"open union, $type at the end", openUnion, `{"n": 0, "$type": "com.example.thing#view"}`, []string{"p.n must be at least 1"}},
	{"open union of a record", openUnion, `{"$type": "com.example.record"}`, nil},
	{"open union of another type", openUnion, `{"$type": "com.example.other", "n": 0}`, nil},
	{"open union without $type", openUnion, `{"n": 1}`, []string{"p.$type is required"}},
	{"open union with an empty $type", openUnion, `{"$type": ""}`, []string{"p.$type must be a non-empty string"}},
	{"open union with #main", openUnion, `{"$type": "com.example.record#main", "n": 1.5}`, []string{"p.n must be an integer"}},
	{"open union of a string", openUnion, `"x"`, []string{"p must be an object"}},
	{"open union of a blob", openUnion, blob("image/png", "5"), []string{"p.$type must not be blob"}},
	{"closed union", closedUnion, `{"$type": "com.example.thing#view", "n": 0}`, []string{"p.n must be at least 1"}},
	{
		"closed union of another type", closedUnion, `{"$type": "com.example.thing#short"}`,
		[]string{"p.$type must be one of com.example.thing#view, com.example.record"},
	},
	{"empty union", `{"type": "union", "refs": []}`, `{"$type": "com.example.other"}`, nil},
	{"empty union of a string", `{"type": "union", "refs": []}`, `"x"`, []string{"p must be an object"}},
	{"circle", `{"type": "ref", "ref": "#circle"}`, `{"next": {"next": {}}}`, []string{"p.next.next.next is required"}},
	{"list of lists", `{"type": "ref", "ref": "#tree"}`, `[[], [[1]]]`, []string{"p[1][0][0] must be an array"}},
}

const (
	openUnion   = `{"type": "union", "refs": ["#view", "com.example.record#main"]}`
	closedUnion = `{"type": "union", "closed": true, "refs": ["#view", "com.example.record"]}`

	cid1  = "bafyreievaxfmw7drb3ixcjp4y3ftm2pi3xfgzdgyv5vdd5vtzvsgatbqta"
	link1 = `{"$link": "` + cid1 + `"}`

	record = `{"lexicon": 1, "id": "com.example.record", "defs": {"main": {"type": "record", "key": "tid", "record": {"type": "object", "properties": {}}}}}`
	shared = `
		"view": {"type": "object", "required": ["n"], "properties": {"n": {"type": "integer", "minimum": 1}}},
		"circle": {"type": "object", "required": ["next"], "properties": {"next": {"type": "ref", "ref": "#circle"}}},
		"tree": {"type": "array", "items": {"type": "ref", "ref": "#tree"}},
		"short": {"type": "string", "maxLength": 1},
		"shorts": {"type": "array", "maxLength": 1, "items": {"type": "ref", "ref": "#short"}}`
)

func blob(mediaType, size string) string {
	return `{"$type": "blob", "ref": ` + link1 + `, "mimeType": "` + mediaType + `", "size": ` + size + `}`
}

func TestRules(t *testing.T) {
	t.Parallel()
	for _, test := range ruleTests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			c := link(t, document(`"main": {"type": "object", "required": ["p"], "properties": {"p": `+test.schema+`}}, `+shared), record)
			got := violations(t, c, "main", `{"p": `+test.value+`}`, validator.Options{})
			if diff := cmp.Diff(got, test.want); diff != "" {
				t.Errorf("-got +want:\n%s", diff)
			}
		})
	}
}

// TestFormats demands that each format is checked, by a value of no format.
func TestFormats(t *testing.T) {
	t.Parallel()
	tests := map[string]string{
		"at-identifier": "a valid DID or handle", "at-uri": "a valid at-uri", "cid": "a valid CID", "datetime": "a valid datetime",
		"did": "a valid DID", "handle": "a valid handle", "language": "a valid language tag", "nsid": "a valid NSID",
		"record-key": "a valid record key", "tid": "a valid TID", "uri": "a valid URI",
	}
	for format, want := range tests {
		t.Run(format, func(t *testing.T) {
			t.Parallel()
			c := link(t, document(`"main": {"type": "string", "format": "`+format+`"}`))
			got := violations(t, c, "main", `" "`, validator.Options{})
			if diff := cmp.Diff(got, []string{"the value must be " + want}); diff != "" {
				t.Errorf("-got +want:\n%s", diff)
			}
		})
	}
}

// TestPresence demands of each presence what it means if the property is absent, null, of a wrong
// type, or breaks a constraint.
func TestPresence(t *testing.T) {
	t.Parallel()
	kinds := []struct{ name, schema, wrong, broken, wrongText, brokenText string }{
		{"string", `{"type": "string", "minLength": 2}`, `1`, `"a"`, "p must be a string", "p must have a length of at least 2"},
		{"array", `{"type": "array", "items": {"type": "string"}, "minLength": 2}`, `1`, `[]`, "p must be an array", "p must have a length of at least 2"},
		{"object", `{"type": "ref", "ref": "#view"}`, `1`, `{"n": 0}`, "p must be an object", "p.n must be at least 1"},
		{"union", openUnion, `1`, `{"$type": "com.example.thing#view", "n": 0}`, "p must be an object", "p.n must be at least 1"},
		{"blob", `{"type": "blob", "maxSize": 2}`, `1`, blob("image/png", "3"), "p must be a blob", "p must have a size of at most 2 bytes"},
		{"link", `{"type": "cid-link"}`, `1`, `{"$link": "x"}`, "p must be an object", "p.$link must be a CID of version 1 in base32"},
	}
	presences := []struct{ name, keywords, absent, null string }{
		{"required", `"required": ["p"]`, "p is required", "refused"},
		{"optional", `"required": []`, "", "refused"},
		{"nullable", `"required": ["p"], "nullable": ["p"]`, "p is required", ""},
		{"optional and nullable", `"nullable": ["p"]`, "", ""},
	}
	for _, kind := range kinds {
		for _, presence := range presences {
			t.Run(kind.name+" "+presence.name, func(t *testing.T) {
				t.Parallel()
				c := link(t, document(`"main": {"type": "object", `+presence.keywords+`, "properties": {"p": `+kind.schema+`}}, `+shared), record)
				null := presence.null
				if null != "" {
					null = kind.wrongText
				}
				for data, want := range map[string]string{
					`{}`: presence.absent, `{"p": null}`: null,
					`{"p": ` + kind.wrong + `}`: kind.wrongText, `{"p": ` + kind.broken + `}`: kind.brokenText,
				} {
					if got := strings.Join(violations(t, c, "main", data, validator.Options{}), "; "); got != want {
						t.Errorf("%s: got %q, want %q", data, got, want)
					}
				}
			})
		}
	}
}

// TestDefs validates whole documents against defs of each kind.
func TestDefs(t *testing.T) {
	t.Parallel()
	c := link(t, document(`
		"main": {"type": "record", "key": "any", "record": {"type": "object", "required": ["n"], "properties": {
			"n": {"type": "integer"}, "next": {"type": "ref", "ref": "#main"}}}},
		"b": {"type": "boolean", "const": true},
		"i": {"type": "integer", "maximum": 1},
		"bytes": {"type": "bytes", "maxLength": 1},
		"link": {"type": "cid-link"},
		"blob": {"type": "blob", "accept": ["a/b"]},
		"token": {"type": "token"}, `+shared), record)
	tests := []struct {
		name, def, data string
		want            []string
	}{
		{"record", "main", `{"$type": "com.example.thing", "n": 1, "x": {"y": null}}`, nil},
		{"record without $type", "main", `{"n": 1}`, []string{"$type must be com.example.thing"}},
		{"record of another type", "main", `{"$type": "com.example.record", "n": 1}`, []string{"$type must be com.example.thing"}},
		{"record with #main", "main", `{"$type": "com.example.thing#main", "n": 1}`, []string{"$type must be com.example.thing"}},
		{"record in a record", "main", `{"$type": "com.example.thing", "n": 1, "next": {"n": 1}}`, []string{"next.$type must be com.example.thing"}},
		{"object", "view", `{"n": 1}`, nil},
		{"object with $type", "view", `{"$type": "com.example.thing#view", "n": 1}`, nil},
		{"object of another type", "view", `{"$type": "com.example.thing", "n": 1}`, []string{"$type must be com.example.thing#view"}},
		{"no object", "view", `[]`, []string{"the value must be an object"}},
		{"duplicate key", "view", `{"n": 1, "n": 0}`, []string{"n occurs more than once"}},
		{"empty key", "view", `{"n": 1, "": 0}`, []string{`[""] must not have an empty key`}},
		{"boolean", "b", `false`, []string{"the value must be true"}},
		{"integer", "i", `2`, []string{"the value must be at most 1"}},
		{"string", "short", `"ab"`, []string{"the value must have a length of at most 1"}},
		{"array", "shorts", `["", "ab"]`, []string{"the value must have a length of at most 1", "[1] must have a length of at most 1"}},
		{"bytes", "bytes", `{"$bytes": "AQI"}`, []string{"the value must have a length of at most 1"}},
		{"link", "link", `{"$link": 1}`, []string{"$link must be a string"}},
		{"blob", "blob", blob("a/c", "1"), []string{"the value must have a media type of a/b"}},
		{"token", "token", `"com.example.thing#token"`, nil},
		{"another token", "token", `"token"`, []string{"the value must be com.example.thing#token"}},
		{"token of another type", "token", `1`, []string{"the value must be a string"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got := violations(t, c, test.def, test.data, validator.Options{})
			if diff := cmp.Diff(got, test.want); diff != "" {
				t.Errorf("-got +want:\n%s", diff)
			}
		})
	}
}

// TestLenient demands that forms are taken that were valid in the past, and nothing else.
func TestLenient(t *testing.T) {
	t.Parallel()
	c := link(t, document(`"main": {"type": "record", "key": "any", "record": {"type": "object", "properties": {
		"s": {"type": "string", "maxLength": 1}, "b": {"type": "blob", "maxSize": 1}, "u": `+closedUnion+`}}}, `+shared), record)
	tests := []struct {
		name, data string
		want       []string
	}{
		{"size of a blob", `{"$type": "com.example.thing", "b": ` + blob("a/b", "2") + `}`, nil},
		{"length", `{"$type": "com.example.thing", "s": "ab"}`, []string{"s must have a length of at most 1"}},
		{"old blob", `{"$type": "com.example.thing", "b": {"cid": "` + cid1 + `", "mimeType": "a/b"}}`, nil},
		{"old types", `{"$type": "com.example.thing#main", "u": {"$type": "com.example.record#main"}}`, nil},
		{"structure", `{"$type": "com.example.thing", "s": 1}`, []string{"s must be a string"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got := violations(t, c, "main", test.data, validator.Options{Lenient: true})
			if diff := cmp.Diff(got, test.want); diff != "" {
				t.Errorf("-got +want:\n%s", diff)
			}
			if violations(t, c, "main", test.data, validator.Options{}) == nil {
				t.Error("strict validation takes it too")
			}
		})
	}
}

func TestSyntaxError(t *testing.T) {
	t.Parallel()
	c := link(t, document(shared))
	deep := strings.Repeat("[", lexjson.DefaultMaxDepth+1)
	for name, data := range map[string]string{"no JSON": `{"n": }`, "empty": ``, "two values": `{"n": 1} 2`, "depth": `{"n": 1, "x": ` + deep, "depth of a tree": deep} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := validator.New(c).Validate(c.Def("com.example.thing", "tree"), []byte(data), validator.Options{})
			var syntaxError *lexjson.SyntaxError
			if !errors.As(err, &syntaxError) {
				t.Errorf("got %v, want a syntax error", err)
			}
		})
	}
}

// TestConcurrency lets several goroutines make the same schemas, for the race detector.
func TestConcurrency(t *testing.T) {
	t.Parallel()
	c := link(t, document(shared))
	v := validator.New(c)
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			for _, def := range c.Document("com.example.thing").Defs {
				_ = v.Validate(def, []byte(`{"next": {}}`), validator.Options{})
			}
		})
	}
	group.Wait()
}

func TestHasData(t *testing.T) {
	t.Parallel()
	c := link(t,
		document(`"token": {"type": "token"}, "set": {"type": "object", "properties": {}}`),
		record,
		`{"lexicon": 1, "id": "com.example.query", "defs": {"main": {"type": "query"}}}`,
		`{"lexicon": 1, "id": "com.example.procedure", "defs": {"main": {"type": "procedure"}}}`,
		`{"lexicon": 1, "id": "com.example.set", "defs": {"main": {"type": "permission-set", "permissions": []}}}`,
	)
	want := map[string]bool{
		"com.example.thing#token": true, "com.example.thing#set": true, "com.example.record": true,
		"com.example.query": false, "com.example.procedure": false, "com.example.set": false,
	}
	got := map[string]bool{}
	for _, doc := range c.Documents() {
		for _, def := range doc.Defs {
			got[def.Key()] = validator.HasData(def)
		}
	}
	if diff := cmp.Diff(got, want); diff != "" {
		t.Errorf("-got +want:\n%s", diff)
	}
}

func TestCheckRecordKey(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, kind, key, want string }{
		{"tid", "tid", "3mdxq7kd54k2y", ""},
		{"no tid", "tid", "self", "rkey must be a valid TID"},
		{"nsid", "nsid", "com.example.thing", ""},
		{"no nsid", "nsid", "self", "rkey must be a valid NSID"},
		{"any", "any", "~a:b", ""},
		{"no key", "any", "..", "rkey must be a valid record key"},
		{"literal", "literal:self", "self", ""},
		{"another literal", "literal:self", "Self", "rkey must be self"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			c := link(t, document(`"main": {"type": "record", "key": "`+test.kind+`", "record": {"type": "object", "properties": {}}}`))
			got := ""
			if err := validator.CheckRecordKey(c.Def("com.example.thing", "main").Schema.(*lexicon.Record), test.key); err != nil {
				got = err.Error()
			}
			if got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}
