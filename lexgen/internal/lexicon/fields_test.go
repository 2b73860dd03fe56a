package lexicon_test

import (
	"testing"

	"github.com/lexgen-go/lexgen/lexgen/internal/lexicon"
)

func TestUnexpectedFields(t *testing.T) {
	t.Parallel()
	runRules(t, []ruleTest{
		{
			"input of a query", query(`"input": {"encoding": "*/*"}`),
			[]string{`"input" warning [unexpected-field] "input" does not apply to query (remove it; it applies to procedure)`},
		},
		{
			"maximum of a string", property(`{"type": "string", "maximum": 3}`),
			[]string{`"maximum" warning [unexpected-field] "maximum" does not apply to string (remove it; it applies to integer)`},
		},
		{
			"length of an integer", property(`{"type": "integer", "minLength": 3}`),
			[]string{`"minLength" warning [unexpected-field] "minLength" does not apply to integer (remove it; it applies to array, string, bytes)`},
		},
		{
			"format of an object", document(`{"a": {"type": "object", "properties": {}, "format": "did"}}`),
			[]string{`"format" warning [unexpected-field] "format" does not apply to object (remove it; it applies to string)`},
		},
		{
			"required on a property", property(`{"type": "array", "items": {"type": "string", "required": true, "accept": []}}`),
			[]string{
				`"required" warning [unexpected-field] "required" does not apply to string (remove it; it applies to params, object)`,
				`"accept" warning [unexpected-field] "accept" does not apply to string (remove it; it applies to blob)`,
			},
		},
		{
			"nullable parameters", query(`"parameters": {"type": "params", "properties": {}, "nullable": []}`),
			[]string{`"nullable" warning [unexpected-field] "nullable" does not apply to params (remove it; it applies to object)`},
		},
		{
			"body without a schema around it", query(`"output": {"encoding": "application/json", "properties": {}}`),
			[]string{`"properties" warning [unexpected-field] "properties" does not apply to body (remove it; it applies to params, object)`},
		},
		{
			"encoding of a message", document(`{"main": {"type": "subscription", "message": {"encoding": "*/*", "schema": {"type": "union", "refs": []}}}}`),
			[]string{`"encoding" warning [unexpected-field] "encoding" does not apply to message (remove it; it applies to body)`},
		},
		{
			"on a token", document(`{"a": {"type": "token", "const": "x"}}`),
			[]string{`"const" warning [unexpected-field] "const" does not apply to token (remove it; it applies to string, integer, boolean)`},
		},
		{"in a schema of an unknown type", property(`{"type": "strnig", "maximum": 3}`), nil},
		{"keys that no type has", query(`"$comment": "x", "deprecated": true, "description": "x", "output": {"encoding": "*/*", "x": 1}`), nil},
	})
}

// TestEmptyEnum shows that nothing can go on with a schema that allows no value.
func TestEmptyEnum(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"string", "integer"} {
		doc, list := decode(t, document(`{"a": {"type": "`+name+`", "enum": [], "default": 0}}`))
		if len(list) != 1 || !lexicon.IsBroken(doc.Defs[0].Schema) {
			t.Errorf("%s: got %T and %q, want a placeholder and one finding", name, doc.Defs[0].Schema, findings(list))
		}
	}
}
