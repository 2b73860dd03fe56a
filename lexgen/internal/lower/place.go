package lower

import (
	"github.com/lexgen-go/lexgen/lexgen/internal/ir"
	"github.com/lexgen-go/lexgen/lexgen/internal/lexicon"
)

// place is where a schema stands.
type place struct {
	// path is what leads to it in the JSON of the def.
	path string
	// ident is what a type for its values is called.
	ident string
	// of is what a sentence calls its values.
	of string
	// role is that of a struct in the place.
	role ir.Role
	// owner has the names that the schema gives rise to.
	owner owner
}

// defPlace returns the place of the schema of a def.
func (f *file) defPlace(def *lexicon.Def, of string) place {
	return place{path: pathOf(def), ident: f.typeName(def), of: of, role: ir.Object, owner: f.defOwner(def)}
}

// inside returns a place in the same def, with types of another name.
func (p place) inside(path, ident, of string, role ir.Role) place {
	p.path += path
	p.ident = ident
	p.of = of
	p.role = role
	return p
}

// items returns the place of the elements of an array.
func (p place) items() place {
	return p.inside("/items", p.ident+"Item", "an element of "+p.of, p.role)
}
