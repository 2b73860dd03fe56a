// Source: app.bsky.embed.external

package appbsky

import (
	"github.com/lexgen-go/lexgen/lexgen/conformance/handwritten/comatproto"
	"github.com/lexgen-go/lexgen/runtime/lexdata"
	"github.com/lexgen-go/lexgen/runtime/lexjson"
	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/runtime/validate"
)

// EmbedExternal is app.bsky.embed.external.
//
// A representation of some externally linked content (eg, a URL and 'card'),
// embedded in a Bluesky record (eg, a post).
type EmbedExternal struct {
	External EmbedExternalExternal `json:"external"`
	// Extra holds the properties that the lexicon does not know.
	Extra lexdata.Extra `json:"-"`
}

// EmbedExternalExternal is app.bsky.embed.external#external.
type EmbedExternalExternal struct {
	URI         syntax.URI                `json:"uri"`
	Title       string                    `json:"title"`
	Description string                    `json:"description"`
	Thumb       lexdata.Opt[lexdata.Blob] `json:"thumb,omitzero"`
	// StrongRefs (uri+cid) of the Atmosphere records that backed this view.
	AssociatedRefs []comatproto.RepoStrongRef `json:"associatedRefs,omitzero"`
	// Extra holds the properties that the lexicon does not know.
	Extra lexdata.Extra `json:"-"`
}

// LexiconType implements [lexdata.Typed].
func (v *EmbedExternal) LexiconType() string {
	return "app.bsky.embed.external"
}

// DecodeJSON implements [lexjson.Decoder].
func (v *EmbedExternal) DecodeJSON(r *lexjson.Reader) {
	*v = EmbedExternal{}
	object := r.Object("external")
	for object.Next() {
		switch object.Key() {
		case "external":
			v.External.DecodeJSON(r)
		default:
			v.Extra.DecodeMember(object.Key(), r)
		}
	}
}

// EncodeJSON implements [lexjson.Encoder].
func (v *EmbedExternal) EncodeJSON(w *lexjson.Writer) {
	w.BeginObject()
	v.External.EncodeJSON(w.Key("external"))
	v.Extra.EncodeMembers(w)
	w.EndObject()
}

// Check implements [validate.Checkable].
func (v *EmbedExternal) Check(c *validate.Checker) {
	v.Extra.Check(c, "app.bsky.embed.external")
	c.Within("external", &v.External)
}

// Validate checks the constraints of the lexicon. Its error is a [*validate.Errors].
func (v *EmbedExternal) Validate() error {
	return validate.Value(v)
}

// MarshalJSON implements [encoding/json.Marshaler].
func (v EmbedExternal) MarshalJSON() ([]byte, error) {
	return lexjson.Marshal(&v)
}

// UnmarshalJSON implements [encoding/json.Unmarshaler]. It leaves the constraints to Validate.
func (v *EmbedExternal) UnmarshalJSON(data []byte) error {
	return lexdata.Unmarshal(data, v)
}

// LexiconType implements [lexdata.Typed].
func (v *EmbedExternalExternal) LexiconType() string {
	return "app.bsky.embed.external#external"
}

// DecodeJSON implements [lexjson.Decoder].
func (v *EmbedExternalExternal) DecodeJSON(r *lexjson.Reader) {
	*v = EmbedExternalExternal{}
	object := r.Object("uri", "title", "description")
	for object.Next() {
		switch object.Key() {
		case "uri":
			v.URI = syntax.URI(r.String())
		case "title":
			v.Title = r.String()
		case "description":
			v.Description = r.String()
		case "thumb":
			v.Thumb = lexdata.Some(lexdata.ReadBlob(r))
		case "associatedRefs":
			v.AssociatedRefs = []comatproto.RepoStrongRef{}
			array := r.Array()
			for array.Next() {
				var item comatproto.RepoStrongRef
				item.DecodeJSON(r)
				v.AssociatedRefs = append(v.AssociatedRefs, item)
			}
		default:
			v.Extra.DecodeMember(object.Key(), r)
		}
	}
}

// EncodeJSON implements [lexjson.Encoder].
func (v *EmbedExternalExternal) EncodeJSON(w *lexjson.Writer) {
	w.BeginObject()
	w.Key("uri").String(string(v.URI))
	w.Key("title").String(v.Title)
	w.Key("description").String(v.Description)
	if value, ok := v.Thumb.Get(); ok {
		value.EncodeJSON(w.Key("thumb"))
	}
	if v.AssociatedRefs != nil {
		w.Key("associatedRefs").BeginArray()
		for i := range v.AssociatedRefs {
			v.AssociatedRefs[i].EncodeJSON(w)
		}
		w.EndArray()
	}
	v.Extra.EncodeMembers(w)
	w.EndObject()
}

// Check implements [validate.Checkable].
func (v *EmbedExternalExternal) Check(c *validate.Checker) {
	v.Extra.Check(c, "app.bsky.embed.external#external")
	c.URI("uri", v.URI)
	if value, ok := v.Thumb.Get(); ok {
		c.Enter("thumb")
		value.Check(c)
		c.Leave()
		c.Accept("thumb", value.MIMEType, "image/*")
		c.MaxSize("thumb", value.Size, 1000000)
	}
	for i := range v.AssociatedRefs {
		c.EnterItem("associatedRefs", i)
		v.AssociatedRefs[i].Check(c)
		c.Leave()
	}
}

// Validate checks the constraints of the lexicon. Its error is a [*validate.Errors].
func (v *EmbedExternalExternal) Validate() error {
	return validate.Value(v)
}

// MarshalJSON implements [encoding/json.Marshaler].
func (v EmbedExternalExternal) MarshalJSON() ([]byte, error) {
	return lexjson.Marshal(&v)
}

// UnmarshalJSON implements [encoding/json.Unmarshaler]. It leaves the constraints to Validate.
func (v *EmbedExternalExternal) UnmarshalJSON(data []byte) error {
	return lexdata.Unmarshal(data, v)
}
