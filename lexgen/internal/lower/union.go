package lower

import (
	"github.com/lexgen-go/lexgen/lexgen/internal/ir"
	"github.com/lexgen-go/lexgen/lexgen/internal/lexicon"
)

// addUnion adds a type for the values of a union, and the function that makes one.
func (f *file) addUnion(schema *lexicon.Union, u *ir.Union, o owner) bool {
	u.Constructor = "New" + u.Name
	u.Closed = schema.Closed
	f.declareFor(u.Name, o)
	f.declareFor(u.Constructor, o)
	f.types = append(f.types, u)
	for _, ref := range schema.Refs {
		name, target, ok := f.resolve(ref)
		if !ok {
			return false
		}
		u.Variants = append(u.Variants, ir.Variant{Type: name, LexiconType: target.Key()})
	}
	return true
}

// choice returns what a sentence says of the values of a union, before the list of its variants.
func choice(schema *lexicon.Union) string {
	if len(schema.Refs) == 0 {
		return "an object of any type that its $type names: a [*lexdata.UnknownVariant]"
	}
	return "one of"
}
