package lexicon

import (
	"strings"

	"github.com/lexgen-go/lexgen/lexgen/internal/diag"
	"github.com/lexgen-go/lexgen/lexgen/internal/source"
	"github.com/lexgen-go/lexgen/runtime/syntax"
)

func (d *decoder) ref(b Base) Node {
	to := b.JSON.Get("ref")
	if !to.Is(source.String) {
		return &Broken{b}
	}
	return &Ref{Base: b, To: d.reference(to)}
}

func (d *decoder) union(b Base) Node {
	refs := b.JSON.Get("refs")
	if !refs.Is(source.Array) {
		return &Broken{b}
	}
	u := &Union{Base: b, Closed: b.JSON.Get("closed").Bool()}
	if u.Closed && len(refs.Elems) == 0 {
		d.diags.Errorf(refs.Span, diag.ClosedEmptyUnion, "a closed union without refs allows no value").
			Hint("list the variants, or remove closed")
	}
	seen := map[string]bool{}
	for _, elem := range elements(b.JSON, "refs", source.String) {
		r := d.reference(elem)
		if r.Name != "" && seen[r.Key()] {
			d.diags.Errorf(elem.Span, diag.DuplicateVariant, "the union lists %s twice", r.Key()).
				Hint("remove one of them; with and without #main is the same")
			continue
		}
		seen[r.Key()] = true
		u.Refs = append(u.Refs, r)
	}
	return u
}

func (d *decoder) reference(node *source.Node) *Reference {
	r := &Reference{Span: node.Span, Text: node.Text}
	id, name, hasName := strings.Cut(node.Text, "#")
	problem := ""
	switch {
	case node.Text == "":
		problem = "is empty"
	case strings.Contains(name, "#"):
		problem = "has more than one #"
	case hasName && name == "":
		problem = "has no name after the #"
	case id != "":
		if _, err := syntax.ParseNSID(id); err != nil {
			problem = "has no NSID before the #"
			if !hasName {
				problem = "is not an NSID"
			}
		}
	}
	if problem != "" {
		d.diags.Errorf(node.Span, diag.InvalidRef, "the ref %q %s", node.Text, problem).
			Hint("write #name for a def of this document, otherwise an NSID or NSID#name")
		return r
	}
	r.NSID, r.Name = syntax.NSID(id).Normalize(), name
	if id == "" {
		r.NSID = d.doc.ID
	}
	if !hasName {
		r.Name = Main
	}
	return r
}
