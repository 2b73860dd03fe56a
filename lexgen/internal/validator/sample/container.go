package sample

import (
	"strings"

	"github.com/lexgen-go/lexgen/lexgen/internal/lexicon"
)

// typeKey is the key of the type of a record or variant.
const typeKey = "$type"

// member is a member of an object that is to be written.
type member struct {
	key   string
	value func()
}

// object writes an object. Its name is that of its def, or empty.
func (g *Generator) object(node *lexicon.Object, name string, needsType bool) {
	if g.depth >= lastDepth {
		g.raw("{}")
		return
	}
	var list []member
	if name != "" && needsType != (g.errs() || !needsType && g.chance(0.1)) {
		list = append(list, member{typeKey, func() { g.typeName(name) }})
	}
	for _, p := range node.Properties {
		present := p.Required || g.depth < sparseDepth && g.chance(0.6)
		if g.errs() {
			present = !present
		}
		if present {
			list = append(list, member{p.Name, func() { g.property(p) }})
		}
	}
	if g.chance(0.1) {
		list = append(list, member{pick(g, []string{"x", "another field", strings.Repeat("long", 20)}), func() { g.anyValue(2) }})
	}
	g.members(list)
}

// property writes the value of a property.
func (g *Generator) property(p *lexicon.Property) {
	if p.Nullable && g.chance(0.3) || g.mistakes > 0 && g.errs() && g.chance(0.2) {
		g.raw("null")
		return
	}
	g.value(p.Schema)
}

// typeName writes a $type, which may be wrong.
func (g *Generator) typeName(name string) {
	if g.errs() {
		name = pick(g, []string{"", name + "#main", "com.example.another", "blob", strings.ToUpper(name)})
	}
	g.string(name)
}

// members writes an object, often in another order, and with mistakes that any object may have.
func (g *Generator) members(list []member) {
	if g.chance(0.3) {
		g.rand.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	}
	if g.errs() {
		switch at := g.rand.IntN(len(list) + 1); {
		case at == len(list):
			key := pick(g, []string{"", "$bytes", "$link", typeKey, "y"})
			list = append(list, member{key, func() { g.junk(1) }})
		case g.chance(0.5):
			list = append(list, list[at])
		default:
			list = append(list[:at], list[at+1:]...)
		}
	}
	g.depth++
	g.raw("{")
	for i, m := range list {
		if i > 0 {
			g.raw(", ")
		}
		g.string(m.key)
		g.raw(": ")
		m.value()
	}
	g.raw("}")
	g.depth--
}

// maxItems is how many elements an array has at most.
const maxItems = 200

func (g *Generator) array(node *lexicon.Array) {
	low := min(length(node.MinLength, 0), maxItems)
	high := length(node.MaxLength, low+3)
	if g.depth >= sparseDepth {
		high = low
	}
	n := g.between(low, min(high, low+maxItems/10))
	if g.errs() {
		n = pick(g, []int64{max(low-1, 0), min(high, maxItems) + 1})
		if node.MaxLength == nil && g.depth < 2 {
			n = 20 // so that there can be more mistakes than are listed
		}
	}
	g.list(int(n), func() { g.value(node.Items) })
}

// list writes an array.
func (g *Generator) list(n int, item func()) {
	g.depth++
	g.raw("[")
	for i := range n {
		if i > 0 {
			g.raw(",")
		}
		item()
	}
	g.raw("]")
	g.depth--
}

func (g *Generator) union(node *lexicon.Union) {
	foreign := !node.Closed && (g.depth >= sparseDepth || g.chance(0.2))
	if len(node.Refs) == 0 || foreign || g.errs() {
		g.members([]member{
			{typeKey, func() { g.typeName(pick(g, []string{"com.example.foreign", "com.example.foreign#variant"})) }},
			{"x", func() { g.anyValue(2) }},
		})
		return
	}
	def := g.catalog.Target(pick(g, node.Refs))
	switch schema := def.Schema.(type) {
	case *lexicon.Record:
		g.object(schema.Object, def.Key(), true /* needs its type */)
	case *lexicon.Object:
		g.object(schema, def.Key(), true /* needs its type */)
	}
}
