// Package lower turns a linked catalog into the model of the Go code to be written. All decisions
// fall here: packages, file names, identifiers, Go types, how absence is told, which checks run.
// What cannot become Go code that compiles is a diagnostic, but for types that require themselves:
// the catalog reports those.
package lower

import (
	"cmp"
	"slices"
	"strings"

	"github.com/lexgen-go/lexgen/lexgen/internal/catalog"
	"github.com/lexgen-go/lexgen/lexgen/internal/diag"
	"github.com/lexgen-go/lexgen/lexgen/internal/ir"
	"github.com/lexgen-go/lexgen/lexgen/internal/lexicon"
	"github.com/lexgen-go/lexgen/lexgen/internal/naming"
	"github.com/lexgen-go/lexgen/lexgen/internal/source"
	"github.com/lexgen-go/lexgen/runtime/syntax"
)

// runtimePath is the import path of the package that holds the handshake constants.
const runtimePath = "github.com/lexgen-go/lexgen/runtime"

// handshake is the constant of the runtime that the code of this version needs.
const handshake = "SupportsGenerated1"

// Options say where the code goes and what is wanted of it.
type Options struct {
	// Targets map NSID prefixes to packages; the longest prefix that fits wins.
	Targets []Target
	// Default makes the target of a prefix of two segments that none of Targets fits.
	Default func(prefix string) Target
	// Server and Client say whether the stubs and the clients are wanted beside the types.
	Server, Client bool
}

// Target is the package of all NSIDs that begin with a prefix.
type Target struct {
	// Prefix is a number of whole segments, such as "com.atproto".
	Prefix string
	// Name is the package's name, ImportPath and Dir are where it is.
	Name, ImportPath, Dir string
}

// Lower makes the packages for all documents of the catalog, sorted by import path. What it
// returns is complete only if the list holds no error.
func Lower(c *catalog.Catalog, options Options) ([]*ir.Package, diag.List) {
	l := &lowerer{catalog: c, options: options, packages: map[string]*packageState{}, refused: map[source.Span]bool{}}
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
	l.checkCycles()
	return packages, l.diags
}

// lowerer is the state of one run.
type lowerer struct {
	catalog  *catalog.Catalog
	options  Options
	packages map[string]*packageState // by import path
	diags    diag.List
	// refused are the objects and properties that were reported and that more than one way leads to.
	refused map[source.Span]bool
}

// packageState is a package while it grows.
type packageState struct {
	ir       *ir.Package
	prefixes []string // of the NSIDs in it
	reported collisions
	idents   scope
	files    scope
	groups   []*group
	imports  map[string]*lexicon.Reference // by import path, the first reference that needs it
}

// sorted returns the packages by import path.
func (l *lowerer) sorted() []*packageState {
	var list []*packageState
	for _, p := range l.packages {
		list = append(list, p)
	}
	slices.SortFunc(list, func(a, b *packageState) int { return cmp.Compare(a.ir.ImportPath, b.ir.ImportPath) })
	return list
}

// packageOf returns the package that an NSID belongs to.
func (l *lowerer) packageOf(id syntax.NSID) *packageState {
	target := l.target(id)
	p := l.packages[target.ImportPath]
	if p == nil {
		reported := collisions{}
		p = &packageState{
			ir:       &ir.Package{Name: target.Name, ImportPath: target.ImportPath, Dir: target.Dir},
			reported: reported,
			idents:   newScope("Go name", reported),
			files:    newScope("file", reported),
			imports:  map[string]*lexicon.Reference{},
		}
		l.packages[target.ImportPath] = p
		p.files.declare(l, naming.PackageFile, owner{what: "the package itself", whole: true})
	}
	if !slices.Contains(p.prefixes, target.Prefix) {
		p.prefixes = append(p.prefixes, target.Prefix)
	}
	return p
}

// packageFile makes the file that speaks for the package as a whole.
func (l *lowerer) packageFile(p *packageState) *ir.File {
	slices.Sort(p.prefixes)
	from := strings.Join(p.prefixes, ".*, ") + ".*"
	contents := []string{"types"}
	if l.options.Server && len(p.groups) > 0 {
		contents = append(contents, "services")
	}
	if l.options.Client && len(p.groups) > 0 {
		contents = append(contents, "clients")
	}
	return &ir.File{Name: naming.PackageFile, Source: from, Decls: []ir.Decl{&ir.Handshake{
		Doc: []string{
			"Package " + p.ir.Name + " holds the " + enumerate(contents) + " of the lexicons " + from + ".",
			"The types are values of encoding/json, which checks their structure; Validate checks the constraints. " +
				"Their methods DecodeJSON, EncodeJSON and Check are for the runtime. " +
				"MarshalJSON is a method of the value, so that encoding/json finds it wherever a value stands.",
		},
		Name: ir.Name{ImportPath: runtimePath, Ident: handshake},
	}}}
}

// enumerate joins words as a sentence does: a, b and c.
func enumerate(words []string) string {
	last := len(words) - 1
	if last == 0 {
		return words[0]
	}
	return strings.Join(words[:last], ", ") + " and " + words[last]
}

// target returns the target with the longest prefix that fits.
func (l *lowerer) target(id syntax.NSID) Target {
	var best Target
	for _, t := range l.options.Targets {
		if naming.HasPrefix(id, t.Prefix) && len(t.Prefix) > len(best.Prefix) {
			best = t
		}
	}
	if best.Prefix == "" {
		return l.options.Default(naming.Prefix(id))
	}
	return best
}
