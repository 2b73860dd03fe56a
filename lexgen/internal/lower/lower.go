// Package lower turns a linked catalog into the model of the Go code to be written. All decisions
// fall here: packages, file names, identifiers, Go types, how absence is told, which checks run.
// What cannot become Go code that compiles is a diagnostic: names that collide, and packages that
// import each other in a circle.
package lower

import (
	"slices"
	"strings"

	"github.com/lexgen-go/lexgen/lexgen/internal/catalog"
	"github.com/lexgen-go/lexgen/lexgen/internal/diag"
	"github.com/lexgen-go/lexgen/lexgen/internal/ir"
	"github.com/lexgen-go/lexgen/lexgen/internal/lexicon"
	"github.com/lexgen-go/lexgen/lexgen/internal/source"
	"github.com/lexgen-go/lexgen/runtime/syntax"
)

// Options say where the code goes and what is wanted of it.
type Options struct {
	// Targets map NSID prefixes to packages; the longest prefix that fits wins.
	Targets []Target
	// Default makes the target of a prefix of two segments that none of Targets fits.
	Default func(prefix string) Target
	// Server and Client say whether the stubs and the clients are wanted beside the types.
	Server, Client bool
	// Keep says whether a def is generated; nil keeps all. It must keep what a def that it keeps
	// refers to.
	Keep func(*lexicon.Def) bool
	// Names are the identifiers that the configuration chooses.
	Names []NameEntry
}

// Target is the package of all NSIDs that begin with a prefix.
type Target struct {
	// Prefix is a number of whole segments, such as "com.atproto".
	Prefix string
	// Name is the package's name, ImportPath and Dir are where it is. Dir is relative to lexgen.json if
	// the package is generated here.
	Name, ImportPath, Dir string
	// ChosenName is Name if lexgen.json chooses it, or "".
	ChosenName string
	// NamePrefix begins the name of each declaration, so that two prefixes can share a package.
	NamePrefix string
	// Symbols are the Go names of the defs of a package that is generated elsewhere, by canonical
	// name. Its documents are only referred to. Symbols is nil for a package to be generated.
	Symbols map[string]string
}

// NameEntry is an identifier that the configuration chooses.
type NameEntry struct {
	// Path leads to what has the name: an NSID for a document and its main def, NSID#def, the JSON
	// path below a def such as com.example.thing#main/properties/fooBar, with the escapes of a JSON
	// pointer, or a group such as com.example.thing.*.
	Path string
	// Ident is an exported Go identifier, or "" if the configuration has none that is possible.
	Ident string
	// Span is the place of the path.
	Span source.Span
}

// Lower makes the packages for all documents of the catalog, sorted by import path. What it
// returns is complete only if the list holds no error.
func Lower(c *catalog.Catalog, options Options) ([]*ir.Package, diag.List) {
	l := newLowerer(c, options)
	for _, doc := range c.Documents() {
		l.lowerDocument(doc)
	}
	var packages []*ir.Package
	for _, p := range l.sorted() {
		l.finishGroups(p)
		l.finishImports(p)
		p.ir.Files = append(p.ir.Files, l.packageFile(p))
		slices.SortFunc(p.ir.Files, func(a, b *ir.File) int { return strings.Compare(a.Name, b.Name) })
		packages = append(packages, p.ir)
	}
	l.reportCollisions()
	l.reportUnusedNames()
	l.reportImportCycles()
	return packages, l.diags
}

// lowerer is the state of one run.
type lowerer struct {
	catalog  *catalog.Catalog
	options  Options
	targets  map[string]Target        // by prefix in lower case
	packages map[string]*packageState // by import path
	homes    map[syntax.NSID]home
	names    map[string]*chosenName // by path
	asked    map[string][]string    // the paths that could have been chosen, by NSID
	types    map[*lexicon.Def]string
	// collisions are reported at the end, when it is known which names are free.
	collisions []collision
	diags      diag.List
}

func newLowerer(c *catalog.Catalog, options Options) *lowerer {
	l := &lowerer{
		catalog:  c,
		options:  options,
		targets:  map[string]Target{},
		packages: map[string]*packageState{},
		homes:    map[syntax.NSID]home{},
		names:    map[string]*chosenName{},
		asked:    map[string][]string{},
		types:    map[*lexicon.Def]string{},
	}
	for _, t := range options.Targets {
		l.targets[strings.ToLower(t.Prefix)] = t
	}
	for _, entry := range options.Names {
		l.names[entry.Path] = &chosenName{ident: entry.Ident, span: entry.Span}
		l.asked[documentOf(entry.Path)] = nil
	}
	return l
}

// keeps reports whether a def is generated.
func (l *lowerer) keeps(def *lexicon.Def) bool {
	return l.options.Keep == nil || l.options.Keep(def)
}
