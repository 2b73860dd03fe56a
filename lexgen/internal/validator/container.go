package validator

import (
	"github.com/lexgen-go/lexgen/lexgen/internal/lexicon"
	"github.com/lexgen-go/lexgen/runtime/lexdata"
	"github.com/lexgen-go/lexgen/runtime/lexjson"
	"github.com/lexgen-go/lexgen/runtime/validate"
)

// objectSchema is an object or a record.
type objectSchema struct {
	// name is the $type that a value has, or may have; empty for an object inside of another.
	name       string
	record     bool
	properties []property
	required   []string
	index      map[string]int // in properties, by name
}

// property is a property of an object.
type property struct {
	name               string
	schema             schema
	required, nullable bool
	// pointer says that the property leads back to its object without end.
	pointer bool
}

// object is what an objectSchema reads.
type object struct {
	// values are those of the properties, in the same order; nil is one that is absent or null.
	values []any
	extra  lexdata.Extra
}

func (s *objectSchema) read(r *lexjson.Reader) any {
	o := &object{values: make([]any, len(s.properties))}
	if s.record {
		r.Record(s.name)
	}
	object := r.Object(s.required...)
	for object.Next() {
		key := object.Key()
		if i, known := s.index[key]; known {
			o.values[i] = s.properties[i].read(r)
		} else {
			o.extra.DecodeMember(key, r)
		}
	}
	return o
}

func (s *objectSchema) check(c *validate.Checker, value any) {
	o, ok := value.(*object)
	if !ok {
		o = &object{values: make([]any, len(s.properties))}
	}
	o.extra.Check(c, s.name)
	for i := range s.properties {
		s.properties[i].check(c, o.values[i])
	}
}

func (p *property) read(r *lexjson.Reader) any {
	if p.nullable && r.Null() {
		return nil
	}
	return p.schema.read(r)
}

func (p *property) check(c *validate.Checker, value any) {
	if p.hasNone(value) {
		return
	}
	c.Enter(p.name)
	if p.pointer && value == nil {
		c.Required("", false /* present */)
	} else {
		p.schema.check(c, value)
	}
	c.Leave()
}

// hasNone reports whether a property has no value and need not have one. A union of which nothing
// could be read counts as none, unless null tells none apart.
func (p *property) hasNone(value any) bool {
	if value == nil {
		return !p.required || p.nullable
	}
	v, isUnion := value.(variant)
	return isUnion && v.schema == nil && !p.required && !p.nullable
}

// unionSchema is a union.
type unionSchema struct {
	variants map[string]schema // by $type
	names    []string          // of the variants, in declared order
	closed   bool
}

// variant is what a unionSchema reads. Its schema is nil if there is no value.
type variant struct {
	schema schema
	value  any
}

func (s *unionSchema) read(r *lexjson.Reader) any {
	name := r.Variant()
	if name == "" {
		return variant{}
	}
	known := s.variants[name]
	switch {
	case known != nil:
	case s.closed:
		lexdata.RefuseVariant(r, s.names...)
		return variant{}
	default:
		known = foreignSchema{}
	}
	return variant{known, known.read(r)}
}

func (s *unionSchema) check(c *validate.Checker, value any) {
	if v, _ := value.(variant); v.schema != nil {
		v.schema.check(c, v.value)
	} else {
		c.Required("", false /* present */)
	}
}

// foreignSchema is a variant that an open union does not list.
type foreignSchema struct{}

func (s foreignSchema) read(r *lexjson.Reader) any {
	v := new(lexdata.UnknownVariant)
	v.DecodeJSON(r)
	return v
}

func (s foreignSchema) check(c *validate.Checker, value any) {
	value.(*lexdata.UnknownVariant).Check(c)
}

// arraySchema is an array; read returns a []any.
type arraySchema struct {
	*lexicon.Array
	items schema
}

func (s *arraySchema) read(r *lexjson.Reader) any {
	list := []any{}
	array := r.Array()
	for array.Next() {
		list = append(list, s.items.read(r))
	}
	return list
}

func (s *arraySchema) check(c *validate.Checker, value any) {
	list, _ := value.([]any)
	checkLength(c, len(list), s.MinLength, s.MaxLength)
	for i := range list {
		c.EnterItem("", i)
		s.items.check(c, list[i])
		c.Leave()
	}
}
