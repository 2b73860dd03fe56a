package lower

import (
	"fmt"

	"github.com/lexgen-go/lexgen/lexgen/internal/ir"
	"github.com/lexgen-go/lexgen/lexgen/internal/lexicon"
	"github.com/lexgen-go/lexgen/lexgen/internal/naming"
	"github.com/lexgen-go/lexgen/lexgen/internal/source"
)

// valuesKey returns the key that lists the values of a string which get constants: the valid ones if
// they are listed, and else the known ones. It is empty if there are none.
func valuesKey(schema *lexicon.String) string {
	switch {
	case len(schema.Enum) > 0:
		return "enum"
	case len(schema.KnownValues) > 0:
		return "knownValues"
	}
	return ""
}

// addScalarType adds the type of a string and constants for its values.
func (f *file) addScalarType(schema *lexicon.String, t *ir.ScalarType, at place) {
	t.Kind = ir.String
	t.Closed = len(schema.Enum) > 0
	f.declareFor(t.Name, at.owner)
	f.types = append(f.types, t)
	key := valuesKey(schema)
	if key == "" {
		return
	}
	seen := map[string]bool{}
	for _, elem := range schema.JSON.Get(key).Elems {
		if elem.Kind != source.String || seen[elem.Text] {
			continue
		}
		seen[elem.Text] = true
		t.Values = append(t.Values, ir.Constant{Name: f.constant(t.Name, key, elem, at), Value: elem.Text})
	}
}

// constant returns the name of the constant for a value and declares it.
func (f *file) constant(typ, key string, elem *source.Node, at place) string {
	path := at.path + "/" + key + "/" + escape(elem.Text)
	name, ok := f.chosen(path)
	if !ok {
		name = typ + naming.Value(f.doc.ID, elem.Text)
	}
	f.declareFor(name, f.owner(fmt.Sprintf("value %q of %s", elem.Text, at.owner.what), elem.Span, cure{
		path: path, ident: name, better: []string{typ + naming.Spelled(elem.Text), name + "Value"},
	}))
	return name
}
