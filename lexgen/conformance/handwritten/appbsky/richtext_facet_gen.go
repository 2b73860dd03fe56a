// Source: app.bsky.richtext.facet

package appbsky

import (
	"github.com/lexgen-go/lexgen/runtime/lexdata"
	"github.com/lexgen-go/lexgen/runtime/lexjson"
	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/runtime/validate"
)

// RichtextFacet is app.bsky.richtext.facet.
//
// Annotation of a sub-string within rich text.
type RichtextFacet struct {
	Index    RichtextFacetByteSlice           `json:"index"`
	Features []RichtextFacetFeaturesItemUnion `json:"features"`
	// Extra holds the properties that the lexicon does not know.
	Extra lexdata.Extra `json:"-"`
}

// RichtextFacetFeaturesItemUnion is one of
//
//   - [*RichtextFacetMention]
//   - [*RichtextFacetLink]
//   - [*RichtextFacetTag]
//   - [*lexdata.UnknownVariant]
type RichtextFacetFeaturesItemUnion struct {
	Value lexdata.Typed
}

// RichtextFacetMention is app.bsky.richtext.facet#mention.
//
// Facet feature for mention of another account. The text is usually a handle,
// including a '@' prefix, but the facet reference is a DID.
type RichtextFacetMention struct {
	DID syntax.DID `json:"did"`
	// Extra holds the properties that the lexicon does not know.
	Extra lexdata.Extra `json:"-"`
}

// RichtextFacetLink is app.bsky.richtext.facet#link.
//
// Facet feature for a URL. The text URL may have been simplified or truncated,
// but the facet reference should be a complete URL.
type RichtextFacetLink struct {
	URI syntax.URI `json:"uri"`
	// Extra holds the properties that the lexicon does not know.
	Extra lexdata.Extra `json:"-"`
}

// RichtextFacetTag is app.bsky.richtext.facet#tag.
//
// Facet feature for a hashtag. The text usually includes a '#' prefix, but the
// facet reference should not (except in the case of 'double hash tags').
type RichtextFacetTag struct {
	Tag string `json:"tag"`
	// Extra holds the properties that the lexicon does not know.
	Extra lexdata.Extra `json:"-"`
}

// RichtextFacetByteSlice is app.bsky.richtext.facet#byteSlice.
//
// Specifies the sub-string range a facet feature applies to. Start index is
// inclusive, end index is exclusive. Indices are zero-indexed, counting bytes
// of the UTF-8 encoded text. NOTE: some languages, like Javascript, use UTF-16
// or Unicode codepoints for string slice indexing; in these languages, convert
// to byte arrays before working with facets.
type RichtextFacetByteSlice struct {
	ByteStart int64 `json:"byteStart"`
	ByteEnd   int64 `json:"byteEnd"`
	// Extra holds the properties that the lexicon does not know.
	Extra lexdata.Extra `json:"-"`
}

// LexiconType implements [lexdata.Typed].
func (v *RichtextFacet) LexiconType() string {
	return "app.bsky.richtext.facet"
}

// DecodeJSON implements [lexjson.Decoder].
func (v *RichtextFacet) DecodeJSON(r *lexjson.Reader) {
	*v = RichtextFacet{}
	object := r.Object("index", "features")
	for object.Next() {
		switch object.Key() {
		case "index":
			v.Index.DecodeJSON(r)
		case "features":
			v.Features = []RichtextFacetFeaturesItemUnion{}
			array := r.Array()
			for array.Next() {
				var item RichtextFacetFeaturesItemUnion
				item.DecodeJSON(r)
				v.Features = append(v.Features, item)
			}
		default:
			v.Extra.DecodeMember(object.Key(), r)
		}
	}
}

// EncodeJSON implements [lexjson.Encoder].
func (v *RichtextFacet) EncodeJSON(w *lexjson.Writer) {
	w.BeginObject()
	v.Index.EncodeJSON(w.Key("index"))
	w.Key("features").BeginArray()
	for i := range v.Features {
		v.Features[i].EncodeJSON(w)
	}
	w.EndArray()
	v.Extra.EncodeMembers(w)
	w.EndObject()
}

// Check implements [validate.Checkable].
func (v *RichtextFacet) Check(c *validate.Checker) {
	v.Extra.Check(c, "app.bsky.richtext.facet")
	c.Within("index", &v.Index)
	for i := range v.Features {
		c.EnterItem("features", i)
		v.Features[i].Check(c)
		c.Leave()
	}
}

// Validate checks the constraints of the lexicon. Its error is a [*validate.Errors].
func (v *RichtextFacet) Validate() error {
	return validate.Value(v)
}

// MarshalJSON implements [encoding/json.Marshaler].
func (v RichtextFacet) MarshalJSON() ([]byte, error) {
	return lexjson.Marshal(&v)
}

// UnmarshalJSON implements [encoding/json.Unmarshaler]. It leaves the constraints to Validate.
func (v *RichtextFacet) UnmarshalJSON(data []byte) error {
	return lexdata.Unmarshal(data, v)
}

// NewRichtextFacetFeaturesItemUnion returns a union of the variant v.
func NewRichtextFacetFeaturesItemUnion[T interface {
	*RichtextFacetMention | *RichtextFacetLink | *RichtextFacetTag
	lexdata.Typed
}](v T) RichtextFacetFeaturesItemUnion {
	return RichtextFacetFeaturesItemUnion{Value: v}
}

// IsZero reports whether the union has no value, which means that it is absent.
func (u RichtextFacetFeaturesItemUnion) IsZero() bool {
	return u.Value == nil
}

// DecodeJSON implements [lexjson.Decoder].
func (u *RichtextFacetFeaturesItemUnion) DecodeJSON(r *lexjson.Reader) {
	u.Value = nil
	switch r.Variant() {
	case "app.bsky.richtext.facet#mention":
		u.Value = new(RichtextFacetMention)
	case "app.bsky.richtext.facet#link":
		u.Value = new(RichtextFacetLink)
	case "app.bsky.richtext.facet#tag":
		u.Value = new(RichtextFacetTag)
	case "":
		return
	default:
		u.Value = new(lexdata.UnknownVariant)
	}
	u.Value.DecodeJSON(r)
}

// EncodeJSON implements [lexjson.Encoder].
func (u *RichtextFacetFeaturesItemUnion) EncodeJSON(w *lexjson.Writer) {
	lexdata.EncodeVariant(w, u.Value)
}

// Check implements [validate.Checkable].
func (u *RichtextFacetFeaturesItemUnion) Check(c *validate.Checker) {
	lexdata.CheckVariant(c, u.Value)
}

// Validate checks the constraints of the lexicon. Its error is a [*validate.Errors].
func (u *RichtextFacetFeaturesItemUnion) Validate() error {
	return validate.Value(u)
}

// MarshalJSON implements [encoding/json.Marshaler].
func (u RichtextFacetFeaturesItemUnion) MarshalJSON() ([]byte, error) {
	return lexjson.Marshal(&u)
}

// UnmarshalJSON implements [encoding/json.Unmarshaler]. It leaves the constraints to Validate.
func (u *RichtextFacetFeaturesItemUnion) UnmarshalJSON(data []byte) error {
	return lexdata.Unmarshal(data, u)
}

// LexiconType implements [lexdata.Typed].
func (v *RichtextFacetMention) LexiconType() string {
	return "app.bsky.richtext.facet#mention"
}

// DecodeJSON implements [lexjson.Decoder].
func (v *RichtextFacetMention) DecodeJSON(r *lexjson.Reader) {
	*v = RichtextFacetMention{}
	object := r.Object("did")
	for object.Next() {
		switch object.Key() {
		case "did":
			v.DID = syntax.DID(r.String())
		default:
			v.Extra.DecodeMember(object.Key(), r)
		}
	}
}

// EncodeJSON implements [lexjson.Encoder].
func (v *RichtextFacetMention) EncodeJSON(w *lexjson.Writer) {
	w.BeginObject()
	w.Key("did").String(string(v.DID))
	v.Extra.EncodeMembers(w)
	w.EndObject()
}

// Check implements [validate.Checkable].
func (v *RichtextFacetMention) Check(c *validate.Checker) {
	v.Extra.Check(c, "app.bsky.richtext.facet#mention")
	c.DID("did", v.DID)
}

// Validate checks the constraints of the lexicon. Its error is a [*validate.Errors].
func (v *RichtextFacetMention) Validate() error {
	return validate.Value(v)
}

// MarshalJSON implements [encoding/json.Marshaler].
func (v RichtextFacetMention) MarshalJSON() ([]byte, error) {
	return lexjson.Marshal(&v)
}

// UnmarshalJSON implements [encoding/json.Unmarshaler]. It leaves the constraints to Validate.
func (v *RichtextFacetMention) UnmarshalJSON(data []byte) error {
	return lexdata.Unmarshal(data, v)
}

// LexiconType implements [lexdata.Typed].
func (v *RichtextFacetLink) LexiconType() string {
	return "app.bsky.richtext.facet#link"
}

// DecodeJSON implements [lexjson.Decoder].
func (v *RichtextFacetLink) DecodeJSON(r *lexjson.Reader) {
	*v = RichtextFacetLink{}
	object := r.Object("uri")
	for object.Next() {
		switch object.Key() {
		case "uri":
			v.URI = syntax.URI(r.String())
		default:
			v.Extra.DecodeMember(object.Key(), r)
		}
	}
}

// EncodeJSON implements [lexjson.Encoder].
func (v *RichtextFacetLink) EncodeJSON(w *lexjson.Writer) {
	w.BeginObject()
	w.Key("uri").String(string(v.URI))
	v.Extra.EncodeMembers(w)
	w.EndObject()
}

// Check implements [validate.Checkable].
func (v *RichtextFacetLink) Check(c *validate.Checker) {
	v.Extra.Check(c, "app.bsky.richtext.facet#link")
	c.URI("uri", v.URI)
}

// Validate checks the constraints of the lexicon. Its error is a [*validate.Errors].
func (v *RichtextFacetLink) Validate() error {
	return validate.Value(v)
}

// MarshalJSON implements [encoding/json.Marshaler].
func (v RichtextFacetLink) MarshalJSON() ([]byte, error) {
	return lexjson.Marshal(&v)
}

// UnmarshalJSON implements [encoding/json.Unmarshaler]. It leaves the constraints to Validate.
func (v *RichtextFacetLink) UnmarshalJSON(data []byte) error {
	return lexdata.Unmarshal(data, v)
}

// LexiconType implements [lexdata.Typed].
func (v *RichtextFacetTag) LexiconType() string {
	return "app.bsky.richtext.facet#tag"
}

// DecodeJSON implements [lexjson.Decoder].
func (v *RichtextFacetTag) DecodeJSON(r *lexjson.Reader) {
	*v = RichtextFacetTag{}
	object := r.Object("tag")
	for object.Next() {
		switch object.Key() {
		case "tag":
			v.Tag = r.String()
		default:
			v.Extra.DecodeMember(object.Key(), r)
		}
	}
}

// EncodeJSON implements [lexjson.Encoder].
func (v *RichtextFacetTag) EncodeJSON(w *lexjson.Writer) {
	w.BeginObject()
	w.Key("tag").String(v.Tag)
	v.Extra.EncodeMembers(w)
	w.EndObject()
}

// Check implements [validate.Checkable].
func (v *RichtextFacetTag) Check(c *validate.Checker) {
	v.Extra.Check(c, "app.bsky.richtext.facet#tag")
	c.MaxLength("tag", len(v.Tag), 640)
	c.MaxGraphemes("tag", v.Tag, 64)
}

// Validate checks the constraints of the lexicon. Its error is a [*validate.Errors].
func (v *RichtextFacetTag) Validate() error {
	return validate.Value(v)
}

// MarshalJSON implements [encoding/json.Marshaler].
func (v RichtextFacetTag) MarshalJSON() ([]byte, error) {
	return lexjson.Marshal(&v)
}

// UnmarshalJSON implements [encoding/json.Unmarshaler]. It leaves the constraints to Validate.
func (v *RichtextFacetTag) UnmarshalJSON(data []byte) error {
	return lexdata.Unmarshal(data, v)
}

// LexiconType implements [lexdata.Typed].
func (v *RichtextFacetByteSlice) LexiconType() string {
	return "app.bsky.richtext.facet#byteSlice"
}

// DecodeJSON implements [lexjson.Decoder].
func (v *RichtextFacetByteSlice) DecodeJSON(r *lexjson.Reader) {
	*v = RichtextFacetByteSlice{}
	object := r.Object("byteStart", "byteEnd")
	for object.Next() {
		switch object.Key() {
		case "byteStart":
			v.ByteStart = r.Int()
		case "byteEnd":
			v.ByteEnd = r.Int()
		default:
			v.Extra.DecodeMember(object.Key(), r)
		}
	}
}

// EncodeJSON implements [lexjson.Encoder].
func (v *RichtextFacetByteSlice) EncodeJSON(w *lexjson.Writer) {
	w.BeginObject()
	w.Key("byteStart").Int(v.ByteStart)
	w.Key("byteEnd").Int(v.ByteEnd)
	v.Extra.EncodeMembers(w)
	w.EndObject()
}

// Check implements [validate.Checkable].
func (v *RichtextFacetByteSlice) Check(c *validate.Checker) {
	v.Extra.Check(c, "app.bsky.richtext.facet#byteSlice")
	c.Integer("byteStart", v.ByteStart)
	c.Minimum("byteStart", v.ByteStart, 0)
	c.Integer("byteEnd", v.ByteEnd)
	c.Minimum("byteEnd", v.ByteEnd, 0)
}

// Validate checks the constraints of the lexicon. Its error is a [*validate.Errors].
func (v *RichtextFacetByteSlice) Validate() error {
	return validate.Value(v)
}

// MarshalJSON implements [encoding/json.Marshaler].
func (v RichtextFacetByteSlice) MarshalJSON() ([]byte, error) {
	return lexjson.Marshal(&v)
}

// UnmarshalJSON implements [encoding/json.Unmarshaler]. It leaves the constraints to Validate.
func (v *RichtextFacetByteSlice) UnmarshalJSON(data []byte) error {
	return lexdata.Unmarshal(data, v)
}
