// Package catalog holds all lexicon documents of a run, links every ref and
// union variant to the def it means, and checks the rules that need more than
// one document.
package catalog

import (
	"github.com/lexgen-go/lexgen/lexgen/internal/lexicon"
	"github.com/lexgen-go/lexgen/runtime/syntax"
)

// Catalog is a set of linked documents. It is immutable and may be used by
// several goroutines.
type Catalog struct {
	documents []*lexicon.Document // sorted by NSID
	byID      map[syntax.NSID]*lexicon.Document
	targets   map[*lexicon.Reference]*lexicon.Def
	cyclic    map[*lexicon.Reference]bool
	groups    [][]*lexicon.Def
}

// Documents returns the documents sorted by NSID. Documents without a readable
// NSID are left out; of several with the same NSID the first is kept.
func (c *Catalog) Documents() []*lexicon.Document { return c.documents }

// Document returns the document with the given NSID, in any case of its
// authority, or nil.
func (c *Catalog) Document(id syntax.NSID) *lexicon.Document { return c.byID[id.Normalize()] }

// Def returns a def, or nil. It may be a placeholder.
func (c *Catalog) Def(id syntax.NSID, name string) *lexicon.Def {
	if doc := c.Document(id); doc != nil {
		return doc.Def(name)
	}
	return nil
}

// Target returns the def that a reference leads to. It returns nil if there
// is none, if the def is a placeholder, or if the reference may not lead to a
// def of its kind; in each case the mistake is reported.
func (c *Catalog) Target(r *lexicon.Reference) *lexicon.Def { return c.targets[r] }

// OnRequiredCycle reports whether a reference is part of a circle of required
// properties that are not nullable, all of which hold objects by value: a Go
// type that embeds its target by value could not be compiled.
func (c *Catalog) OnRequiredCycle(r *lexicon.Reference) bool { return c.cyclic[r] }

// RequiredCycles returns the groups of defs that require each other, or
// themselves, by value. Groups and their defs are in the order of the catalog.
func (c *Catalog) RequiredCycles() [][]*lexicon.Def { return c.groups }
