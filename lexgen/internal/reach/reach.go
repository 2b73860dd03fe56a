// Package reach finds out which defs are wanted: those of the documents that
// the configuration selects, and those that these refer to. It also tells why.
package reach

import (
	"github.com/lexgen-go/lexgen/lexgen/internal/catalog"
	"github.com/lexgen-go/lexgen/lexgen/internal/diag"
	"github.com/lexgen-go/lexgen/lexgen/internal/lexicon"
)

// Wanted says where to start.
type Wanted struct {
	// Include selects the documents whose defs are all wanted. None selects
	// every document.
	Include []Pattern
	// Exclude takes documents out of these. What others refer to stays wanted.
	Exclude []Pattern
	// Elsewhere reports whether the package of a document is generated
	// elsewhere. Such a document is nowhere to start, and is kept as a whole. It
	// may be nil.
	Elsewhere func(*lexicon.Document) bool
}

// Selection is the set of defs that are wanted. It is immutable and may be used
// by several goroutines.
type Selection struct {
	wanted   Wanted
	roots    map[*lexicon.Document]*Pattern // nil for a document that no pattern selects
	arrivals map[*lexicon.Def]Step
}

// Step is a way in which a def is reached.
type Step struct {
	// Def is what is reached.
	Def *lexicon.Def
	// From is the def that refers to it with Ref. Both are nil for a def of a
	// document that is selected.
	From *lexicon.Def
	Ref  *lexicon.Reference
	// Pattern is what selects the document of such a def. It is nil where no
	// pattern is needed.
	Pattern *Pattern
}

// Select finds the defs that are wanted, in time proportional to the size of
// the catalog. A pattern that no document matches is a warning.
func Select(c *catalog.Catalog, wanted Wanted) (*Selection, diag.List) {
	if wanted.Elsewhere == nil {
		wanted.Elsewhere = func(*lexicon.Document) bool { return false }
	}
	s := &Selection{
		wanted:   wanted,
		roots:    map[*lexicon.Document]*Pattern{},
		arrivals: map[*lexicon.Def]Step{},
	}
	list := s.selectRoots(c)
	s.follow(c)
	return s, list
}

// selectRoots matches the documents with the patterns.
func (s *Selection) selectRoots(c *catalog.Catalog) diag.List {
	include, exclude := newPatterns(s.wanted.Include), newPatterns(s.wanted.Exclude)
	var ids []string
	for _, doc := range c.Documents() {
		if s.wanted.Elsewhere(doc) {
			include.match(doc.ID, include.elsewhere)
			exclude.match(doc.ID, exclude.elsewhere)
			continue
		}
		ids = append(ids, string(doc.ID))
		included, excluded := include.match(doc.ID, include.used), exclude.match(doc.ID, exclude.used)
		if excluded == nil && (included != nil || len(include.list) == 0) {
			s.roots[doc] = included
		}
	}
	var list diag.List
	include.reportUnused("include", ids, &list)
	exclude.reportUnused("exclude", ids, &list)
	return list
}

// follow reaches all defs, those that are fewest references away first.
func (s *Selection) follow(c *catalog.Catalog) {
	var queue []*lexicon.Def
	reach := func(step Step) {
		if _, reached := s.arrivals[step.Def]; !reached {
			s.arrivals[step.Def] = step
			queue = append(queue, step.Def)
		}
	}
	for _, doc := range c.Documents() {
		if pattern, isRoot := s.roots[doc]; isRoot {
			for _, def := range doc.Defs {
				reach(Step{Def: def, Pattern: pattern})
			}
		}
	}
	for ; len(queue) > 0; queue = queue[1:] {
		from := queue[0]
		if s.wanted.Elsewhere(from.Document) {
			continue
		}
		for _, ref := range references(from) {
			if to := c.Target(ref); to != nil {
				reach(Step{Def: to, From: from, Ref: ref})
			}
		}
	}
}

// references returns the references of a def, in declared order.
func references(def *lexicon.Def) []*lexicon.Reference {
	var refs []*lexicon.Reference
	lexicon.Walk(def.Schema, func(n lexicon.Node) bool {
		switch n := n.(type) {
		case *lexicon.Ref:
			refs = append(refs, n.To)
		case *lexicon.Union:
			refs = append(refs, n.Refs...)
		}
		return true
	})
	return refs
}

// Keep reports whether a def is wanted.
func (s *Selection) Keep(def *lexicon.Def) bool {
	_, reached := s.arrivals[def]
	return reached || s.wanted.Elsewhere(def.Document)
}

// Why returns a shortest chain of steps that reaches a def: the def itself
// first, one of a selected document last. It is empty for a def that no step
// reaches.
func (s *Selection) Why(def *lexicon.Def) []Step {
	var chain []Step
	for def != nil {
		step, reached := s.arrivals[def]
		if !reached {
			return nil
		}
		chain = append(chain, step)
		def = step.From
	}
	return chain
}

// Excluded returns the pattern that takes a document out, or nil.
func (s *Selection) Excluded(doc *lexicon.Document) *Pattern {
	exclude := newPatterns(s.wanted.Exclude)
	return exclude.match(doc.ID, exclude.used)
}
