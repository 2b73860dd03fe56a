package lower

import (
	"maps"
	"slices"
	"strings"

	"github.com/lexgen-go/lexgen/lexgen/internal/ir"
	"github.com/lexgen-go/lexgen/lexgen/internal/lexicon"
	"github.com/lexgen-go/lexgen/lexgen/internal/naming"
	"github.com/lexgen-go/lexgen/runtime/syntax"
)

// runtimePath is the import path of the package that holds the handshake constants.
const runtimePath = "github.com/lexgen-go/lexgen/runtime"

// handshake is the constant of the runtime that the code of this version needs.
const handshake = "SupportsGenerated1"

// home is where an NSID belongs.
type home struct {
	target Target
	pkg    *packageState
}

// packageState is a package while it grows.
type packageState struct {
	ir         *ir.Package
	chosenName string            // what lexgen.json calls it, or ""
	external   bool              // generated elsewhere
	prefixes   map[string]string // of the NSIDs in it, with the name prefix of each
	reported   reportedPairs
	idents     scope
	files      scope
	groups     []*group
	byNSID     map[string]*group
	imports    map[string]*lexicon.Reference // by import path, the first reference that needs it
	// directory describes the defs to other modules.
	directory ir.Directory
}

// sorted returns the packages that are generated here by import path.
func (l *lowerer) sorted() []*packageState {
	var list []*packageState
	for _, importPath := range slices.Sorted(maps.Keys(l.packages)) {
		if p := l.packages[importPath]; !p.external {
			list = append(list, p)
		}
	}
	return list
}

// home returns where an NSID belongs.
func (l *lowerer) home(id syntax.NSID) home {
	if known, ok := l.homes[id]; ok {
		return known
	}
	target := l.target(id)
	p := l.packages[target.ImportPath]
	if p == nil {
		p = l.newPackage(target)
		l.packages[target.ImportPath] = p
	}
	p.prefixes[target.Prefix] = target.NamePrefix
	l.homes[id] = home{target: target, pkg: p}
	return l.homes[id]
}

func (l *lowerer) newPackage(target Target) *packageState {
	reported := reportedPairs{}
	p := &packageState{
		ir:         &ir.Package{Name: target.Name, ImportPath: target.ImportPath, Dir: target.Dir},
		chosenName: target.ChosenName,
		external:   target.Symbols != nil,
		prefixes:   map[string]string{},
		reported:   reported,
		idents:     newScope("Go name", reported),
		files:      newScope("file", reported),
		byNSID:     map[string]*group{},
		imports:    map[string]*lexicon.Reference{},
	}
	p.files.renamed = func(_, _, ident string) string { return naming.FileOf(ident) }
	p.files.declare(l, naming.PackageFile, owner{what: "the package itself", whole: true})
	return p
}

// target returns the target with the longest prefix that fits.
func (l *lowerer) target(id syntax.NSID) Target {
	for prefix := strings.ToLower(string(id)); prefix != ""; {
		if t, ok := l.targets[prefix]; ok {
			return t
		}
		prefix = prefix[:max(strings.LastIndexByte(prefix, '.'), 0)]
	}
	return l.options.Default(naming.Prefix(id))
}

// packageFile makes the file that speaks for the package as a whole.
func (l *lowerer) packageFile(p *packageState) *ir.File {
	from := strings.Join(slices.Sorted(maps.Keys(p.prefixes)), ".*, ") + ".*"
	contents := []string{"types"}
	if l.options.Server && len(p.groups) > 0 {
		contents = append(contents, "services")
	}
	if l.options.Client && len(p.groups) > 0 {
		contents = append(contents, "clients")
	}
	file := &ir.File{Name: naming.PackageFile, Source: from, Decls: []ir.Decl{&ir.Handshake{
		Doc: []string{
			"Package " + p.ir.Name + " holds the " + enumerate(contents) + " of the lexicons " + from + ".",
			"The types are values of encoding/json, which checks their structure; Validate checks the constraints. " +
				"Their methods DecodeJSON, EncodeJSON and Check are for the runtime. " +
				"MarshalJSON is a method of the value, so that encoding/json finds it wherever a value stands.",
		},
		Name: ir.Name{ImportPath: runtimePath, Ident: handshake},
	}}}
	if len(p.directory.Symbols) > 0 {
		slices.SortFunc(p.directory.Symbols, func(a, b ir.Symbol) int { return strings.Compare(a.Key, b.Key) })
		p.directory.Prefixes = slices.Sorted(maps.Keys(p.prefixes))
		file.Decls = append(file.Decls, &p.directory)
	}
	return file
}

// enumerate joins words as a sentence does: a, b and c.
func enumerate(words []string) string {
	last := len(words) - 1
	if last == 0 {
		return words[0]
	}
	return strings.Join(words[:last], ", ") + " and " + words[last]
}
