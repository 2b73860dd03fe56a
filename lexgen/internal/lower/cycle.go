package lower

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/lexgen-go/lexgen/lexgen/internal/diag"
	"github.com/lexgen-go/lexgen/lexgen/internal/lexicon"
	"github.com/lexgen-go/lexgen/lexgen/internal/naming"
)

// reportImportCycles reports packages that import each other in a circle, which Go does not allow.
func (l *lowerer) reportImportCycles() {
	s := importSearch{lowerer: l, position: map[*packageState]int{}, done: map[*packageState]bool{}}
	for _, p := range l.sorted() {
		s.visit(p)
	}
}

// importSearch follows imports.
type importSearch struct {
	*lowerer
	path     []*packageState // what led to the package at hand
	position map[*packageState]int
	done     map[*packageState]bool
}

// visit follows the imports of p and reports the circles that close.
func (s *importSearch) visit(p *packageState) {
	if i, onPath := s.position[p]; onPath {
		s.reportCycle(s.path[i:])
		return
	}
	if s.done[p] {
		return
	}
	s.position[p] = len(s.path)
	s.path = append(s.path, p)
	for _, importPath := range slices.Sorted(maps.Keys(p.imports)) {
		s.visit(s.packages[importPath])
	}
	s.path = s.path[:len(s.path)-1]
	delete(s.position, p)
	s.done[p] = true
}

// reportCycle reports the reference that closes a circle of packages.
func (l *lowerer) reportCycle(circle []*packageState) {
	var names, refs []string
	for i, p := range circle {
		ref := importOf(circle, i)
		position := ref.Span.Position()
		names = append(names, p.ir.Name)
		refs = append(refs, fmt.Sprintf("%s:%d:%d refers to %s", ref.Span.File.Name, position.Line, position.Column, ref.Key()))
	}
	l.diags.Errorf(importOf(circle, len(circle)-1).Span, diag.ImportCycle,
		"the packages %s import each other in a circle: %s", strings.Join(names, ", "), strings.Join(refs, "; ")).
		Hint(`make them one package in lexgen.json: "packages": [%s]`, strings.Join(oneFolder(circle), ", "))
}

// importOf returns the reference that makes a package of a circle import the next one.
func importOf(circle []*packageState, i int) *lexicon.Reference {
	next := circle[(i+1)%len(circle)]
	return circle[i].imports[next.ir.ImportPath]
}

// oneFolder returns the entries of lexgen.json that put the packages of a circle into the first, with
// prefixes that keep their names apart.
func oneFolder(circle []*packageState) []string {
	folder := fmt.Sprintf(`"dir": %q`, circle[0].ir.Dir)
	if name := circle[0].chosenName; name != "" {
		folder += fmt.Sprintf(`, "name": %q`, name)
	}
	var entries []string
	taken := map[string]bool{}
	for _, p := range circle {
		for _, nsid := range slices.Sorted(maps.Keys(p.prefixes)) {
			prefix := p.prefixes[nsid]
			if prefix == "" && len(entries) > 0 {
				prefix = naming.Prefixed(nsid)
			}
			if taken[prefix] {
				prefix = naming.Property(nsid)
			}
			taken[prefix] = true
			entry := fmt.Sprintf(`{"nsid": %q, %s`, nsid, folder)
			if prefix != "" {
				entry += fmt.Sprintf(`, "prefix": %q`, prefix)
			}
			entries = append(entries, entry+"}")
		}
	}
	return entries
}
