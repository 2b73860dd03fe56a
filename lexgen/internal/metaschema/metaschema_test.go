package metaschema_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lexgen-go/lexgen/lexgen/internal/diag"
	"github.com/lexgen-go/lexgen/lexgen/internal/metaschema"
	"github.com/lexgen-go/lexgen/lexgen/internal/source"
)

// document wraps the defs of a document.
func document(defs string) string {
	return `{"lexicon": 1, "id": "com.example.a", "defs": ` + defs + `}`
}

// object is a document whose main is an object with one property.
func object(property string) string {
	return document(`{"main": {"type": "object", "properties": {"p": ` + property + `}}}`)
}

// check returns one line for each finding: the text at its place, the rule,
// the message and the help.
func check(t *testing.T, text string) []string {
	t.Helper()
	tree, problems := source.Parse(source.NewFile("test.json", []byte(text)))
	if len(problems) > 0 {
		t.Fatalf("%s: %s", text, problems[0].Message)
	}
	var lines []string
	for _, d := range metaschema.New().Check(tree) {
		if d.Severity != diag.Error {
			t.Errorf("got a %v, want an error", d.Severity)
		}
		lines = append(lines, fmt.Sprintf("%s [%s] %s (%s)", d.Span.Text(), d.Rule, d.Message, d.Help))
	}
	return lines
}

func TestCheck(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, text string
		want       []string
	}{
		{
			"not an object", `[]`,
			[]string{`[] [lexicon-schema] a lexicon document must be an object, not an array (write it in braces)`},
		},
		{
			"null", `null`,
			[]string{`null [lexicon-schema] a lexicon document must be an object, not null (write {"lexicon": 1, "id": …, "defs": …})`},
		},
		{
			"null in an array", object(`{"type": "string", "enum": [null]}`),
			[]string{`null [lexicon-schema] enum[0] must be a string, not null (remove the entry; only data may be null)`},
		},
		{
			"nothing there", `{}`,
			[]string{
				`{ [lexicon-schema] a lexicon document needs "lexicon" (add "lexicon": …)`,
				`{ [lexicon-schema] a lexicon document needs "id" (add "id": …)`,
				`{ [lexicon-schema] a lexicon document needs "defs" (add "defs": …)`,
			},
		},
		{
			"version", `{"lexicon": "one", "id": 5, "defs": {}}`,
			[]string{
				`"one" [lexicon-version] lexicon must be 1 (1 is the only version of the Lexicon language)`,
				`5 [lexicon-schema] id must be a string, not 5 (write it in double quotes)`,
				`{} [lexicon-schema] defs must not be empty (define something, such as "main")`,
			},
		},
		{"version written otherwise", strings.Replace(object(`{"type": "string"}`), "1", "1.0", 1), nil},
		{
			"def is no object", document(`{"a": "string"}`),
			[]string{`"string" [lexicon-schema] a must be an object, not a string (write it in braces)`},
		},
		{
			"def without type", document(`{"a": {"description": 5}}`),
			[]string{
				`{ [lexicon-schema] a def needs "type" (add "type": …)`,
				`5 [lexicon-schema] description must be a string, not 5 (write it in double quotes)`,
			},
		},
		{
			"misspelled type", object(`{"type": "strnig", "maxLength": "x"}`),
			[]string{`"strnig" [unknown-type] unknown type "strnig" (did you mean "string"?)`},
		},
		{
			"unknown type", document(`{"a": {"type": "zzzzzz"}}`),
			[]string{`"zzzzzz" [unknown-type] unknown type "zzzzzz" (possible here: record, query, procedure, subscription, permission-set, object, array, string, integer, boolean, bytes, cid-link, blob, token)`},
		},
		{
			"type of another kind", object(`{"type": null}`),
			[]string{`null [lexicon-schema] type must be a string, not null (use object, array, string, integer, boolean, bytes, cid-link, blob, ref, union or unknown)`},
		},
		{
			"union as def", document(`{"a": {"type": "union", "refs": []}}`),
			[]string{`"union" [misplaced-type] type "union" is not possible for a def (possible here: record, query, procedure, subscription, permission-set, object, array, string, integer, boolean, bytes, cid-link, blob, token)`},
		},
		{
			"record as property", object(`{"type": "token"}`),
			[]string{`"token" [misplaced-type] type "token" is not possible for a property or an array item (possible here: object, array, string, integer, boolean, bytes, cid-link, blob, ref, union, unknown)`},
		},
		{
			"array without items", object(`{"type": "array"}`),
			[]string{`{ [lexicon-schema] an array needs "items" (add "items": …)`},
		},
		{
			"object with other properties", object(`{"type": "object", "properties": []}`),
			[]string{`[] [lexicon-schema] properties must be an object, not an array (write it in braces)`},
		},
		{"object without properties", object(`{"type": "object"}`), nil},
		{
			"parameters without properties", document(`{"main": {"type": "query", "parameters": {"type": "params"}}}`),
			[]string{`{ [lexicon-schema] a list of parameters needs "properties" (add "properties": …)`},
		},
		{
			"ref and union", document(`{"a": {"type": "object", "properties": {"r": {"type": "ref"}, "u": {"type": "union", "refs": [1], "closed": "x"}}}}`),
			[]string{
				`{ [lexicon-schema] a ref needs "ref" (add "ref": …)`,
				`1 [lexicon-schema] refs[0] must be a string, not 1 (write it in double quotes)`,
				`"x" [lexicon-schema] closed must be a boolean, not a string (write it without quotes)`,
			},
		},
		{
			"string as number", object(`{"type": "string", "maxLength": "10"}`),
			[]string{`"10" [lexicon-schema] maxLength must be an integer, not a string (write it without quotes)`},
		},
		{
			"fraction", object(`{"type": "integer", "maximum": 1.5}`),
			[]string{`1.5 [lexicon-schema] maximum must be an integer, not 1.5 (the data model has no fractions)`},
		},
		{"integers written otherwise", object(`{"type": "string", "minLength": -0.0, "maxLength": 1e2}`), nil},
		{
			"negative length", object(`{"type": "bytes", "maxLength": -1}`),
			[]string{`-1 [lexicon-schema] maxLength must not be negative (it is -1)`},
		},
		{
			"size of zero", object(`{"type": "blob", "maxSize": 0}`),
			[]string{`0 [lexicon-schema] maxSize must be at least 1 (it is 0)`},
		},
		{"greatest integers", object(`{"type": "integer", "minimum": -9223372036854775808, "maximum": 9223372036854775807}`), nil},
		{
			"integers too large", object(`{"type": "integer", "minimum": -9223372036854775809, "maximum": 1e99999999999}`),
			[]string{
				`-9223372036854775809 [lexicon-schema] minimum does not fit into 64 bits (it is -9223372036854775809)`,
				`1e99999999999 [lexicon-schema] maximum does not fit into 64 bits (it is 1e99999999999)`,
			},
		},
		{
			"null", object(`{"type": "string", "default": null}`),
			[]string{`null [lexicon-schema] default must be a string, not null (leave the key out; only data may be null)`},
		},
		{
			"record", document(`{"main": {"type": "record", "record": {"properties": {}}}}`),
			[]string{
				`{ [lexicon-schema] a record needs "key" (add "key": …)`,
				`{ [lexicon-schema] the schema of a record needs "type" (add "type": …)`,
			},
		},
		{
			"ref as record", document(`{"main": {"type": "record", "key": "tid", "record": {"type": "ref", "ref": "#a"}}}`),
			[]string{`"ref" [misplaced-type] type "ref" is not possible for the schema of a record (possible here: object)`},
		},
		{
			"bodies", document(`{"main": {"type": "procedure", "input": {"schema": {"type": "string"}}, "output": []}}`),
			[]string{
				`{ [lexicon-schema] a body needs "encoding" (add "encoding": …)`,
				`"string" [misplaced-type] type "string" is not possible for the schema of a body (possible here: object, ref, union)`,
				`[] [lexicon-schema] output must be an object, not an array (write it in braces)`,
			},
		},
		{
			"parameters", document(`{"main": {"type": "query", "parameters": {"type": "params", "properties": {
				"a": {"type": "object"}, "b": {"type": "array", "items": {"type": "ref"}}, "c": {"type": "array", "items": {"type": "integer"}}}}}}`),
			[]string{
				`"object" [misplaced-type] type "object" is not possible for a parameter (possible here: boolean, integer, string, array)`,
				`"ref" [misplaced-type] type "ref" is not possible for an item of a parameter (possible here: boolean, integer, string)`,
			},
		},
		{
			"subscription", document(`{"main": {"type": "subscription", "message": {"schema": {"type": "object", "properties": {}}}, "errors": [{}]}}`),
			[]string{
				`"object" [misplaced-type] type "object" is not possible for the schema of a message (possible here: union)`,
				`{ [lexicon-schema] an error needs "name" (add "name": …)`,
			},
		},
		{
			"permissions", document(`{"main": {"type": "permission-set", "permissions": [
				{"type": "permission", "resource": ""},
				{"type": "permission", "resource": "repo", "collection": [], "action": ["creat"]},
				{"type": "permission", "resource": "rpc", "x": {}}]}}`),
			[]string{
				`"" [lexicon-schema] resource must not be empty (it needs at least one character)`,
				`[] [lexicon-schema] collection must not be empty (list at least one entry)`,
				`"creat" [lexicon-schema] action[0] must be create, update or delete, not "creat" (use create, update or delete)`,
				`{ [lexicon-schema] a permission for rpc needs "lxm" (add "lxm": …)`,
				`{} [lexicon-schema] x must be a string, an integer, a boolean or an array, not an object (write it in double quotes)`,
			},
		},
		{
			"odd keys", document(`{"a/b~c %2f": {"type": "object", "properties": {"12": 1, "": 2}}}`),
			[]string{
				`1 [lexicon-schema] 12 must be an object, not 1 (write it in braces)`,
				`2 [lexicon-schema] "" must be an object, not 2 (write it in braces)`,
			},
		},
		{
			"key that stands for the empty one", document("{\"\ue000\": 1}"),
			[]string{"{\"\ue000\": 1} [lexicon-schema] defs must be an object, not an object (write it in braces)"},
		},
		{"unknown keys", document(`{"a": {"type": "string", "x-note": {"maxLength": "no"}, "description": "d"}}`), nil},
		{"published form", `{"$type": "com.atproto.lexicon.schema", "revision": 1.5, "lexicon": 1, "id": "com.example.a", "defs": {"a": {"type": "token"}}}`, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got := check(t, test.text)
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestCheckAbsentDocument(t *testing.T) {
	t.Parallel()
	if list := metaschema.New().Check(nil); len(list) != 0 {
		t.Errorf("got %v, want nothing", list)
	}
}

func TestCheckDeepDocument(t *testing.T) {
	t.Parallel()
	const levels = source.MaxDepth - 10
	text := document(`{"a": ` + strings.Repeat(`{"type": "array", "items": `, levels) + `{"type": "strnig"}` + strings.Repeat(`}`, levels) + `}`)
	want := []string{`"strnig" [unknown-type] unknown type "strnig" (did you mean "string"?)`}
	if diff := cmp.Diff(want, check(t, text)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
