// Source: app.bsky.embed.recordWithMedia

package appbsky

import (
	"github.com/lexgen-go/lexgen/runtime/lexdata"
	"github.com/lexgen-go/lexgen/runtime/lexjson"
	"github.com/lexgen-go/lexgen/runtime/validate"
)

// EmbedRecordWithMedia is app.bsky.embed.recordWithMedia.
//
// A representation of a record embedded in a Bluesky record (eg, a post),
// alongside other compatible embeds. For example, a quote post and image, or a
// quote post and external URL card.
type EmbedRecordWithMedia struct {
	Record EmbedRecord                    `json:"record"`
	Media  EmbedRecordWithMediaMediaUnion `json:"media"`
	// Extra holds the properties that the lexicon does not know.
	Extra lexdata.Extra `json:"-"`
}

// EmbedRecordWithMediaMediaUnion is one of
//
//   - [*EmbedImages]
//   - [*EmbedVideo]
//   - [*EmbedGallery]
//   - [*EmbedExternal]
//   - [*lexdata.UnknownVariant]
type EmbedRecordWithMediaMediaUnion struct {
	Value lexdata.Typed
}

// LexiconType implements [lexdata.Typed].
func (v *EmbedRecordWithMedia) LexiconType() string {
	return "app.bsky.embed.recordWithMedia"
}

// DecodeJSON implements [lexjson.Decoder].
func (v *EmbedRecordWithMedia) DecodeJSON(r *lexjson.Reader) {
	*v = EmbedRecordWithMedia{}
	object := r.Object("record", "media")
	for object.Next() {
		switch object.Key() {
		case "record":
			v.Record.DecodeJSON(r)
		case "media":
			v.Media.DecodeJSON(r)
		default:
			v.Extra.DecodeMember(object.Key(), r)
		}
	}
}

// EncodeJSON implements [lexjson.Encoder].
func (v *EmbedRecordWithMedia) EncodeJSON(w *lexjson.Writer) {
	w.BeginObject()
	v.Record.EncodeJSON(w.Key("record"))
	v.Media.EncodeJSON(w.Key("media"))
	v.Extra.EncodeMembers(w)
	w.EndObject()
}

// Check implements [validate.Checkable].
func (v *EmbedRecordWithMedia) Check(c *validate.Checker) {
	v.Extra.Check(c, "app.bsky.embed.recordWithMedia")
	c.Within("record", &v.Record)
	c.Within("media", &v.Media)
}

// Validate checks the constraints of the lexicon. Its error is a [*validate.Errors].
func (v *EmbedRecordWithMedia) Validate() error {
	return validate.Value(v)
}

// MarshalJSON implements [encoding/json.Marshaler].
func (v EmbedRecordWithMedia) MarshalJSON() ([]byte, error) {
	return lexjson.Marshal(&v)
}

// UnmarshalJSON implements [encoding/json.Unmarshaler]. It leaves the constraints to Validate.
func (v *EmbedRecordWithMedia) UnmarshalJSON(data []byte) error {
	return lexdata.Unmarshal(data, v)
}

// NewEmbedRecordWithMediaMediaUnion returns a union of the variant v.
func NewEmbedRecordWithMediaMediaUnion[T interface {
	*EmbedImages | *EmbedVideo | *EmbedGallery | *EmbedExternal
	lexdata.Typed
}](v T) EmbedRecordWithMediaMediaUnion {
	return EmbedRecordWithMediaMediaUnion{Value: v}
}

// IsZero reports whether the union has no value, which means that it is absent.
func (u EmbedRecordWithMediaMediaUnion) IsZero() bool {
	return u.Value == nil
}

// DecodeJSON implements [lexjson.Decoder].
func (u *EmbedRecordWithMediaMediaUnion) DecodeJSON(r *lexjson.Reader) {
	u.Value = nil
	switch r.Variant() {
	case "app.bsky.embed.images":
		u.Value = new(EmbedImages)
	case "app.bsky.embed.video":
		u.Value = new(EmbedVideo)
	case "app.bsky.embed.gallery":
		u.Value = new(EmbedGallery)
	case "app.bsky.embed.external":
		u.Value = new(EmbedExternal)
	case "":
		return
	default:
		u.Value = new(lexdata.UnknownVariant)
	}
	u.Value.DecodeJSON(r)
}

// EncodeJSON implements [lexjson.Encoder].
func (u *EmbedRecordWithMediaMediaUnion) EncodeJSON(w *lexjson.Writer) {
	lexdata.EncodeVariant(w, u.Value)
}

// Check implements [validate.Checkable].
func (u *EmbedRecordWithMediaMediaUnion) Check(c *validate.Checker) {
	lexdata.CheckVariant(c, u.Value)
}

// Validate checks the constraints of the lexicon. Its error is a [*validate.Errors].
func (u *EmbedRecordWithMediaMediaUnion) Validate() error {
	return validate.Value(u)
}

// MarshalJSON implements [encoding/json.Marshaler].
func (u EmbedRecordWithMediaMediaUnion) MarshalJSON() ([]byte, error) {
	return lexjson.Marshal(&u)
}

// UnmarshalJSON implements [encoding/json.Unmarshaler]. It leaves the constraints to Validate.
func (u *EmbedRecordWithMediaMediaUnion) UnmarshalJSON(data []byte) error {
	return lexdata.Unmarshal(data, u)
}
