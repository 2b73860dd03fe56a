package driver

import (
	"github.com/lexgen-go/lexgen/lexgen/internal/catalog"
	"github.com/lexgen-go/lexgen/lexgen/internal/lexicon"
	"github.com/lexgen-go/lexgen/lexgen/internal/source"
)

// ruleOf returns the place in the lexicons of what the data at a path must satisfy: of a property,
// of the elements of an array, or of a def. The data decides which variant of a union that is.
func (p *places) ruleOf(c *catalog.Catalog, def *lexicon.Def, path string) source.Span {
	data := p.root
	schema, at := resolve(c, def.Schema, def.NameSpan, data)
	for path != "" {
		var s pathStep
		s, path = nextPathStep(path)
		inner, innerAt := s.schema(schema)
		if inner == nil {
			break
		}
		data = p.value(s, data)
		schema, at = resolve(c, inner, innerAt, data)
	}
	return at
}

// resolve follows references, as far as there is data that they are about, and returns the schema
// and the place of its name.
func resolve(c *catalog.Catalog, schema lexicon.Node, at source.Span, data *source.Node) (lexicon.Node, source.Span) {
	if data == nil {
		return schema, at
	}
	switch s := schema.(type) {
	case *lexicon.Record:
		return s.Object, at
	case *lexicon.Ref:
		target := c.Target(s.To)
		return resolve(c, target.Schema, target.NameSpan, data)
	case *lexicon.Union:
		for _, ref := range s.Refs {
			target := c.Target(ref)
			if name := data.Get("$type"); name.Is(source.String) && name.Text == target.Key() {
				return resolve(c, target.Schema, target.NameSpan, data)
			}
		}
	}
	return schema, at
}

// schema returns the schema that the step leads to, and the place of its name, or nil.
func (s pathStep) schema(outer lexicon.Node) (lexicon.Node, source.Span) {
	switch outer := outer.(type) {
	case *lexicon.Object:
		for _, p := range outer.Properties {
			if !s.isIndex && shown(p.Name) == s.name {
				return p.Schema, p.NameSpan
			}
		}
	case *lexicon.Array:
		if s.isIndex {
			return outer.Items, outer.Items.Span()
		}
	}
	return nil, source.Span{}
}
