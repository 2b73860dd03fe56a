package lower

import (
	"fmt"
	"strings"

	"github.com/lexgen-go/lexgen/lexgen/internal/diag"
)

// checkCycles reports packages that import each other in a circle, which Go does not allow.
func (l *lowerer) checkCycles() {
	done := map[*packageState]bool{}
	for _, p := range l.sorted() {
		l.findCycle(p, nil, done)
	}
}

// findCycle follows the imports of p, which path led to, and reports the circles that close.
func (l *lowerer) findCycle(p *packageState, path []*packageState, done map[*packageState]bool) {
	for i, earlier := range path {
		if earlier == p {
			l.reportCycle(path[i:])
			return
		}
	}
	if done[p] {
		return
	}
	path = append(path, p)
	for _, next := range l.sorted() {
		if p.imports[next.ir.ImportPath] != nil {
			l.findCycle(next, path, done)
		}
	}
	done[p] = true
}

// reportCycle reports the reference that closes a circle of packages.
func (l *lowerer) reportCycle(circle []*packageState) {
	var names, refs, dirs []string
	for i, p := range circle {
		next := circle[(i+1)%len(circle)]
		ref := p.imports[next.ir.ImportPath]
		position := ref.Span.Position()
		names = append(names, p.ir.Name)
		refs = append(refs, fmt.Sprintf("%s:%d:%d refers to %s", ref.Span.File.Name, position.Line, position.Column, ref.Key()))
		dirs = append(dirs, p.prefixes...)
	}
	last := circle[len(circle)-1]
	l.diags.Errorf(last.imports[circle[0].ir.ImportPath].Span, diag.ImportCycle,
		"the packages %s import each other in a circle: %s", strings.Join(names, ", "), strings.Join(refs, "; ")).
		Hint("give the prefixes %s entries with the same dir under packages in lexgen.json", strings.Join(dirs, ", "))
}
