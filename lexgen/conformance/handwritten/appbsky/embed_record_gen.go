// Source: app.bsky.embed.record

package appbsky

import (
	"github.com/lexgen-go/lexgen/lexgen/conformance/handwritten/comatproto"
	"github.com/lexgen-go/lexgen/runtime/lexdata"
	"github.com/lexgen-go/lexgen/runtime/lexjson"
	"github.com/lexgen-go/lexgen/runtime/validate"
)

// EmbedRecord is app.bsky.embed.record.
//
// A representation of a record embedded in a Bluesky record (eg, a post). For
// example, a quote-post, or sharing a feed generator record.
type EmbedRecord struct {
	Record comatproto.RepoStrongRef `json:"record"`
	// Extra holds the properties that the lexicon does not know.
	Extra lexdata.Extra `json:"-"`
}

// LexiconType implements [lexdata.Typed].
func (v *EmbedRecord) LexiconType() string {
	return "app.bsky.embed.record"
}

// DecodeJSON implements [lexjson.Decoder].
func (v *EmbedRecord) DecodeJSON(r *lexjson.Reader) {
	*v = EmbedRecord{}
	object := r.Object("record")
	for object.Next() {
		switch object.Key() {
		case "record":
			v.Record.DecodeJSON(r)
		default:
			v.Extra.DecodeMember(object.Key(), r)
		}
	}
}

// EncodeJSON implements [lexjson.Encoder].
func (v *EmbedRecord) EncodeJSON(w *lexjson.Writer) {
	w.BeginObject()
	v.Record.EncodeJSON(w.Key("record"))
	v.Extra.EncodeMembers(w)
	w.EndObject()
}

// Check implements [validate.Checkable].
func (v *EmbedRecord) Check(c *validate.Checker) {
	v.Extra.Check(c, "app.bsky.embed.record")
	c.Within("record", &v.Record)
}

// Validate checks the constraints of the lexicon. Its error is a [*validate.Errors].
func (v *EmbedRecord) Validate() error {
	return validate.Value(v)
}

// MarshalJSON implements [encoding/json.Marshaler].
func (v EmbedRecord) MarshalJSON() ([]byte, error) {
	return lexjson.Marshal(&v)
}

// UnmarshalJSON implements [encoding/json.Unmarshaler]. It leaves the constraints to Validate.
func (v *EmbedRecord) UnmarshalJSON(data []byte) error {
	return lexdata.Unmarshal(data, v)
}
