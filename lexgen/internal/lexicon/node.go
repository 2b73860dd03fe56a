package lexicon

import "github.com/lexgen-go/lexgen/lexgen/internal/source"

// Node is a schema: one of the pointer types of this package that embed
// [Base].
type Node interface {
	// Span returns the place of the schema, from its opening to its closing
	// brace.
	Span() source.Span
	base() *Base
}

// Base is what all schemas have.
type Base struct {
	// JSON is the object that was decoded.
	JSON        *source.Node
	Description string
}

func (b *Base) base() *Base { return b }

// Span returns the place of the schema, from its opening to its closing brace.
func (b *Base) Span() source.Span {
	if b.JSON == nil {
		return source.Span{}
	}
	return b.JSON.Span
}

// SpanOf returns the place of the value of a key, or of the whole schema if
// it does not have the key.
func (b *Base) SpanOf(key string) source.Span {
	if v := b.JSON.Get(key); v != nil {
		return v.Span
	}
	return b.Span()
}

// Description returns the description of a schema, "" if it has none.
func Description(n Node) string { return n.base().Description }

// JSON returns the object that a schema was decoded from.
func JSON(n Node) *source.Node { return n.base().JSON }

// Broken stands for a schema that could not be read. The mistake is reported;
// later stages skip it without a word.
type Broken struct{ Base }

// IsBroken reports whether a schema is absent or a placeholder.
func IsBroken(n Node) bool {
	if n == nil {
		return true
	}
	_, broken := n.(*Broken)
	return broken
}

// IsPrimary reports whether a schema is of a type that only main defs may have.
func IsPrimary(n Node) bool {
	switch n.(type) {
	case *Record, *Query, *Procedure, *Subscription, *PermissionSet:
		return true
	}
	return false
}

// TypeName returns the type of a schema as it is written in a lexicon, such as
// "cid-link", and "" for a placeholder.
func TypeName(n Node) string {
	switch n.(type) {
	case *Record:
		return "record"
	case *Query:
		return "query"
	case *Procedure:
		return "procedure"
	case *Subscription:
		return "subscription"
	case *PermissionSet:
		return "permission-set"
	case *Params:
		return "params"
	case *Object:
		return "object"
	case *Array:
		return "array"
	case *String:
		return "string"
	case *Integer:
		return "integer"
	case *Boolean:
		return "boolean"
	case *Bytes:
		return "bytes"
	case *CIDLink:
		return "cid-link"
	case *Blob:
		return "blob"
	case *Ref:
		return "ref"
	case *Union:
		return "union"
	case *Unknown:
		return "unknown"
	case *Token:
		return "token"
	}
	return ""
}
