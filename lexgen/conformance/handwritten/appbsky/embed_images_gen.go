// Source: app.bsky.embed.images

package appbsky

import (
	"github.com/lexgen-go/lexgen/runtime/lexdata"
	"github.com/lexgen-go/lexgen/runtime/lexjson"
	"github.com/lexgen-go/lexgen/runtime/validate"
)

// EmbedImages is app.bsky.embed.images.
//
// A set of images embedded in a Bluesky record (eg, a post).
type EmbedImages struct {
	Images []EmbedImagesImage `json:"images"`
	// Extra holds the properties that the lexicon does not know.
	Extra lexdata.Extra `json:"-"`
}

// EmbedImagesImage is app.bsky.embed.images#image.
type EmbedImagesImage struct {
	// The raw image file. May be up to 2 MB, formerly limited to 1 MB.
	Image lexdata.Blob `json:"image"`
	// Alt text description of the image, for accessibility.
	Alt         string            `json:"alt"`
	AspectRatio *EmbedAspectRatio `json:"aspectRatio,omitzero"`
	// Extra holds the properties that the lexicon does not know.
	Extra lexdata.Extra `json:"-"`
}

// LexiconType implements [lexdata.Typed].
func (v *EmbedImages) LexiconType() string {
	return "app.bsky.embed.images"
}

// DecodeJSON implements [lexjson.Decoder].
func (v *EmbedImages) DecodeJSON(r *lexjson.Reader) {
	*v = EmbedImages{}
	object := r.Object("images")
	for object.Next() {
		switch object.Key() {
		case "images":
			v.Images = []EmbedImagesImage{}
			array := r.Array()
			for array.Next() {
				var item EmbedImagesImage
				item.DecodeJSON(r)
				v.Images = append(v.Images, item)
			}
		default:
			v.Extra.DecodeMember(object.Key(), r)
		}
	}
}

// EncodeJSON implements [lexjson.Encoder].
func (v *EmbedImages) EncodeJSON(w *lexjson.Writer) {
	w.BeginObject()
	w.Key("images").BeginArray()
	for i := range v.Images {
		v.Images[i].EncodeJSON(w)
	}
	w.EndArray()
	v.Extra.EncodeMembers(w)
	w.EndObject()
}

// Check implements [validate.Checkable].
func (v *EmbedImages) Check(c *validate.Checker) {
	v.Extra.Check(c, "app.bsky.embed.images")
	c.MaxLength("images", len(v.Images), 4)
	for i := range v.Images {
		c.EnterItem("images", i)
		v.Images[i].Check(c)
		c.Leave()
	}
}

// Validate checks the constraints of the lexicon. Its error is a [*validate.Errors].
func (v *EmbedImages) Validate() error {
	return validate.Value(v)
}

// MarshalJSON implements [encoding/json.Marshaler].
func (v EmbedImages) MarshalJSON() ([]byte, error) {
	return lexjson.Marshal(&v)
}

// UnmarshalJSON implements [encoding/json.Unmarshaler]. It leaves the constraints to Validate.
func (v *EmbedImages) UnmarshalJSON(data []byte) error {
	return lexdata.Unmarshal(data, v)
}

// LexiconType implements [lexdata.Typed].
func (v *EmbedImagesImage) LexiconType() string {
	return "app.bsky.embed.images#image"
}

// DecodeJSON implements [lexjson.Decoder].
func (v *EmbedImagesImage) DecodeJSON(r *lexjson.Reader) {
	*v = EmbedImagesImage{}
	object := r.Object("image", "alt")
	for object.Next() {
		switch object.Key() {
		case "image":
			v.Image.DecodeJSON(r)
		case "alt":
			v.Alt = r.String()
		case "aspectRatio":
			v.AspectRatio = new(EmbedAspectRatio)
			v.AspectRatio.DecodeJSON(r)
		default:
			v.Extra.DecodeMember(object.Key(), r)
		}
	}
}

// EncodeJSON implements [lexjson.Encoder].
func (v *EmbedImagesImage) EncodeJSON(w *lexjson.Writer) {
	w.BeginObject()
	v.Image.EncodeJSON(w.Key("image"))
	w.Key("alt").String(v.Alt)
	if v.AspectRatio != nil {
		v.AspectRatio.EncodeJSON(w.Key("aspectRatio"))
	}
	v.Extra.EncodeMembers(w)
	w.EndObject()
}

// Check implements [validate.Checkable].
func (v *EmbedImagesImage) Check(c *validate.Checker) {
	v.Extra.Check(c, "app.bsky.embed.images#image")
	c.Within("image", &v.Image)
	c.Accept("image", v.Image.MIMEType, "image/*")
	c.MaxSize("image", v.Image.Size, 2000000)
	if v.AspectRatio != nil {
		c.Within("aspectRatio", v.AspectRatio)
	}
}

// Validate checks the constraints of the lexicon. Its error is a [*validate.Errors].
func (v *EmbedImagesImage) Validate() error {
	return validate.Value(v)
}

// MarshalJSON implements [encoding/json.Marshaler].
func (v EmbedImagesImage) MarshalJSON() ([]byte, error) {
	return lexjson.Marshal(&v)
}

// UnmarshalJSON implements [encoding/json.Unmarshaler]. It leaves the constraints to Validate.
func (v *EmbedImagesImage) UnmarshalJSON(data []byte) error {
	return lexdata.Unmarshal(data, v)
}
