package lexicon

import "github.com/lexgen-go/lexgen/lexgen/internal/source"

// Record is a document that is stored in a repository.
type Record struct {
	Base
	Key    RecordKey
	Object *Object // nil if the document does not have it in a readable form
}

// KeyKind says which keys the records of a collection may have.
type KeyKind uint8

// The kinds of record keys. See https://atproto.com/specs/record-key. The zero
// KeyKind belongs to a key that could not be read.
const (
	KeyTID KeyKind = iota + 1
	KeyNSID
	KeyAny
	KeyLiteral
)

// RecordKey describes the keys of the records of a collection.
type RecordKey struct {
	Kind    KeyKind
	Literal string // the only key allowed, if Kind is KeyLiteral
}

// Query is an endpoint that reads. See https://atproto.com/specs/xrpc.
type Query struct {
	Base
	Params *Params // nil if there are none
	Output *Body   // nil if the response is empty
	Errors []*ErrorDef
}

// Procedure is an endpoint that changes something.
type Procedure struct {
	Base
	Params *Params // nil if there are none
	Input  *Body   // nil if the request is empty
	Output *Body   // nil if the response is empty
	Errors []*ErrorDef
}

// Subscription is an endpoint that streams messages. See
// https://atproto.com/specs/event-stream.
type Subscription struct {
	Base
	Params  *Params // nil if there are none
	Message *Message
	Errors  []*ErrorDef
}

// Body is the input or output of an endpoint.
type Body struct {
	Base
	// Encoding is a media type such as application/json, or a glob such as
	// video/* or */*, in lower case.
	Encoding string
	// Schema is an *Object, *Ref, *Union or *Broken, or nil if the body has no
	// schema.
	Schema Node
}

// Message is what a subscription sends.
type Message struct {
	Base
	Schema Node // a *Union or *Broken
}

// ErrorDef is an error that an endpoint declares.
type ErrorDef struct {
	Base
	Name     string
	NameSpan source.Span
}

// PermissionSet is a bundle of permissions that a client may ask for. See
// https://atproto.com/specs/permission.
type PermissionSet struct {
	Base
	Title       string
	TitleLangs  []Translation // in declared order
	Detail      string
	DetailLangs []Translation // in declared order
	Permissions []*Permission
}

// Translation is a text in one language.
type Translation struct {
	Language string // a BCP 47 language tag
	Text     string
}

// Permission is an entry of a permission set.
type Permission struct {
	Base
	Resource string
	// Fields are all other members but type and description, in declared
	// order. An unknown one may restrict the permission.
	Fields []source.Member
	// Usable says whether clients carry the permission out. They ignore one
	// with an unknown resource or an unknown field.
	Usable bool
}
