// Source: app.bsky.embed.gallery

package appbsky

import (
	"github.com/lexgen-go/lexgen/runtime/lexdata"
	"github.com/lexgen-go/lexgen/runtime/lexjson"
	"github.com/lexgen-go/lexgen/runtime/validate"
)

// EmbedGallery is app.bsky.embed.gallery.
//
// An assortment of media embedded in a Bluesky record (eg, a post).
type EmbedGallery struct {
	// The media items in the gallery. Each item may be of a different type, but all
	// types must be supported by the client. Max length may change in the future,
	// and therefore applications should be prepared to handle more or fewer items
	// than the current max length.
	Items []EmbedGalleryItemsItemUnion `json:"items"`
	// Extra holds the properties that the lexicon does not know.
	Extra lexdata.Extra `json:"-"`
}

// EmbedGalleryItemsItemUnion is one of
//
//   - [*EmbedGalleryImage]
//   - [*lexdata.UnknownVariant]
type EmbedGalleryItemsItemUnion struct {
	Value lexdata.Typed
}

// EmbedGalleryImage is app.bsky.embed.gallery#image.
type EmbedGalleryImage struct {
	Image lexdata.Blob `json:"image"`
	// Alt text description of the image, for accessibility.
	Alt         string           `json:"alt"`
	AspectRatio EmbedAspectRatio `json:"aspectRatio"`
	// Extra holds the properties that the lexicon does not know.
	Extra lexdata.Extra `json:"-"`
}

// LexiconType implements [lexdata.Typed].
func (v *EmbedGallery) LexiconType() string {
	return "app.bsky.embed.gallery"
}

// DecodeJSON implements [lexjson.Decoder].
func (v *EmbedGallery) DecodeJSON(r *lexjson.Reader) {
	*v = EmbedGallery{}
	object := r.Object("items")
	for object.Next() {
		switch object.Key() {
		case "items":
			v.Items = []EmbedGalleryItemsItemUnion{}
			array := r.Array()
			for array.Next() {
				var item EmbedGalleryItemsItemUnion
				item.DecodeJSON(r)
				v.Items = append(v.Items, item)
			}
		default:
			v.Extra.DecodeMember(object.Key(), r)
		}
	}
}

// EncodeJSON implements [lexjson.Encoder].
func (v *EmbedGallery) EncodeJSON(w *lexjson.Writer) {
	w.BeginObject()
	w.Key("items").BeginArray()
	for i := range v.Items {
		v.Items[i].EncodeJSON(w)
	}
	w.EndArray()
	v.Extra.EncodeMembers(w)
	w.EndObject()
}

// Check implements [validate.Checkable].
func (v *EmbedGallery) Check(c *validate.Checker) {
	v.Extra.Check(c, "app.bsky.embed.gallery")
	c.MaxLength("items", len(v.Items), 20)
	for i := range v.Items {
		c.EnterItem("items", i)
		v.Items[i].Check(c)
		c.Leave()
	}
}

// Validate checks the constraints of the lexicon. Its error is a [*validate.Errors].
func (v *EmbedGallery) Validate() error {
	return validate.Value(v)
}

// MarshalJSON implements [encoding/json.Marshaler].
func (v EmbedGallery) MarshalJSON() ([]byte, error) {
	return lexjson.Marshal(&v)
}

// UnmarshalJSON implements [encoding/json.Unmarshaler]. It leaves the constraints to Validate.
func (v *EmbedGallery) UnmarshalJSON(data []byte) error {
	return lexdata.Unmarshal(data, v)
}

// NewEmbedGalleryItemsItemUnion returns a union of the variant v.
func NewEmbedGalleryItemsItemUnion[T interface {
	*EmbedGalleryImage
	lexdata.Typed
}](v T) EmbedGalleryItemsItemUnion {
	return EmbedGalleryItemsItemUnion{Value: v}
}

// IsZero reports whether the union has no value, which means that it is absent.
func (u EmbedGalleryItemsItemUnion) IsZero() bool {
	return u.Value == nil
}

// DecodeJSON implements [lexjson.Decoder].
func (u *EmbedGalleryItemsItemUnion) DecodeJSON(r *lexjson.Reader) {
	u.Value = nil
	switch r.Variant() {
	case "app.bsky.embed.gallery#image":
		u.Value = new(EmbedGalleryImage)
	case "":
		return
	default:
		u.Value = new(lexdata.UnknownVariant)
	}
	u.Value.DecodeJSON(r)
}

// EncodeJSON implements [lexjson.Encoder].
func (u *EmbedGalleryItemsItemUnion) EncodeJSON(w *lexjson.Writer) {
	lexdata.EncodeVariant(w, u.Value)
}

// Check implements [validate.Checkable].
func (u *EmbedGalleryItemsItemUnion) Check(c *validate.Checker) {
	lexdata.CheckVariant(c, u.Value)
}

// Validate checks the constraints of the lexicon. Its error is a [*validate.Errors].
func (u *EmbedGalleryItemsItemUnion) Validate() error {
	return validate.Value(u)
}

// MarshalJSON implements [encoding/json.Marshaler].
func (u EmbedGalleryItemsItemUnion) MarshalJSON() ([]byte, error) {
	return lexjson.Marshal(&u)
}

// UnmarshalJSON implements [encoding/json.Unmarshaler]. It leaves the constraints to Validate.
func (u *EmbedGalleryItemsItemUnion) UnmarshalJSON(data []byte) error {
	return lexdata.Unmarshal(data, u)
}

// LexiconType implements [lexdata.Typed].
func (v *EmbedGalleryImage) LexiconType() string {
	return "app.bsky.embed.gallery#image"
}

// DecodeJSON implements [lexjson.Decoder].
func (v *EmbedGalleryImage) DecodeJSON(r *lexjson.Reader) {
	*v = EmbedGalleryImage{}
	object := r.Object("image", "alt", "aspectRatio")
	for object.Next() {
		switch object.Key() {
		case "image":
			v.Image.DecodeJSON(r)
		case "alt":
			v.Alt = r.String()
		case "aspectRatio":
			v.AspectRatio.DecodeJSON(r)
		default:
			v.Extra.DecodeMember(object.Key(), r)
		}
	}
}

// EncodeJSON implements [lexjson.Encoder].
func (v *EmbedGalleryImage) EncodeJSON(w *lexjson.Writer) {
	w.BeginObject()
	v.Image.EncodeJSON(w.Key("image"))
	w.Key("alt").String(v.Alt)
	v.AspectRatio.EncodeJSON(w.Key("aspectRatio"))
	v.Extra.EncodeMembers(w)
	w.EndObject()
}

// Check implements [validate.Checkable].
func (v *EmbedGalleryImage) Check(c *validate.Checker) {
	v.Extra.Check(c, "app.bsky.embed.gallery#image")
	c.Within("image", &v.Image)
	c.Accept("image", v.Image.MIMEType, "image/*")
	c.MaxSize("image", v.Image.Size, 2000000)
	c.Within("aspectRatio", &v.AspectRatio)
}

// Validate checks the constraints of the lexicon. Its error is a [*validate.Errors].
func (v *EmbedGalleryImage) Validate() error {
	return validate.Value(v)
}

// MarshalJSON implements [encoding/json.Marshaler].
func (v EmbedGalleryImage) MarshalJSON() ([]byte, error) {
	return lexjson.Marshal(&v)
}

// UnmarshalJSON implements [encoding/json.Unmarshaler]. It leaves the constraints to Validate.
func (v *EmbedGalleryImage) UnmarshalJSON(data []byte) error {
	return lexdata.Unmarshal(data, v)
}
