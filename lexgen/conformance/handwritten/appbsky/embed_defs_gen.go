// Source: app.bsky.embed.defs

package appbsky

import (
	"github.com/lexgen-go/lexgen/runtime/lexdata"
	"github.com/lexgen-go/lexgen/runtime/lexjson"
	"github.com/lexgen-go/lexgen/runtime/validate"
)

// EmbedAspectRatio is app.bsky.embed.defs#aspectRatio.
//
// width:height represents an aspect ratio. It may be approximate, and may not
// correspond to absolute dimensions in any given unit.
type EmbedAspectRatio struct {
	Width  int64 `json:"width"`
	Height int64 `json:"height"`
	// Extra holds the properties that the lexicon does not know.
	Extra lexdata.Extra `json:"-"`
}

// LexiconType implements [lexdata.Typed].
func (v *EmbedAspectRatio) LexiconType() string {
	return "app.bsky.embed.defs#aspectRatio"
}

// DecodeJSON implements [lexjson.Decoder].
func (v *EmbedAspectRatio) DecodeJSON(r *lexjson.Reader) {
	*v = EmbedAspectRatio{}
	object := r.Object("width", "height")
	for object.Next() {
		switch object.Key() {
		case "width":
			v.Width = r.Int()
		case "height":
			v.Height = r.Int()
		default:
			v.Extra.DecodeMember(object.Key(), r)
		}
	}
}

// EncodeJSON implements [lexjson.Encoder].
func (v *EmbedAspectRatio) EncodeJSON(w *lexjson.Writer) {
	w.BeginObject()
	w.Key("width").Int(v.Width)
	w.Key("height").Int(v.Height)
	v.Extra.EncodeMembers(w)
	w.EndObject()
}

// Check implements [validate.Checkable].
func (v *EmbedAspectRatio) Check(c *validate.Checker) {
	v.Extra.Check(c, "app.bsky.embed.defs#aspectRatio")
	c.Integer("width", v.Width)
	c.Minimum("width", v.Width, 1)
	c.Integer("height", v.Height)
	c.Minimum("height", v.Height, 1)
}

// Validate checks the constraints of the lexicon. Its error is a [*validate.Errors].
func (v *EmbedAspectRatio) Validate() error {
	return validate.Value(v)
}

// MarshalJSON implements [encoding/json.Marshaler].
func (v EmbedAspectRatio) MarshalJSON() ([]byte, error) {
	return lexjson.Marshal(&v)
}

// UnmarshalJSON implements [encoding/json.Unmarshaler]. It leaves the constraints to Validate.
func (v *EmbedAspectRatio) UnmarshalJSON(data []byte) error {
	return lexdata.Unmarshal(data, v)
}
