package lexicon

import (
	"strings"

	"github.com/lexgen-go/lexgen/lexgen/internal/diag"
	"github.com/lexgen-go/lexgen/lexgen/internal/source"
	"github.com/lexgen-go/lexgen/runtime/syntax"
)

func (d *decoder) record(b Base) Node {
	r := &Record{Base: b, Key: d.recordKey(b.JSON.Get("key"))}
	schema := b.JSON.Get("record")
	if text(schema, "type") == "object" {
		r.Object, _ = d.object(d.base(schema)).(*Object)
	}
	if r.Object == nil {
		return &Broken{b}
	}
	return r
}

func (d *decoder) recordKey(node *source.Node) RecordKey {
	if !node.Is(source.String) {
		return RecordKey{}
	}
	switch node.Text {
	case "tid":
		return RecordKey{Kind: KeyTID}
	case "nsid":
		return RecordKey{Kind: KeyNSID}
	case "any":
		return RecordKey{Kind: KeyAny}
	}
	value, isLiteral := strings.CutPrefix(node.Text, "literal:")
	if isLiteral && syntax.RecordKey(value).Valid() {
		return RecordKey{Kind: KeyLiteral, Literal: value}
	}
	finding := d.diags.Errorf(node.Span, diag.RecordKey, "%q does not describe a record key", node.Text)
	switch {
	case isLiteral:
		finding.Hint("literal: is followed by a record key, such as literal:self")
	case syntax.RecordKey(node.Text).Valid() && diag.Suggest(node.Text, []string{"tid", "nsid", "any"}) == "":
		finding.Hint("did you mean %q?", "literal:"+node.Text)
	default:
		finding.Hint("use tid, nsid, any or literal:<record key>")
	}
	return RecordKey{}
}
