package lexicon

import (
	"strings"

	"github.com/lexgen-go/lexgen/lexgen/internal/diag"
	"github.com/lexgen-go/lexgen/lexgen/internal/source"
)

func (d *decoder) object(b Base) Node {
	switch properties := b.JSON.Get("properties"); {
	case properties == nil:
		d.noProperties(b)
		return &Object{Base: b}
	case properties.Kind != source.Object:
		return &Broken{b}
	}
	o := &Object{Base: b, Properties: d.properties(b, d.data)}
	d.flag(b, o.Properties, "required", func(p *Property) { p.Required = true })
	d.flag(b, o.Properties, "nullable", func(p *Property) { p.Nullable = true })
	return o
}

// noProperties reports an object without properties. The specification demands
// them, but documents without are in use. Those that name properties elsewhere
// have lost them.
func (d *decoder) noProperties(b Base) {
	named := append(elements(b.JSON, "required", source.String), elements(b.JSON, "nullable", source.String)...)
	if len(named) == 0 {
		d.diags.Warningf(b.SpanOf("type"), diag.NoProperties, "the object lists no properties").
			Hint(`add "properties": {} if it has none`)
		return
	}
	finding := d.diags.Errorf(b.SpanOf("type"), diag.NoProperties, "the object lists no properties, but names %q", named[0].Text)
	finding.Hint(`add "properties" with a schema for %q`, named[0].Text)
	for _, m := range b.JSON.Members {
		if diag.Suggest(m.Key, []string{"properties"}) != "" {
			finding.Hint(`did you mean "properties" instead of %q?`, m.Key)
			return
		}
	}
}

// params decodes the parameters of an endpoint, nil if there are none.
func (d *decoder) params(node *source.Node) *Params {
	if text(node, "type") != "params" || !node.Get("properties").Is(source.Object) {
		return nil
	}
	p := &Params{Base: d.base(node)}
	p.Properties = d.properties(p.Base, d.param)
	d.flag(p.Base, p.Properties, "required", func(p *Property) { p.Required = true })
	return p
}

func (d *decoder) param(node *source.Node) Node {
	if text(node, "type") == "array" {
		return d.array(d.base(node), d.paramItem)
	}
	return d.paramItem(node)
}

func (d *decoder) paramItem(node *source.Node) Node {
	switch b := d.base(node); text(node, "type") {
	case "boolean":
		return d.boolean(b)
	case "integer":
		return d.integer(b)
	case "string":
		return d.string(b)
	default:
		return &Broken{b}
	}
}

func (d *decoder) properties(b Base, schema func(*source.Node) Node) []*Property {
	var list []*Property
	for _, m := range members(b.JSON, "properties") {
		d.propertyName(m)
		list = append(list, &Property{Name: m.Key, NameSpan: m.KeySpan, Schema: schema(m.Value)})
	}
	return list
}

func (d *decoder) propertyName(m source.Member) {
	switch {
	case m.Key == "":
		d.diags.Errorf(m.KeySpan, diag.FieldName, "a property needs a name").Hint("name the property")
	case strings.HasPrefix(m.Key, "$"):
		d.diags.Errorf(m.KeySpan, diag.FieldName, "the property name %q is reserved", m.Key).
			Hint("names that start with $ belong to the data model")
	}
}

// flag applies set to the properties that a key such as required lists.
func (d *decoder) flag(b Base, properties []*Property, key string, set func(*Property)) {
	byName := make(map[string]*Property, len(properties))
	names := make([]string, 0, len(properties))
	for _, p := range properties {
		byName[p.Name] = p
		names = append(names, p.Name)
	}
	seen := map[string]bool{}
	for _, elem := range elements(b.JSON, key, source.String) {
		name := elem.Text
		p := byName[name]
		switch {
		case p == nil:
			hint := d.diags.Errorf(elem.Span, diag.UnknownField, "%s names %q, which is not a property", key, name)
			hintNames(hint, name, names)
		case seen[name]:
			d.diags.Warningf(elem.Span, diag.DuplicateField, "%s names %q twice", key, name).Hint("remove one of them")
		default:
			set(p)
		}
		seen[name] = true
	}
}

// hintNames tells the closest of the names that exist, or all of them.
func hintNames(finding *diag.Diagnostic, name string, names []string) {
	similar := diag.Suggest(name, names)
	switch {
	case similar != "":
		finding.Hint("did you mean %q?", similar)
	case len(names) == 0:
		finding.Hint("there are none")
	default:
		finding.Hint("there are %s", strings.Join(names, ", "))
	}
}

func (d *decoder) array(b Base, item func(*source.Node) Node) Node {
	if b.JSON.Get("items") == nil {
		return &Broken{b}
	}
	a := &Array{
		Base:      b,
		Items:     item(b.JSON.Get("items")),
		MinLength: length(b.JSON, "minLength", 0),
		MaxLength: length(b.JSON, "maxLength", 0),
	}
	d.bounds(b, "minLength", a.MinLength, "maxLength", a.MaxLength)
	return a
}

// bounds reports a minimum above its maximum and returns whether the range
// holds a value.
func (d *decoder) bounds(b Base, minKey string, least *int64, maxKey string, most *int64) bool {
	if least == nil || most == nil || *least <= *most {
		return true
	}
	d.diags.Errorf(b.SpanOf(minKey), diag.EmptyRange, "%s %d is above %s %d", minKey, *least, maxKey, *most).
		Hint("no value can satisfy both")
	return false
}
