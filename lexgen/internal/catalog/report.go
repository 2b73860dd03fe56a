package catalog

import (
	"fmt"
	"slices"
	"strings"

	"github.com/lexgen-go/lexgen/lexgen/internal/diag"
	"github.com/lexgen-go/lexgen/lexgen/internal/lexicon"
	"github.com/lexgen-go/lexgen/lexgen/internal/source"
)

// unknownDocument reports a reference to a document that does not exist,
// unless a file that could not be read lies where the document would be.
func (l *linker) unknownDocument(r *lexicon.Reference) {
	for _, doc := range l.unnamed {
		if spells(doc.File, r.NSID) {
			return
		}
	}
	finding := l.diags.Errorf(r.Span, diag.UnresolvedRef, "ref %q: no such document", r.Text)
	var ids []string
	for _, doc := range l.catalog.documents {
		ids = append(ids, string(doc.ID))
	}
	similar, importPath := diag.Suggest(string(r.NSID), ids), l.packageOf(r.NSID)
	switch {
	case similar != "":
		finding.Hint("did you mean %s?", similar)
	case importPath != "":
		finding.Hint("the package %s lists no such lexicon; use a version of it that does", importPath)
	default:
		finding.Hint("add %s to the lexicons", filePath(r.NSID))
	}
}

// unknownDef reports a reference to a def that its document does not have.
func (l *linker) unknownDef(doc *lexicon.Document, r *lexicon.Reference) {
	if doc.Broken {
		return
	}
	l.diags.Errorf(r.Span, diag.UnresolvedRef, "ref %q: no such def", r.Text).
		Hint("%s", l.defHint(doc, r.Name))
}

const maxListed = 8 // names of defs in one hint

func (l *linker) defHint(doc *lexicon.Document, name string) string {
	var names []string
	for _, def := range doc.Defs {
		names = append(names, def.Name)
	}
	similar := diag.Suggest(name, names)
	if similar == "" {
		if elsewhere := l.defElsewhere(name); elsewhere != "" {
			return fmt.Sprintf("did you mean %s?", elsewhere)
		}
	}
	owner := string(doc.ID)
	if owner == "" {
		owner = "the document"
	}
	switch {
	case len(names) <= maxListed:
		return fmt.Sprintf("%s has %s", owner, strings.Join(names, ", "))
	case similar != "":
		return fmt.Sprintf("did you mean %s?", lexicon.Key(doc.ID, similar))
	}
	return fmt.Sprintf("%s has %s and %d more",
		owner, strings.Join(names[:maxListed], ", "), len(names)-maxListed)
}

// defElsewhere returns the first def of another document that has the given
// name, or "". Every document may have a main, so that name tells nothing.
func (l *linker) defElsewhere(name string) string {
	if name == lexicon.Main {
		return ""
	}
	for _, doc := range l.catalog.documents {
		if def := doc.Def(name); def != nil {
			return def.Key()
		}
	}
	return ""
}

func (l *linker) wrongTarget(r *lexicon.Reference, def *lexicon.Def, kind refKind) {
	found := lexicon.TypeName(def.Schema)
	where := place(def.NameSpan)
	switch kind {
	case bodyRef:
		l.diags.Errorf(r.Span, diag.RefTarget, "ref %q: a body cannot be of type %s", r.Text, found).
			Hint("a body is an object or a record; %s is at %s", def.Key(), where)
	case unionRef:
		l.diags.Errorf(r.Span, diag.RefTarget, "ref %q: a variant cannot be of type %s", r.Text, found).
			Hint("a variant is an object or a record; %s is at %s", def.Key(), where)
	default:
		l.diags.Errorf(r.Span, diag.RefTarget, "ref %q: the type %s holds no data", r.Text, found).
			Hint("refer to a data type or a record; %s is at %s", def.Key(), where)
	}
}

// place prints the position of a span.
func place(s source.Span) string {
	at := s.Position()
	return fmt.Sprintf("%s:%d:%d", s.File.Name, at.Line, at.Column)
}

// reportCycle warns about a group of types that no value can satisfy.
func (l *linker) reportCycle(group []*lexicon.Def, edges map[*lexicon.Def][]edge) {
	circle := shortestCircle(group, edges)
	names := []string{group[0].Key()}
	for _, e := range circle {
		names = append(names, e.to.Key())
	}
	l.diags.Warningf(circle[0].ref.Span, diag.RequiredCycle, "a value of %s must contain another one without end", group[0].Key()).
		Hint("make a property optional or nullable in %s", strings.Join(names, " -> "))
}

// shortestCircle returns the edges of a shortest way from the first def of a
// group back to it.
func shortestCircle(group []*lexicon.Def, edges map[*lexicon.Def][]edge) []edge {
	arrival := map[*lexicon.Def]edge{}
	for queue := []*lexicon.Def{group[0]}; len(queue) > 0; queue = queue[1:] {
		for _, e := range edges[queue[0]] {
			if _, seen := arrival[e.to]; seen || !slices.Contains(group, e.to) {
				continue
			}
			arrival[e.to] = e
			queue = append(queue, e.to)
		}
	}
	circle := []edge{arrival[group[0]]}
	for circle[0].from != group[0] {
		circle = append([]edge{arrival[circle[0].from]}, circle...)
	}
	return circle
}
