package driver

import (
	"slices"

	"github.com/lexgen-go/lexgen/lexgen/internal/catalog"
	"github.com/lexgen-go/lexgen/lexgen/internal/config"
	"github.com/lexgen-go/lexgen/lexgen/internal/diag"
	"github.com/lexgen-go/lexgen/lexgen/internal/lexicon"
	"github.com/lexgen-go/lexgen/lexgen/internal/reach"
)

// selectDefs finds out which defs are wanted. A pattern that a document without a readable NSID may match
// is no finding.
func (d *driver) selectDefs(cfg *config.Config, c *catalog.Catalog) (*reach.Selection, diag.List) {
	selection, list := reach.Select(c, reach.Wanted{
		Include:   reachPatterns(cfg.Include),
		Exclude:   reachPatterns(cfg.Exclude),
		Elsewhere: d.isElsewhere,
	})
	if d.unnamed {
		return selection, nil
	}
	return selection, list
}

func reachPatterns(configured []config.Pattern) []reach.Pattern {
	var list []reach.Pattern
	for _, p := range configured {
		list = append(list, reach.Pattern{Text: p.Text, Span: p.Span})
	}
	return list
}

// isElsewhere reports whether the package of a document is generated elsewhere.
func (d *driver) isElsewhere(document *lexicon.Document) bool { return d.elsewhere[document.File] }

// wantedDocuments returns the documents of which something is generated, sorted by NSID.
func (d *driver) wantedDocuments(c *catalog.Catalog, selection *reach.Selection) []*lexicon.Document {
	var list []*lexicon.Document
	for _, document := range c.Documents() {
		if !d.isElsewhere(document) && slices.ContainsFunc(document.Defs, selection.Keep) {
			list = append(list, document)
		}
	}
	return list
}
