package lower

import (
	"github.com/lexgen-go/lexgen/lexgen/internal/diag"
	"github.com/lexgen-go/lexgen/lexgen/internal/ir"
	"github.com/lexgen-go/lexgen/lexgen/internal/lexicon"
)

// lowerRef makes the type that a reference leads to, and the checks of a scalar def or of data. A
// mistake in the reference is reported before.
func (f *file) lowerRef(ref *lexicon.Reference) (ir.Type, []ir.Check, bool) {
	name, target, ok := f.resolve(ref)
	if !ok {
		return nil, nil, false
	}
	switch schema := target.Schema.(type) {
	case *lexicon.Object, *lexicon.Record:
		return ir.Named{Name: name, Kind: ir.StructKind}, nil, true
	case *lexicon.Array:
		return ir.Named{Name: name, Kind: ir.ListKind}, nil, true
	default:
		return lowerScalar(schema, name)
	}
}

// resolve returns the def that a reference leads to and its Go name, and takes down that the package
// needs the one that it is in.
func (f *file) resolve(ref *lexicon.Reference) (ir.Name, *lexicon.Def, bool) {
	def := f.catalog.Target(ref)
	if def == nil {
		return ir.Name{}, nil, false
	}
	home := f.home(def.Document.ID)
	if home.pkg == f.pkg {
		return ir.Name{Ident: f.typeName(def)}, def, true
	}
	name := ir.Name{ImportPath: home.pkg.ir.ImportPath}
	if home.pkg.external {
		name.Ident = home.target.Symbols[def.Key()]
	} else {
		name.Ident = f.typeName(def)
	}
	if name.Ident == "" {
		f.diags.Errorf(ref.Span, diag.PackageMapping, "the package %s, which is generated elsewhere, has no %s", name.ImportPath, def.Key()).
			Hint("the lexicons in the package count, not the copies here; use a version of the package that has it, or generate the lexicon here")
		return ir.Name{}, nil, false
	}
	if f.pkg.imports[name.ImportPath] == nil {
		f.pkg.imports[name.ImportPath] = ref
	}
	return name, def, true
}
