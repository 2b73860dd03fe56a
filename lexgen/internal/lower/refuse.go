package lower

import (
	"fmt"
	"math"

	"github.com/lexgen-go/lexgen/lexgen/internal/diag"
	"github.com/lexgen-go/lexgen/lexgen/internal/lexicon"
	"github.com/lexgen-go/lexgen/lexgen/internal/source"
)

// typeSpan returns the place where a schema names its type.
func typeSpan(schema lexicon.Node) source.Span {
	return spanOf(schema, "type")
}

// spanOf returns the place of the value of a schema's key.
func spanOf(schema lexicon.Node, key string) source.Span {
	return schema.(interface{ SpanOf(key string) source.Span }).SpanOf(key)
}

// unsupported reports a construct that this version cannot turn into Go.
func (l *lowerer) unsupported(span source.Span, what string) {
	l.diags.Errorf(span, diag.Unsupported, "%s cannot be generated yet", what).
		Hint("leave the document out, or generate it with a later version of lexgen")
}

// refuse reports the keys of a schema that cannot be generated, and returns whether there are none.
func (l *lowerer) refuse(schema *lexicon.Base, what string, keys ...string) bool {
	none := true
	for _, key := range keys {
		if schema.JSON.Get(key) != nil {
			l.unsupported(schema.SpanOf(key), what+" with "+key)
			none = false
		}
	}
	return none
}

// lengthsFit reports bounds that are too large for the int of a 32-bit machine.
func (l *lowerer) lengthsFit(schema *lexicon.Base, keys ...string) bool {
	fit := true
	for _, key := range keys {
		if bound, err := schema.JSON.Get(key).Int(); err == nil && bound > math.MaxInt32 {
			l.unsupported(schema.SpanOf(key), fmt.Sprintf("a length above %d", math.MaxInt32))
			fit = false
		}
	}
	return fit
}

// refuseDefaults reports the defaults of an object that is, or is part of, the input of a
// procedure. A server fills in defaults of an input, but a named object keeps absence apart from
// the default, wherever it is used.
func (l *lowerer) refuseDefaults(ref *lexicon.Reference) {
	def := l.catalog.Target(ref)
	if def == nil || l.refused[def.NameSpan] {
		return
	}
	l.refused[def.NameSpan] = true
	object, ok := def.Schema.(*lexicon.Object)
	if !ok {
		return
	}
	for _, p := range object.Properties {
		if defaultOf(p.Schema) != nil {
			l.unsupported(p.NameSpan, "a default in an object that an input refers to")
		}
	}
	l.refuseDefaultsIn(object)
}

// refuseDefaultsIn reports the defaults of the objects that a schema refers to.
func (l *lowerer) refuseDefaultsIn(schema lexicon.Node) {
	lexicon.Walk(schema, func(n lexicon.Node) bool {
		if ref, ok := n.(*lexicon.Ref); ok {
			l.refuseDefaults(ref.To)
		}
		return true
	})
}
