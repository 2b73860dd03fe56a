package lexicon

import (
	"strings"
	"unicode"

	"github.com/lexgen-go/lexgen/lexgen/internal/diag"
	"github.com/lexgen-go/lexgen/lexgen/internal/source"
)

func (d *decoder) query(b Base) Node {
	return &Query{
		Base:   b,
		Params: d.params(b.JSON.Get("parameters")),
		Output: d.body(b.JSON.Get("output")),
		Errors: d.errors(b),
	}
}

func (d *decoder) procedure(b Base) Node {
	return &Procedure{
		Base:   b,
		Params: d.params(b.JSON.Get("parameters")),
		Input:  d.body(b.JSON.Get("input")),
		Output: d.body(b.JSON.Get("output")),
		Errors: d.errors(b),
	}
}

func (d *decoder) subscription(b Base) Node {
	message := b.JSON.Get("message")
	if !message.Is(source.Object) {
		return &Broken{b}
	}
	s := &Subscription{
		Base:    b,
		Params:  d.params(b.JSON.Get("parameters")),
		Message: &Message{Base: d.base(message)},
		Errors:  d.errors(b),
	}
	schema := message.Get("schema")
	if text(schema, "type") == "union" {
		s.Message.Schema = d.union(d.base(schema))
	} else {
		s.Message.Schema = &Broken{d.base(schema)}
	}
	return s
}

// body decodes the input or output of an endpoint, nil if there is none.
func (d *decoder) body(node *source.Node) *Body {
	if !node.Is(source.Object) {
		return nil
	}
	b := &Body{Base: d.base(node), Encoding: d.encoding(node.Get("encoding"))}
	if schema := node.Get("schema"); schema != nil {
		switch text(schema, "type") {
		case "object", "ref", "union":
			b.Schema = d.data(schema)
		default:
			b.Schema = &Broken{d.base(schema)}
		}
	}
	return b
}

func (d *decoder) encoding(node *source.Node) string {
	if !node.Is(source.String) {
		return ""
	}
	s := node.Text
	if isMediaRange(s) {
		return strings.ToLower(s)
	}
	finding := d.diags.Errorf(node.Span, diag.InvalidEncoding, "encoding %q is not a media type", s)
	switch {
	case strings.Contains(s, ","):
		finding.Hint("name one media type, or a glob such as image/* or */*")
	case strings.Contains(s, ";"):
		finding.Hint("leave out the parameters")
	default:
		finding.Hint("use a media type such as application/json, or a glob: video/*, */*")
	}
	return ""
}

func (d *decoder) errors(b Base) []*ErrorDef {
	var list []*ErrorDef
	seen := map[string]bool{}
	for _, elem := range elements(b.JSON, "errors", source.Object) {
		name := elem.Get("name")
		if !name.Is(source.String) {
			continue
		}
		switch {
		case name.Text == "" || strings.ContainsFunc(name.Text, isBlank):
			d.diags.Errorf(name.Span, diag.ErrorName, "the error name %q is not one word", name.Text).
				Hint("use a name such as AccountNotFound")
			continue
		case seen[name.Text]:
			d.diags.Errorf(name.Span, diag.DuplicateError, "the error %s is declared twice", name.Text).
				Hint("remove one of them")
			continue
		}
		seen[name.Text] = true
		list = append(list, &ErrorDef{Base: d.base(elem), Name: name.Text, NameSpan: name.Span})
	}
	return list
}

func isBlank(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }
