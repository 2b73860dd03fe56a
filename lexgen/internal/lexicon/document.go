// Package lexicon turns the JSON tree of a lexicon document into typed
// definitions and checks every rule that needs no other document. See
// https://atproto.com/specs/lexicon.
//
// The shape of the JSON (types of values, required keys, which type may stand
// where) is the business of the metaschema package. [Decode] accepts any tree
// and puts a placeholder where the shape is wrong, without reporting it again.
package lexicon

import (
	"github.com/lexgen-go/lexgen/lexgen/internal/source"
	"github.com/lexgen-go/lexgen/runtime/syntax"
)

// Main is the name of the def that an NSID without a fragment means.
const Main = "main"

// Document is a lexicon document.
type Document struct {
	File *source.File
	// ID is the NSID with its authority in lower case, or "" if the document
	// does not tell it.
	ID syntax.NSID
	// IDSpan is the place of the NSID, or the start of the file.
	IDSpan      source.Span
	Description string
	// Defs are the definitions in declared order, broken ones included.
	Defs []*Def
	// Broken says that the document holds, or may hold, defs that could not be
	// read. A def that seems to be missing is then no finding.
	Broken bool
}

// Def returns the def with the given name, or nil.
func (d *Document) Def(name string) *Def {
	for _, def := range d.Defs {
		if def.Name == name {
			return def
		}
	}
	return nil
}

// Def is an entry of the defs of a document.
type Def struct {
	Document *Document
	Name     string
	NameSpan source.Span
	// Schema is what the def defines: a primary type, a token, or a data type
	// other than a ref, a union or an unknown. It is a *Broken if the document
	// has something else there.
	Schema Node
}

// Key returns the canonical name of the def: the NSID, followed by # and the
// name of the def unless that is main.
func (d *Def) Key() string { return Key(d.Document.ID, d.Name) }

// Key returns the canonical name of a def of the document with the given NSID.
func Key(id syntax.NSID, name string) string {
	if name == Main {
		return string(id)
	}
	return string(id) + "#" + name
}

// Reference is a ref, or an entry of the refs of a union.
type Reference struct {
	// Span is the place of the string in the document.
	Span source.Span
	// Text is the string as it is written.
	Text string
	// NSID is the document referred to, with its authority in lower case: for
	// "#name" the document that holds the reference.
	NSID syntax.NSID
	// Name is the def referred to, main if the text has no fragment. It is ""
	// if the text is not a reference.
	Name string
}

// Key returns the canonical name of the def referred to.
func (r *Reference) Key() string { return Key(r.NSID, r.Name) }
