package catalog

import (
	"slices"

	"github.com/lexgen-go/lexgen/lexgen/internal/lexicon"
)

// edge is a required property by value: an object of from holds one of to.
type edge struct {
	from, to *lexicon.Def
	ref      *lexicon.Reference
}

// findCycles finds the groups of defs that hold each other by value, marks
// their references, and warns once for each group.
func (l *linker) findCycles() {
	var defs []*lexicon.Def
	edges := map[*lexicon.Def][]edge{}
	for _, doc := range l.catalog.documents {
		for _, def := range doc.Defs {
			defs = append(defs, def)
			edges[def] = l.edges(def)
		}
	}
	for _, group := range components(defs, edges) {
		if !l.markCyclic(group, edges) {
			continue
		}
		l.catalog.groups = append(l.catalog.groups, group)
		l.reportCycle(group, edges)
	}
}

// markCyclic marks the references that stay inside of a group and returns
// whether there are any.
func (l *linker) markCyclic(group []*lexicon.Def, edges map[*lexicon.Def][]edge) bool {
	found := false
	for _, def := range group {
		for _, e := range edges[def] {
			if slices.Contains(group, e.to) {
				l.catalog.cyclic[e.ref] = true
				found = true
			}
		}
	}
	return found
}

func (l *linker) edges(def *lexicon.Def) []edge {
	object := objectOf(def)
	if object == nil {
		return nil
	}
	var list []edge
	for _, r := range requiredRefs(object) {
		if to := l.catalog.targets[r]; to != nil && objectOf(to) != nil {
			list = append(list, edge{from: def, to: to, ref: r})
		}
	}
	return list
}

func objectOf(def *lexicon.Def) *lexicon.Object {
	switch schema := def.Schema.(type) {
	case *lexicon.Object:
		return schema
	case *lexicon.Record:
		return schema.Object
	}
	return nil
}

// requiredRefs returns the references that every value of an object follows,
// those of required inline objects included.
func requiredRefs(object *lexicon.Object) []*lexicon.Reference {
	var list []*lexicon.Reference
	for _, p := range object.Properties {
		if !p.Required || p.Nullable {
			continue
		}
		switch schema := p.Schema.(type) {
		case *lexicon.Ref:
			list = append(list, schema.To)
		case *lexicon.Object:
			list = append(list, requiredRefs(schema)...)
		}
	}
	return list
}

// components returns the strongly connected components of a graph, found with
// Tarjan's algorithm. They and their members are in the order of defs.
func components(defs []*lexicon.Def, edges map[*lexicon.Def][]edge) [][]*lexicon.Def {
	t := &tarjan{edges: edges, index: map[*lexicon.Def]int{}, low: map[*lexicon.Def]int{}, onStack: map[*lexicon.Def]bool{}}
	position := make(map[*lexicon.Def]int, len(defs))
	for i, def := range defs {
		position[def] = i
		if _, seen := t.index[def]; !seen {
			t.visit(def)
		}
	}
	byPosition := func(a, b *lexicon.Def) int { return position[a] - position[b] }
	for _, group := range t.groups {
		slices.SortFunc(group, byPosition)
	}
	slices.SortFunc(t.groups, func(a, b []*lexicon.Def) int { return byPosition(a[0], b[0]) })
	return t.groups
}

type tarjan struct {
	edges      map[*lexicon.Def][]edge
	index, low map[*lexicon.Def]int
	onStack    map[*lexicon.Def]bool
	stack      []*lexicon.Def
	groups     [][]*lexicon.Def
}

func (t *tarjan) visit(def *lexicon.Def) {
	t.index[def] = len(t.index)
	t.low[def] = t.index[def]
	start := len(t.stack)
	t.stack = append(t.stack, def)
	t.onStack[def] = true
	for _, e := range t.edges[def] {
		if _, seen := t.index[e.to]; !seen {
			t.visit(e.to)
			t.low[def] = min(t.low[def], t.low[e.to])
		} else if t.onStack[e.to] {
			t.low[def] = min(t.low[def], t.index[e.to])
		}
	}
	if t.low[def] != t.index[def] {
		return
	}
	group := slices.Clone(t.stack[start:])
	t.stack = t.stack[:start]
	for _, member := range group {
		t.onStack[member] = false
	}
	t.groups = append(t.groups, group)
}
