// Source: com.atproto.repo.strongRef

package comatproto

import (
	"github.com/lexgen-go/lexgen/runtime/lexdata"
	"github.com/lexgen-go/lexgen/runtime/lexjson"
	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/runtime/validate"
)

// RepoStrongRef is com.atproto.repo.strongRef.
//
// A URI with a content-hash fingerprint.
type RepoStrongRef struct {
	URI syntax.ATURI `json:"uri"`
	CID syntax.CID   `json:"cid"`
	// Extra holds the properties that the lexicon does not know.
	Extra lexdata.Extra `json:"-"`
}

// LexiconType implements [lexdata.Typed].
func (v *RepoStrongRef) LexiconType() string {
	return "com.atproto.repo.strongRef"
}

// DecodeJSON implements [lexjson.Decoder].
func (v *RepoStrongRef) DecodeJSON(r *lexjson.Reader) {
	*v = RepoStrongRef{}
	object := r.Object("uri", "cid")
	for object.Next() {
		switch object.Key() {
		case "uri":
			v.URI = syntax.ATURI(r.String())
		case "cid":
			v.CID = syntax.CID(r.String())
		default:
			v.Extra.DecodeMember(object.Key(), r)
		}
	}
}

// EncodeJSON implements [lexjson.Encoder].
func (v *RepoStrongRef) EncodeJSON(w *lexjson.Writer) {
	w.BeginObject()
	w.Key("uri").String(string(v.URI))
	w.Key("cid").String(string(v.CID))
	v.Extra.EncodeMembers(w)
	w.EndObject()
}

// Check implements [validate.Checkable].
func (v *RepoStrongRef) Check(c *validate.Checker) {
	v.Extra.Check(c, "com.atproto.repo.strongRef")
	c.ATURI("uri", v.URI)
	c.CID("cid", v.CID)
}

// Validate checks the constraints of the lexicon. Its error is a [*validate.Errors].
func (v *RepoStrongRef) Validate() error {
	return validate.Value(v)
}

// MarshalJSON implements [encoding/json.Marshaler].
func (v RepoStrongRef) MarshalJSON() ([]byte, error) {
	return lexjson.Marshal(&v)
}

// UnmarshalJSON implements [encoding/json.Unmarshaler]. It leaves the constraints to Validate.
func (v *RepoStrongRef) UnmarshalJSON(data []byte) error {
	return lexdata.Unmarshal(data, v)
}
