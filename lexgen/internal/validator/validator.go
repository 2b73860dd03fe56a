// Package validator checks JSON data against the lexicons of a catalog, without generated code and
// with its rules: it calls the same methods of the same runtime in the same order, so that both
// find the same violations at the same places in the same words.
//
// A def is turned into a tree of schemas once. A schema reads the next value of a
// [lexjson.Reader], which finds what is wrong with the structure, and later checks what it has
// read with a [validate.Checker], which finds the constraints that are broken. Defaults are not
// filled in: data is validated as it is.
//
// It imports catalog, lexicon and the runtime.
package validator

import (
	"sync"

	"github.com/lexgen-go/lexgen/lexgen/internal/catalog"
	"github.com/lexgen-go/lexgen/lexgen/internal/lexicon"
	"github.com/lexgen-go/lexgen/runtime/lexdata"
	"github.com/lexgen-go/lexgen/runtime/lexjson"
	"github.com/lexgen-go/lexgen/runtime/validate"
)

// Validator checks data against the defs of a catalog. It may be used by several goroutines.
type Validator struct {
	catalog *catalog.Catalog

	mu      sync.Mutex // held while schemas are made; they do not change afterwards
	schemas map[*lexicon.Def]schema
}

// Options say how data is validated. The zero value is right for data that somebody wants to write.
type Options struct {
	// Lenient is right for data that others have published: it takes forms that were valid in the
	// past, see [validate.Checker].
	Lenient bool
	// MaxErrors is how many violations the error lists, see [lexdata.Options].
	MaxErrors int
}

// New returns a Validator for the defs of a catalog, in which there must be no errors.
func New(c *catalog.Catalog) *Validator {
	return &Validator{catalog: c, schemas: map[*lexicon.Def]schema{}}
}

// HasData reports whether there is data that has the form of a def: whether it is a record or an
// object, an array, a scalar, bytes, a link, a blob, or a token, whose data is its name. Endpoints
// and permission sets have none.
func HasData(def *lexicon.Def) bool {
	switch def.Schema.(type) {
	case *lexicon.Record, *lexicon.Object, *lexicon.Array, *lexicon.Boolean, *lexicon.Integer, *lexicon.String,
		*lexicon.Bytes, *lexicon.CIDLink, *lexicon.Blob, *lexicon.Token:
		return true
	}
	return false
}

// Validate checks a JSON document against a def for which [HasData] holds. A record must have a
// $type, an object may have one. The error is a [*lexjson.SyntaxError] if data is not well-formed,
// and otherwise a [*validate.Errors] with everything that is wrong.
//
// The rules are those of https://atproto.com/specs/lexicon and
// https://atproto.com/specs/data-model.
func (v *Validator) Validate(def *lexicon.Def, data []byte, options Options) error {
	value := &document{schema: v.schemaOf(def)}
	return lexdata.Decode(data, value, lexdata.Options{Lenient: options.Lenient, MaxErrors: options.MaxErrors})
}

// schema is a type of the Lexicon language with its constraints.
type schema interface {
	// read consumes the value that comes next and returns what it could read.
	read(r *lexjson.Reader) any
	// check reports which constraints break, at the place at which c stands. The value is what
	// read has returned, or nil for a required one that is missing: that is checked as a zero
	// value, as the field of a struct is.
	check(c *validate.Checker, value any)
}

// document is the value of a whole document.
type document struct {
	schema schema
	value  any
}

// DecodeJSON implements [lexjson.Decoder].
func (d *document) DecodeJSON(r *lexjson.Reader) { d.value = d.schema.read(r) }

// Check implements [validate.Checkable].
func (d *document) Check(c *validate.Checker) { d.schema.check(c, d.value) }
