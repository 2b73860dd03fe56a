package lexicon_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lexgen-go/lexgen/lexgen/internal/diag"
	"github.com/lexgen-go/lexgen/lexgen/internal/lexicon"
	"github.com/lexgen-go/lexgen/lexgen/internal/source"
)

// decode decodes a document that is well-formed JSON.
func decode(t *testing.T, text string) (*lexicon.Document, diag.List) {
	t.Helper()
	file := source.NewFile("com/example/a.json", []byte(text))
	tree, problems := source.Parse(file)
	if tree == nil {
		t.Fatalf("%s: %s", text, problems[0].Message)
	}
	return lexicon.Decode(file, tree)
}

// findings returns one line for each finding: the text at its place, the
// severity, the rule, the message and the help.
func findings(list diag.List) []string {
	var lines []string
	for _, d := range list {
		lines = append(lines, fmt.Sprintf("%s %v [%s] %s (%s)", d.Span.Text(), d.Severity, d.Rule, d.Message, d.Help))
	}
	return lines
}

func document(defs string) string {
	return `{"lexicon": 1, "id": "com.example.a", "defs": ` + defs + `}`
}

// property is a document with one object that has one property.
func property(schema string) string {
	return document(`{"a": {"type": "object", "properties": {"p": ` + schema + `}}}`)
}

func record(key string) string {
	return document(`{"main": {"type": "record", "key": "` + key + `", "record": {"type": "object", "properties": {}}}}`)
}

func query(rest string) string { return document(`{"main": {"type": "query", ` + rest + `}}`) }

func permissions(list string) string {
	return document(`{"main": {"type": "permission-set", "permissions": [` + list + `]}}`)
}

// ruleTest is a document and what Decode finds in it. Those without findings
// show what each rule allows.
type ruleTest struct {
	name, text string
	want       []string
}

func runRules(t *testing.T, tests []ruleTest) {
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			_, list := decode(t, test.text)
			if diff := cmp.Diff(test.want, findings(list)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestDocumentRules(t *testing.T) {
	t.Parallel()
	runRules(t, []ruleTest{
		{
			"id", `{"lexicon": 1, "id": "one-two-three", "defs": {"a": {"type": "token"}}}`,
			[]string{`"one-two-three" error [invalid-nsid] id "one-two-three" is not an NSID: nsid has fewer than three segments (an NSID is a reversed domain name and a name, such as com.example.getThing)`},
		},
		{"id with capitals and digits", `{"lexicon": 1, "id": "cn.8.LEX.stuffX", "defs": {"a": {"type": "token"}}}`, nil},
		{
			"published form", `{"$type": "com.atproto.lexicon.schema", "revision": 3, "note": {}, "lexicon": 1, "id": "com.example.a", "defs": {"a": {"type": "token"}}}`,
			nil,
		},
		{
			"def names", document(`{"": {"type": "token"}, "a#b": {"type": "token"}, "a.b": {"type": "token"}, "a\tb": {"type": "token"}, "8a": {"type": "token"}, "` + strings.Repeat("a", 256) + `": {"type": "token"}}`),
			[]string{
				`"" error [def-name-syntax] a def needs a name (use a letter, then letters and digits)`,
				`"a#b" error [def-name-syntax] the def name "a#b" contains "#" (use a letter, then letters and digits)`,
				`"a.b" error [def-name-syntax] the def name "a.b" contains "." (use a letter, then letters and digits)`,
				`"a\tb" error [def-name-syntax] the def name "a\tb" contains "\t" (use a letter, then letters and digits)`,
				`"8a" warning [def-name-syntax] the def name "8a" is unusual (use a letter, then letters and digits)`,
				`"` + strings.Repeat("a", 256) + `" warning [def-name-syntax] the def name is longer than 255 bytes (use a short name)`,
			},
		},
		{"def names with underscore", document(`{"blob_v0": {"type": "token"}, "cid-link": {"type": "token"}, "X": {"type": "token"}}`), nil},
		{
			"primary type that is not main", document(`{"get": {"type": "query"}, "set": {"type": "permission-set", "permissions": []}}`),
			[]string{
				`"get" error [non-main-primary] a query must be called main, not "get" (a document defines at most one of these; move others to documents of their own)`,
				`"set" error [non-main-primary] a permission-set must be called main, not "set" (a document defines at most one of these; move others to documents of their own)`,
			},
		},
		{"main beside others", document(`{"main": {"type": "query"}, "a": {"type": "token"}, "b": {"type": "integer"}}`), nil},
		{"lone integer", document(`{"demo": {"type": "integer"}}`), nil},
	})
}

func TestObjectRules(t *testing.T) {
	t.Parallel()
	runRules(t, []ruleTest{
		{
			"property names", document(`{"a": {"type": "object", "properties": {"": {"type": "string"}, "$type": {"type": "string"}}}}`),
			[]string{
				`"" error [field-name-syntax] a property needs a name (name the property)`,
				`"$type" error [field-name-syntax] the property name "$type" is reserved (names that start with $ belong to the data model)`,
			},
		},
		{"unusual property names", document(`{"a": {"type": "object", "properties": {"png_128": {"type": "string"}, "cid-link": {"type": "string"}, "8": {"type": "string"}}}}`), nil},
		{
			"required", document(`{"a": {"type": "object", "required": ["nmae", "name", "name"], "nullable": ["zzz"], "properties": {"name": {"type": "string"}}}}`),
			[]string{
				`"nmae" error [unknown-field] required names "nmae", which is not a property (did you mean "name"?)`,
				`"name" warning [duplicate-field] required names "name" twice (remove one of them)`,
				`"zzz" error [unknown-field] nullable names "zzz", which is not a property (there are name)`,
			},
		},
		{
			"required of nothing", document(`{"main": {"type": "query", "parameters": {"type": "params", "required": ["a"], "properties": {}}}}`),
			[]string{`"a" error [unknown-field] required names "a", which is not a property (there are none)`},
		},
		{"required and nullable", document(`{"a": {"type": "object", "required": ["b"], "nullable": ["b", "c"], "properties": {"b": {"type": "string"}, "c": {"type": "string"}}}}`), nil},
		{
			"object without properties", document(`{"a": {"type": "object", "required": []}}`),
			[]string{`"object" warning [no-properties] the object lists no properties (add "properties": {} if it has none)`},
		},
		{
			"object that lost its properties", document(`{"a": {"type": "object", "required": ["b", "c"], "nullable": ["c"]}}`),
			[]string{`"object" error [no-properties] the object lists no properties, but names "b" (add "properties" with a schema for "b")`},
		},
		{
			"misspelled properties", document(`{"a": {"type": "object", "propertys": {"b": {"type": "string"}}, "nullable": ["b"]}}`),
			[]string{`"object" error [no-properties] the object lists no properties, but names "b" (did you mean "properties" instead of "propertys"?)`},
		},
		{"properties of another type", document(`{"a": {"type": "object", "properties": [], "required": ["b"]}}`), nil},
		{"parameters without properties", query(`"parameters": {"type": "params", "required": ["b"]}`), nil},
		{
			"empty properties", document(`{"a": {"type": "object", "properties": {}, "required": ["b"]}}`),
			[]string{`"b" error [unknown-field] required names "b", which is not a property (there are none)`},
		},
		{"object with empty properties", document(`{"a": {"type": "object", "properties": {}}}`), nil},
		{
			"array bounds", property(`{"type": "array", "minLength": 3, "maxLength": 2, "items": {"type": "array", "items": {"type": "string"}}}`),
			[]string{`3 error [empty-range] minLength 3 is above maxLength 2 (no value can satisfy both)`},
		},
		{"equal bounds", property(`{"type": "array", "minLength": 2, "maxLength": 2, "items": {"type": "object", "properties": {}}}`), nil},
	})
}

func TestScalarRules(t *testing.T) {
	t.Parallel()
	runRules(t, []ruleTest{
		{
			"boolean", property(`{"type": "boolean", "default": true, "const": true}`),
			[]string{`"default" error [default-and-const] a default beside a const has no meaning (keep one of the two)`},
		},
		{"boolean with default", property(`{"type": "boolean", "default": true}`), nil},
		{
			"integer range", property(`{"type": "integer", "minimum": 2, "maximum": 1, "default": 9}`),
			[]string{`2 error [empty-range] minimum 2 is above maximum 1 (no value can satisfy both)`},
		},
		{
			"integer values", property(`{"type": "integer", "minimum": 1, "maximum": 3, "enum": [0, 2, 2, 3.0], "default": 1e0}`),
			[]string{
				`0 error [invalid-value] enum value 0 is below minimum (the value must satisfy its own schema)`,
				`2 warning [duplicate-value] enum lists 2 twice (remove one of them)`,
				`1e0 error [invalid-value] default 1e0 is not in enum (the value must satisfy its own schema)`,
			},
		},
		{
			"integer const", property(`{"type": "integer", "maximum": 3, "const": 4, "default": 3}`),
			[]string{
				`4 error [invalid-value] const 4 is above maximum (the value must satisfy its own schema)`,
				`"default" error [default-and-const] a default beside a const has no meaning (keep one of the two)`,
			},
		},
		{"integer within its range", property(`{"type": "integer", "minimum": 1, "maximum": 3, "enum": [1, 3], "default": 1}`), nil},
		{
			"empty enums", document(`{"i": {"type": "integer", "enum": []}, "s": {"type": "string", "enum": []}}`),
			[]string{
				`[] error [empty-enum] enum lists no value, so nothing is valid (list the values, or remove enum)`,
				`[] error [empty-enum] enum lists no value, so nothing is valid (list the values, or remove enum)`,
			},
		},
		{
			"large integers", property(`{"type": "integer", "minimum": -9007199254740992, "maximum": 9007199254740991, "default": 1}`),
			[]string{`-9007199254740992 warning [unsafe-integer] -9007199254740992 is not exact in all JSON implementations (stay between -(2^53-1) and 2^53-1)`},
		},
		{
			"bytes", property(`{"type": "bytes", "minLength": 2, "maxLength": 1}`),
			[]string{`2 error [empty-range] minLength 2 is above maxLength 1 (no value can satisfy both)`},
		},
		{"bytes without bounds", property(`{"type": "bytes", "maxLength": 0}`), nil},
		{
			"accept", property(`{"type": "blob", "accept": ["text/ht*", "*", "*/png", "image/", "image/png; q=1", "image/png", "image/png"]}`),
			[]string{
				`"text/ht*" error [invalid-accept] "text/ht*" is not a media type (use a media type such as image/png, or a glob: image/*, */*)`,
				`"*" error [invalid-accept] "*" is not a media type (use a media type such as image/png, or a glob: image/*, */*)`,
				`"*/png" error [invalid-accept] "*/png" is not a media type (use a media type such as image/png, or a glob: image/*, */*)`,
				`"image/" error [invalid-accept] "image/" is not a media type (use a media type such as image/png, or a glob: image/*, */*)`,
				`"image/png; q=1" error [invalid-accept] "image/png; q=1" is not a media type (use a media type such as image/png, or a glob: image/*, */*)`,
				`"image/png" warning [duplicate-value] accept lists "image/png" twice (remove one of them)`,
			},
		},
		{"accept globs", property(`{"type": "blob", "accept": ["*/*", "image/*", "image/svg+xml", "application/vnd.ipld.car"], "maxSize": 1}`), nil},
	})
}

func TestStringRules(t *testing.T) {
	t.Parallel()
	runRules(t, []ruleTest{
		{
			"formats", document(`{"a": {"type": "string", "format": "date-time"}, "b": {"type": "string", "format": "space-ref"}}`),
			[]string{
				`"date-time" warning [unknown-format] unknown string format "date-time" (did you mean "datetime"? as it is, any string is accepted)`,
				`"space-ref" warning [unknown-format] unknown string format "space-ref" (any string is accepted; the formats are at-identifier, at-uri, cid, datetime, did, handle, language, nsid, record-key, tid, uri)`,
			},
		},
		{
			"bounds", property(`{"type": "string", "minLength": 2, "maxLength": 1, "minGraphemes": 5, "maxGraphemes": 4, "default": "x"}`),
			[]string{
				`2 error [empty-range] minLength 2 is above maxLength 1 (no value can satisfy both)`,
				`5 error [empty-range] minGraphemes 5 is above maxGraphemes 4 (no value can satisfy both)`,
			},
		},
		{
			"lengths", property(`{"type": "string", "minLength": 2, "maxLength": 3, "enum": ["a", "éé", "abc"]}`),
			[]string{
				`"a" error [invalid-value] enum value "a" is shorter than minLength (the value must satisfy its own schema)`,
				`"éé" error [invalid-value] enum value "éé" is longer than maxLength (the value must satisfy its own schema)`,
			},
		},
		{
			"graphemes", property(`{"type": "string", "minGraphemes": 2, "maxGraphemes": 3, "enum": ["", "a", "é", "abcd", "👩‍👦 e\u0301 x"]}`),
			[]string{
				`"" error [invalid-value] enum value "" has fewer graphemes than minGraphemes (the value must satisfy its own schema)`,
				`"a" error [invalid-value] enum value "a" has fewer graphemes than minGraphemes (the value must satisfy its own schema)`,
				`"é" error [invalid-value] enum value "é" has fewer graphemes than minGraphemes (the value must satisfy its own schema)`,
				`"abcd" error [invalid-value] enum value "abcd" has more graphemes than maxGraphemes (the value must satisfy its own schema)`,
			},
		},
		{
			"format of values", document(`{"a": {"type": "string", "format": "did", "default": "did:x"}, "b": {"type": "string", "format": "handle", "knownValues": ["x"], "const": "example.com"}}`),
			[]string{`"did:x" error [invalid-value] default "did:x" is not a valid did (the value must satisfy its own schema)`},
		},
		{
			"default outside of enum", property(`{"type": "string", "enum": ["a", "b", "b"], "default": "c"}`),
			[]string{
				`"b" warning [duplicate-value] enum lists "b" twice (remove one of them)`,
				`"c" error [invalid-value] default "c" is not in enum (the value must satisfy its own schema)`,
			},
		},
		{
			"known values", property(`{"type": "string", "knownValues": ["a", "#b", "a"], "default": "c", "const": "c"}`),
			[]string{
				`"a" warning [duplicate-value] knownValues lists "a" twice (remove one of them)`,
				`"default" error [default-and-const] a default beside a const has no meaning (keep one of the two)`,
			},
		},
		{"all is well", property(`{"type": "string", "minLength": 1, "maxLength": 1, "enum": ["a", "b"], "knownValues": ["a"], "default": "a"}`), nil},
	})
}

func TestRefRules(t *testing.T) {
	t.Parallel()
	help := "(write #name for a def of this document, otherwise an NSID or NSID#name)"
	var tests []ruleTest
	for ref, problem := range map[string]string{
		"":                   "is empty",
		"#":                  "has no name after the #",
		"com.example.b#":     "has no name after the #",
		"com.example.b#x#y":  "has more than one #",
		"defs#x":             "has no NSID before the #",
		"view":               "is not an NSID",
		"com.example.b.*":    "is not an NSID",
		"lex:com.example.b":  "is not an NSID",
		"com.example.b#main": "",
		"COM.Example.b":      "",
		"#main":              "",
		"#x_y":               "",
	} {
		test := ruleTest{name: "ref " + ref, text: property(`{"type": "ref", "ref": "` + ref + `"}`)}
		if problem != "" {
			test.want = []string{fmt.Sprintf("%q error [invalid-ref] the ref %q %s %s", ref, ref, problem, help)}
		}
		tests = append(tests, test)
	}
	runRules(t, append(tests,
		ruleTest{
			"union", property(`{"type": "union", "refs": ["#x", "com.example.a#x", "com.example.b#main", "COM.example.b", "", ""]}`),
			[]string{
				`"com.example.a#x" error [duplicate-variant] the union lists com.example.a#x twice (remove one of them; with and without #main is the same)`,
				`"COM.example.b" error [duplicate-variant] the union lists com.example.b twice (remove one of them; with and without #main is the same)`,
				`"" error [invalid-ref] the ref "" is empty ` + help,
				`"" error [invalid-ref] the ref "" is empty ` + help,
			},
		},
		ruleTest{
			"closed and empty", property(`{"type": "union", "refs": [], "closed": true}`),
			[]string{`[] error [closed-empty-union] a closed union without refs allows no value (list the variants, or remove closed)`},
		},
		ruleTest{"open and empty", property(`{"type": "union", "refs": [], "closed": false}`), nil},
		ruleTest{"variants of one name", property(`{"type": "union", "refs": ["com.example.b#view", "com.example.c#view"], "closed": true}`), nil},
	))
}

func TestPrimaryRules(t *testing.T) {
	t.Parallel()
	runRules(t, []ruleTest{
		{
			"record key", record("self"),
			[]string{`"self" error [record-key] "self" does not describe a record key (did you mean "literal:self"?)`},
		},
		{
			"misspelled record key", record("tdi"),
			[]string{`"tdi" error [record-key] "tdi" does not describe a record key (use tid, nsid, any or literal:<record key>)`},
		},
		{
			"literal record key", record("literal:"),
			[]string{`"literal:" error [record-key] "literal:" does not describe a record key (literal: is followed by a record key, such as literal:self)`},
		},
		{"tid", record("tid"), nil},
		{"nsid", record("nsid"), nil},
		{"any", record("any"), nil},
		{"literal", record("literal:self"), nil},
		{
			"encoding", document(`{"main": {"type": "procedure", "input": {"encoding": ""}, "output": {"encoding": "json"}}}`),
			[]string{
				`"" error [invalid-encoding] encoding "" is not a media type (use a media type such as application/json, or a glob: video/*, */*)`,
				`"json" error [invalid-encoding] encoding "json" is not a media type (use a media type such as application/json, or a glob: video/*, */*)`,
			},
		},
		{
			"encoding with parameters", query(`"output": {"encoding": "text/plain;charset=utf-8"}`),
			[]string{`"text/plain;charset=utf-8" error [invalid-encoding] encoding "text/plain;charset=utf-8" is not a media type (leave out the parameters)`},
		},
		{
			"list of encodings", query(`"output": {"encoding": "image/png, image/jpeg"}`),
			[]string{`"image/png, image/jpeg" error [invalid-encoding] encoding "image/png, image/jpeg" is not a media type (name one media type, or a glob such as image/* or */*)`},
		},
		{"encodings", document(`{"main": {"type": "procedure", "input": {"encoding": "*/*"}, "output": {"encoding": "application/vnd.ipld.car"}}}`), nil},
		{
			"errors", query(`"errors": [{"name": ""}, {"name": "Not Found"}, {"name": "Gone"}, {"name": "Gone"}]`),
			[]string{
				`"" error [error-name] the error name "" is not one word (use a name such as AccountNotFound)`,
				`"Not Found" error [error-name] the error name "Not Found" is not one word (use a name such as AccountNotFound)`,
				`"Gone" error [duplicate-error] the error Gone is declared twice (remove one of them)`,
			},
		},
		{"error names", query(`"errors": [{"name": "Gone", "description": "d"}, {"name": "gone"}]`), nil},
		{
			"languages", document(`{"main": {"type": "permission-set", "title": "t", "title:lang": {"pt-BR": "t", "english": "t"}, "detail:lang": {"": "d"}, "permissions": []}}`),
			[]string{
				`"english" error [language-tag] "english" is not a language tag (use a BCP 47 tag such as en, pt-BR or zh-Hant)`,
				`"" error [language-tag] "" is not a language tag (use a BCP 47 tag such as en, pt-BR or zh-Hant)`,
			},
		},
	})
}

func TestPermissionRules(t *testing.T) {
	t.Parallel()
	ignored := "(clients ignore this permission"
	runRules(t, []ruleTest{
		{
			"usable", permissions(`
				{"type": "permission", "resource": "repo", "collection": ["com.example.post"], "action": ["create"]},
				{"type": "permission", "resource": "rpc", "lxm": ["com.example.get"], "aud": "*"},
				{"type": "permission", "resource": "rpc", "lxm": ["*"], "inheritAud": true}`),
			nil,
		},
		{
			"unknown resource", permissions(`{"type": "permission", "resource": "blob", "accept": ["*/*"]}`),
			[]string{`"blob" warning [permission] the resource "blob" is not possible in a permission set ` + ignored + `; repo and rpc are possible)`},
		},
		{
			"unknown field", permissions(`{"type": "permission", "resource": "repo", "collection": ["com.example.post"], "only": true}`),
			[]string{`"only" warning [permission] a permission for repo has no field "only" ` + ignored + `; the fields are collection, action)`},
		},
		{
			"collections", permissions(`{"type": "permission", "resource": "repo", "collection": ["*", "com.example.post"]}`),
			[]string{`"*" warning [permission] collection lists "*", which is not an NSID ` + ignored + `)`},
		},
		{
			"no audience", permissions(`{"type": "permission", "resource": "rpc", "lxm": ["com.example.get"]}`),
			[]string{`"rpc" warning [permission] a permission for rpc needs an audience ` + ignored + `; add "aud": "*" or "inheritAud": true)`},
		},
		{
			"two audiences", permissions(`{"type": "permission", "resource": "rpc", "lxm": ["com.example.get"], "aud": "*", "inheritAud": true}`),
			[]string{`"*" warning [permission] aud and inheritAud exclude each other ` + ignored + `; keep one of the two)`},
		},
		{
			"service", permissions(`{"type": "permission", "resource": "rpc", "lxm": ["com.example.get"], "aud": "did:web:example.com"}`),
			[]string{`"did:web:example.com" warning [permission] a permission set cannot name the service "did:web:example.com" ` + ignored + `; use "aud": "*" or "inheritAud": true)`},
		},
		{
			"everything", permissions(`{"type": "permission", "resource": "rpc", "lxm": ["*"], "aud": "*"}`),
			[]string{`"*" warning [permission] lxm and aud cannot both be * ` + ignored + `; list the endpoints)`},
		},
	})
}
