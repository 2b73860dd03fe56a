package lexicon

import (
	"strings"
	"unicode"

	"github.com/lexgen-go/lexgen/lexgen/internal/diag"
	"github.com/lexgen-go/lexgen/lexgen/internal/source"
	"github.com/lexgen-go/lexgen/runtime/syntax"
)

// Decode reads the document in a file from its JSON tree, which is nil if the
// file is not JSON, and reports the rules it breaks. It always returns a
// document, with placeholders for what could not be read.
func Decode(file *source.File, root *source.Node) (*Document, diag.List) {
	d := &decoder{doc: &Document{File: file, IDSpan: file.Span(0, 0)}}
	d.document(root)
	d.diags.Sort()
	return d.doc, d.diags
}

type decoder struct {
	doc   *Document
	diags diag.List
}

func (d *decoder) document(root *source.Node) {
	d.doc.Broken = !root.Get("defs").Is(source.Object)
	d.doc.Description = text(root, "description")
	d.id(root.Get("id"))
	for _, m := range members(root, "defs") {
		d.doc.Defs = append(d.doc.Defs, d.def(m))
	}
}

func (d *decoder) id(node *source.Node) {
	if !node.Is(source.String) {
		return
	}
	d.doc.IDSpan = node.Span
	id, err := syntax.ParseNSID(node.Text)
	if err != nil {
		d.diags.Errorf(node.Span, diag.InvalidNSID, "id %q is not an NSID: %v", node.Text, err).
			Hint("an NSID is a reversed domain name and a name, such as com.example.getThing")
		return
	}
	d.doc.ID = id.Normalize()
}

func (d *decoder) def(m source.Member) *Def {
	d.defName(m)
	def := &Def{Document: d.doc, Name: m.Key, NameSpan: m.KeySpan}
	def.Schema = d.defSchema(m.Value)
	if IsPrimary(def.Schema) && def.Name != Main {
		d.diags.Errorf(m.KeySpan, diag.NonMainPrimary, "a %s must be called main, not %q",
			TypeName(def.Schema), def.Name).
			Hint("a document defines at most one of these; move others to documents of their own")
	}
	Walk(def.Schema, func(n Node) bool {
		d.unexpectedFields(n)
		return true
	})
	return def
}

const maxDefName = 255

func (d *decoder) defName(m source.Member) {
	name := m.Key
	bad := strings.IndexFunc(name, func(r rune) bool {
		return r == '#' || r == '.' || unicode.IsSpace(r) || unicode.IsControl(r)
	})
	switch {
	case name == "":
		d.diags.Errorf(m.KeySpan, diag.DefName, "a def needs a name").Hint("use a letter, then letters and digits")
	case bad >= 0:
		d.diags.Errorf(m.KeySpan, diag.DefName, "the def name %q contains %q", name, firstRune(name[bad:])).
			Hint("use a letter, then letters and digits")
	case len(name) > maxDefName:
		d.diags.Warningf(m.KeySpan, diag.DefName, "the def name is longer than %d bytes", maxDefName).
			Hint("use a short name")
	case !isPlainName(name):
		d.diags.Warningf(m.KeySpan, diag.DefName, "the def name %q is unusual", name).
			Hint("use a letter, then letters and digits")
	}
}

// isPlainName reports whether a name is a letter followed by letters, digits,
// underscores and hyphens.
func isPlainName(name string) bool {
	for i, r := range name {
		letter := 'a' <= r|0x20 && r|0x20 <= 'z'
		if !letter && (i == 0 || !strings.ContainsRune("0123456789_-", r)) {
			return false
		}
	}
	return true
}

func firstRune(s string) string { return string([]rune(s)[:1]) }

// defSchema decodes the schema of a def.
func (d *decoder) defSchema(node *source.Node) Node {
	switch b := d.base(node); text(node, "type") {
	case "record":
		return d.record(b)
	case "query":
		return d.query(b)
	case "procedure":
		return d.procedure(b)
	case "subscription":
		return d.subscription(b)
	case "permission-set":
		return d.permissionSet(b)
	case "token":
		return &Token{b}
	case "ref", "union", "unknown":
		return &Broken{b}
	}
	return d.data(node)
}

// data decodes the schema of a property or an array item.
func (d *decoder) data(node *source.Node) Node {
	switch b := d.base(node); text(node, "type") {
	case "object":
		return d.object(b)
	case "array":
		return d.array(b, d.data)
	case "string":
		return d.string(b)
	case "integer":
		return d.integer(b)
	case "boolean":
		return d.boolean(b)
	case "bytes":
		return d.bytes(b)
	case "cid-link":
		return &CIDLink{b}
	case "blob":
		return d.blob(b)
	case "ref":
		return d.ref(b)
	case "union":
		return d.union(b)
	case "unknown":
		return &Unknown{b}
	default:
		return &Broken{b}
	}
}

func (d *decoder) base(node *source.Node) Base {
	return Base{JSON: node, Description: text(node, "description")}
}
