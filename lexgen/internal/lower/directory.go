package lower

import (
	"bytes"
	"encoding/json"

	"github.com/lexgen-go/lexgen/lexgen/internal/ir"
	"github.com/lexgen-go/lexgen/lexgen/internal/lexicon"
	"github.com/lexgen-go/lexgen/lexgen/internal/source"
)

// describe adds the defs of the document that a reference can lead to to the directory of the
// package.
func (f *file) describe(defs []*lexicon.Def) {
	var referable []*lexicon.Def
	for _, def := range defs {
		if isReferable(def) {
			referable = append(referable, def)
			f.pkg.directory.Symbols = append(f.pkg.directory.Symbols, ir.Symbol{Key: def.Key(), Ident: f.typeName(def)})
		}
	}
	if len(referable) > 0 {
		f.pkg.directory.Documents = append(f.pkg.directory.Documents, reduced(f.doc, referable))
	}
}

// isReferable reports whether a ref, a union or a known value can lead to a def.
func isReferable(def *lexicon.Def) bool {
	if lexicon.IsBroken(def.Schema) {
		return false
	}
	_, record := def.Schema.(*lexicon.Record)
	return record && def.Name == lexicon.Main || !lexicon.IsPrimary(def.Schema)
}

// reduced prints a document in one line, with some of its defs and without descriptions.
func reduced(doc *lexicon.Document, defs []*lexicon.Def) string {
	var b bytes.Buffer
	b.WriteString(`{"lexicon":1,"id":`)
	writeString(&b, string(doc.ID))
	b.WriteString(`,"defs":{`)
	for i, def := range defs {
		writeKey(&b, i, def.Name)
		writeSchema(&b, lexicon.JSON(def.Schema))
	}
	b.WriteString("}}")
	return b.String()
}

// writeSchema prints a schema without its description and those of the schemas in it.
func writeSchema(b *bytes.Buffer, n *source.Node) {
	b.WriteByte('{')
	written := 0
	for _, m := range n.Members {
		if m.Key == "description" {
			continue
		}
		writeKey(b, written, m.Key)
		written++
		switch {
		case m.Key == "properties" && m.Value.Kind == source.Object:
			writeSchemas(b, m.Value)
		case (m.Key == "items" || m.Key == "record") && m.Value.Kind == source.Object:
			writeSchema(b, m.Value)
		default:
			writeValue(b, m.Value)
		}
	}
	b.WriteByte('}')
}

// writeSchemas prints the schemas of properties.
func writeSchemas(b *bytes.Buffer, n *source.Node) {
	b.WriteByte('{')
	for i, m := range n.Members {
		writeKey(b, i, m.Key)
		writeSchema(b, m.Value)
	}
	b.WriteByte('}')
}

// writeValue prints a value as it is.
func writeValue(b *bytes.Buffer, n *source.Node) {
	switch n.Kind {
	case source.Object:
		b.WriteByte('{')
		for i, m := range n.Members {
			writeKey(b, i, m.Key)
			writeValue(b, m.Value)
		}
		b.WriteByte('}')
	case source.Array:
		b.WriteByte('[')
		for i, elem := range n.Elems {
			if i > 0 {
				b.WriteByte(',')
			}
			writeValue(b, elem)
		}
		b.WriteByte(']')
	case source.String:
		writeString(b, n.Text)
	default:
		b.WriteString(n.Text)
	}
}

// writeKey prints the key of a member after so many others.
func writeKey(b *bytes.Buffer, others int, key string) {
	if others > 0 {
		b.WriteByte(',')
	}
	writeString(b, key)
	b.WriteByte(':')
}

// writeString prints a string.
func writeString(b *bytes.Buffer, s string) {
	encoder := json.NewEncoder(b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(s); err != nil {
		panic("lower: a string has no JSON")
	}
	b.Truncate(b.Len() - len("\n"))
}
