package lower

import (
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/lexgen-go/lexgen/lexgen/internal/ir"
	"github.com/lexgen-go/lexgen/lexgen/internal/naming"
)

// finishImports lists the packages that p refers to. Those that have the name of another, or one
// that generated code uses for something else, get an alias.
func (l *lowerer) finishImports(p *packageState) {
	names := map[string]int{} // how many packages have a name
	for _, importPath := range slices.Sorted(maps.Keys(p.imports)) {
		name := l.packages[importPath].ir.Name
		p.ir.Imports = append(p.ir.Imports, ir.Import{Path: importPath, Name: name})
		names[name]++
	}
	for i := range p.ir.Imports {
		imported := &p.ir.Imports[i]
		if names[imported.Name] > 1 || naming.IsReservedPackage(imported.Name) {
			imported.Alias = alias(imported, names)
		}
	}
}

// alias returns a name for an import that no other has: that of the package, after as many
// elements of its path as it takes. The aliases of old/lex and new/lex are oldlex and newlex. A
// path that has nothing to offer keeps its own name, which the others have given up.
func alias(imported *ir.Import, names map[string]int) string {
	alias := imported.Name
	folder := imported.Path
	if path.Base(folder) == alias {
		folder = path.Dir(folder)
	}
	for ; folder != "."; folder = path.Dir(folder) {
		alias = identifier(path.Base(folder)) + alias
		if isLetter(alias[0]) && !naming.IsReservedPackage(alias) && names[alias] == 0 {
			names[alias] = 1
			return alias
		}
	}
	return ""
}

// identifier returns the letters and digits of an element of an import path, in lower case.
func identifier(element string) string {
	return strings.Map(func(r rune) rune {
		if isLetter(byte(r)) || '0' <= r && r <= '9' {
			return r
		}
		return -1
	}, strings.ToLower(element))
}

func isLetter(c byte) bool { return 'a' <= c && c <= 'z' }
