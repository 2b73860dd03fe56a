package metaschema

import (
	"strings"

	"github.com/lexgen-go/lexgen/lexgen/internal/source"
)

// compiler makes shapes of the schemas in a tree, one of each.
type compiler struct {
	root *source.Node
	done map[*source.Node]*shape
}

// compile returns the shape of a schema. A keyword that it does not know is a mistake in the embedded
// schema.
func (c *compiler) compile(schema *source.Node) *shape {
	if s, ok := c.done[schema]; ok {
		return s
	}
	s := &shape{}
	c.done[schema] = s
	for _, m := range schema.Members {
		switch m.Key {
		case "$schema", "$comment", "$defs", "title", "else", "then": // the last two belong to if
		case "type":
			s.addTypes(texts(m.Value))
		case "enum":
			s.words = texts(m.Value)
		case "const":
			s.setConst(m.Value)
		case "minimum":
			s.minimum = number(m.Value)
		case "maximum":
			s.maximum = number(m.Value)
		case "minLength", "minItems", "minProperties":
			s.notEmpty = true // the messages know no other limit either
		case "required":
			s.required = texts(m.Value)
		case "properties":
			s.properties = map[string]*shape{}
			for _, property := range m.Value.Members {
				s.properties[property.Key] = c.compile(property.Value)
			}
		case "additionalProperties":
			s.additional = c.compile(m.Value)
		case "items":
			s.items = c.compile(m.Value)
		case "$ref":
			s.all = append(s.all, c.compile(c.root.Lookup(strings.TrimPrefix(m.Value.Text, "#"))))
		case "allOf":
			for _, other := range m.Value.Elems {
				s.all = append(s.all, c.compile(other))
			}
		case "if":
			s.condition = conditionOf(m.Value)
			s.then, s.otherwise = c.branch(schema.Get("then")), c.branch(schema.Get("else"))
		default:
			panic("metaschema: unknown keyword " + m.Key)
		}
	}
	return s
}

// conditionOf returns the condition that an object with one required property, and that with one value,
// stands for.
func conditionOf(schema *source.Node) *condition {
	required, properties := schema.Get("required"), schema.Get("properties")
	if len(schema.Members) != 2 || len(required.Elems) != 1 || len(properties.Members) != 1 {
		panic("metaschema: a condition of another form")
	}
	key, value := properties.Members[0].Key, properties.Members[0].Value
	word := value.Get("const")
	if required.Elems[0].Text != key || len(value.Members) != 1 || !word.Is(source.String) {
		panic("metaschema: a condition of another form")
	}
	return &condition{key, word.Text}
}

// branch compiles a schema that need not be there.
func (c *compiler) branch(schema *source.Node) *shape {
	if schema == nil {
		return nil
	}
	return c.compile(schema)
}

func (s *shape) addTypes(names []string) {
	for _, name := range names {
		switch name {
		case "object":
			s.kinds = append(s.kinds, source.Object)
		case "array":
			s.kinds = append(s.kinds, source.Array)
		case "string":
			s.kinds = append(s.kinds, source.String)
		case "boolean":
			s.kinds = append(s.kinds, source.Bool)
		case "integer":
			s.kinds = append(s.kinds, source.Number)
			s.integer = true
		default:
			panic("metaschema: unknown type " + name)
		}
	}
}

func (s *shape) setConst(value *source.Node) {
	if value.Kind == source.String {
		s.words = []string{value.Text}
	} else {
		s.number = number(value)
	}
}

// number returns the value of a keyword that is an integer.
func number(n *source.Node) *int64 {
	value, err := n.Int()
	if err != nil {
		panic("metaschema: " + n.Text + " is " + err.Error())
	}
	return &value
}

// texts returns the string that a keyword is, or the strings that it lists.
func texts(n *source.Node) []string {
	if n.Kind != source.Array {
		return []string{n.Text}
	}
	var list []string
	for _, elem := range n.Elems {
		list = append(list, elem.Text)
	}
	return list
}
