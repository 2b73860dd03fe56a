package lexicon

import (
	"slices"
	"strings"

	"github.com/lexgen-go/lexgen/lexgen/internal/diag"
	"github.com/lexgen-go/lexgen/lexgen/internal/source"
)

// typeFields lists the keys of a type beside type and description.
type typeFields struct {
	name string
	keys []string
}

// knownFields returns the keys of every type, and of the parts of endpoints.
// See https://atproto.com/specs/lexicon.
func knownFields() []typeFields {
	return []typeFields{
		{"record", []string{"key", "record"}},
		{"query", []string{"parameters", "output", "errors"}},
		{"procedure", []string{"parameters", "input", "output", "errors"}},
		{"subscription", []string{"parameters", "message", "errors"}},
		{"permission-set", []string{"title", "title:lang", "detail", "detail:lang", "permissions"}},
		{"params", []string{"required", "properties"}},
		{bodyName, []string{"encoding", "schema"}},
		{messageName, []string{"schema"}},
		{"object", []string{"properties", "required", "nullable"}},
		{"array", []string{"items", "minLength", "maxLength"}},
		{"string", []string{"format", "minLength", "maxLength", "minGraphemes", "maxGraphemes", "enum", "knownValues", "default", "const"}},
		{"integer", []string{"minimum", "maximum", "enum", "default", "const"}},
		{"boolean", []string{"default", "const"}},
		{"bytes", []string{"minLength", "maxLength"}},
		{"blob", []string{"accept", "maxSize"}},
		{"ref", []string{"ref"}},
		{"union", []string{"refs", "closed"}},
	}
}

// Names of the parts of endpoints.
const (
	bodyName    = "body"
	messageName = "message"
)

// unexpectedFields warns about keys of a schema, and of the parts of an
// endpoint, that belong to other types. Keys that no type has are allowed.
func (d *decoder) unexpectedFields(n Node) {
	d.unexpectedIn(n.base().JSON, TypeName(n))
	switch n := n.(type) {
	case *Query:
		d.unexpectedInBody(n.Output)
	case *Procedure:
		d.unexpectedInBody(n.Input)
		d.unexpectedInBody(n.Output)
	case *Subscription:
		d.unexpectedIn(n.Message.JSON, messageName)
	}
}

func (d *decoder) unexpectedInBody(b *Body) {
	if b != nil {
		d.unexpectedIn(b.JSON, bodyName)
	}
}

func (d *decoder) unexpectedIn(object *source.Node, name string) {
	for _, m := range object.Members {
		var owners []string
		for _, known := range knownFields() {
			if slices.Contains(known.keys, m.Key) {
				owners = append(owners, known.name)
			}
		}
		if len(owners) > 0 && !slices.Contains(owners, name) {
			d.diags.Warningf(m.KeySpan, diag.UnexpectedField, "%q does not apply to %s", m.Key, name).
				Hint("remove it; it applies to %s", strings.Join(owners, ", "))
		}
	}
}
