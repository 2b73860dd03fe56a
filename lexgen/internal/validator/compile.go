package validator

import (
	"fmt"
	"slices"

	"github.com/lexgen-go/lexgen/lexgen/internal/lexicon"
)

// schemaOf returns the schema of a def.
func (v *Validator) schemaOf(def *lexicon.Def) schema {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.compileDef(def)
}

// compileDef makes the schema of a def, and of all that it refers to, unless it is there.
func (v *Validator) compileDef(def *lexicon.Def) schema {
	if s := v.schemas[def]; s != nil {
		return s
	}
	switch node := def.Schema.(type) {
	case *lexicon.Record:
		o := &objectSchema{name: def.Key(), record: true}
		v.schemas[def] = o // before its properties, which may refer to it
		v.compileProperties(o, node.Object)
		return o
	case *lexicon.Object:
		o := &objectSchema{name: def.Key()}
		v.schemas[def] = o
		v.compileProperties(o, node)
		return o
	case *lexicon.Array:
		a := &arraySchema{Array: node}
		v.schemas[def] = a
		a.items = v.compile(node.Items)
		return a
	case *lexicon.Token:
		v.schemas[def] = tokenSchema{name: def.Key()}
	default:
		v.schemas[def] = v.compile(node)
	}
	return v.schemas[def]
}

// compile makes the schema of a node that is no def, or of a def that refers to none.
func (v *Validator) compile(node lexicon.Node) schema {
	switch node := node.(type) {
	case *lexicon.Boolean:
		return booleanSchema{node}
	case *lexicon.Integer:
		return integerSchema{node, distinct(node.Enum)}
	case *lexicon.String:
		return stringSchema{node, distinct(node.Enum)}
	case *lexicon.Bytes:
		return bytesSchema{node}
	case *lexicon.CIDLink:
		return linkSchema{}
	case *lexicon.Blob:
		return blobSchema{node, distinct(node.Accept)}
	case *lexicon.Unknown:
		return unknownSchema{}
	case *lexicon.Array:
		return &arraySchema{node, v.compile(node.Items)}
	case *lexicon.Object:
		o := new(objectSchema)
		v.compileProperties(o, node)
		return o
	case *lexicon.Ref:
		return v.compileDef(v.target(node.To))
	case *lexicon.Union:
		return v.compileUnion(node)
	}
	panic(fmt.Sprintf("validator: a schema of type %T describes no data", node))
}

// compileProperties adds the properties of an object to its schema.
func (v *Validator) compileProperties(o *objectSchema, node *lexicon.Object) {
	o.index = make(map[string]int, len(node.Properties))
	o.properties = make([]property, 0, len(node.Properties))
	for i, p := range node.Properties {
		o.index[p.Name] = i
		o.properties = append(o.properties, property{
			name:     p.Name,
			schema:   v.compile(p.Schema),
			required: p.Required,
			nullable: p.Nullable,
			pointer:  v.isPointer(p),
		})
		if p.Required {
			o.required = append(o.required, p.Name)
		}
	}
}

// isPointer reports whether a property is a required one that leads back to its object, which Go
// holds by pointer.
func (v *Validator) isPointer(p *lexicon.Property) bool {
	ref, ok := p.Schema.(*lexicon.Ref)
	return ok && p.Required && !p.Nullable && v.catalog.OnRequiredCycle(ref.To)
}

func (v *Validator) compileUnion(node *lexicon.Union) schema {
	u := &unionSchema{variants: make(map[string]schema, len(node.Refs)), closed: node.Closed}
	for _, ref := range node.Refs {
		def := v.target(ref)
		u.names = append(u.names, def.Key())
		u.variants[def.Key()] = v.compileDef(def)
	}
	return u
}

// target returns the def that a reference leads to.
func (v *Validator) target(ref *lexicon.Reference) *lexicon.Def {
	def := v.catalog.Target(ref)
	if def == nil {
		panic(fmt.Sprintf("validator: the reference %q is not linked", ref.Text))
	}
	return def
}

// distinct returns values, each once.
func distinct[T comparable](values []T) []T {
	var list []T
	for _, value := range values {
		if !slices.Contains(list, value) {
			list = append(list, value)
		}
	}
	return list
}
