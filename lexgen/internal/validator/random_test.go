package validator_test

import (
	"bytes"
	"errors"
	"testing"

	"github.com/lexgen-go/lexgen/lexgen/internal/lexicon"
	"github.com/lexgen-go/lexgen/lexgen/internal/validator"
	"github.com/lexgen-go/lexgen/lexgen/internal/validator/sample"
	"github.com/lexgen-go/lexgen/runtime/lexjson"
	"github.com/lexgen-go/lexgen/runtime/validate"
)

// everything is a document with a def of each kind.
const everything = `"main": {"type": "record", "key": "any", "record": {
	"type": "object", "required": ["b", "i", "s", "by", "l", "bl", "u", "a", "o", "r", "un"], "nullable": ["b", "o", "n"], "properties": {
		"b": {"type": "boolean"},
		"i": {"type": "integer", "minimum": -3, "maximum": 7},
		"s": {"type": "string", "minLength": 5, "maxGraphemes": 3},
		"by": {"type": "bytes", "minLength": 1, "maxLength": 4},
		"l": {"type": "cid-link"},
		"bl": {"type": "blob", "accept": ["image/*", "text/plain"], "maxSize": 10},
		"u": {"type": "unknown"},
		"a": {"type": "array", "minLength": 1, "maxLength": 3, "items": {"type": "array", "items": {"type": "string", "format": "did"}}},
		"o": {"type": "object", "required": ["e"], "properties": {"e": {"type": "string", "enum": ["x", "y"]}, "c": {"type": "integer", "const": 4}}},
		"r": {"type": "ref", "ref": "#view"},
		"un": ` + openUnion + `,
		"cl": ` + closedUnion + `,
		"n": {"type": "ref", "ref": "#main"},
		"t": {"type": "ref", "ref": "#tree"}
	}}}, ` + shared

// TestSamplesAreValid demands that what is made without mistakes is valid, for every def but the
// one that no value satisfies.
func TestSamplesAreValid(t *testing.T) {
	t.Parallel()
	c := link(t, document(everything), record)
	v := validator.New(c)
	for _, def := range c.Document("com.example.thing").Defs {
		if def.Name == "circle" {
			continue
		}
		for seed := range uint64(300) {
			data := sample.New(c, seed).Valid(def)
			if err := v.Validate(def, data, validator.Options{}); err != nil {
				t.Fatalf("%s, seed %d: %v\n%s", def.Key(), seed, err, data)
			}
		}
	}
}

// TestSamplesWithMistakes demands that samples with mistakes are rarely valid, and that they are
// seldom no JSON at all, so that they reach the rules.
func TestSamplesWithMistakes(t *testing.T) {
	t.Parallel()
	c := link(t, document(everything), record)
	v, def := validator.New(c), c.Def("com.example.thing", lexicon.Main)
	const samples = 1000
	valid, malformed, wrong := 0, 0, map[string]bool{}
	for seed := range uint64(samples) {
		err := v.Validate(def, sample.New(c, seed).Broken(def, 0.1), validator.Options{})
		var errs *validate.Errors
		var syntaxError *lexjson.SyntaxError
		switch {
		case err == nil:
			valid++
		case errors.As(err, &errs):
			for _, e := range errs.List {
				wrong[e.Problem] = true
			}
		case errors.As(err, &syntaxError):
			malformed++
		}
	}
	if valid > samples/10 || malformed > samples/5 || len(wrong) < 40 {
		t.Errorf("of %d samples %d are valid and %d no JSON; the others break %d rules: %v", samples, valid, malformed, len(wrong), wrong)
	}
}

// FuzzValidate checks that no data makes the validator panic, and that an unknown property with any
// valid value changes nothing.
func FuzzValidate(f *testing.F) {
	c := link(f, document(everything), record)
	v, def := validator.New(c), c.Def("com.example.thing", lexicon.Main)
	for seed := range uint64(20) {
		g := sample.New(c, seed)
		f.Add(g.Valid(def))
		f.Add(g.Broken(def, 0.1))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		_ = v.Validate(def, data, validator.Options{Lenient: true})
		if v.Validate(def, data, validator.Options{}) != nil || bytes.Contains(data, []byte("future")) {
			return
		}
		extended := append([]byte(`{"the future": `), data...)
		extended = append(append(extended, ","...), data[bytes.IndexByte(data, '{')+1:]...)
		var syntaxError *lexjson.SyntaxError // the data is one level deeper now
		if err := v.Validate(def, extended, validator.Options{}); err != nil && !errors.As(err, &syntaxError) {
			t.Errorf("%v\n%s", err, extended)
		}
	})
}
