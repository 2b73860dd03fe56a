// Source: com.atproto.repo.defs

package comatproto

import (
	"github.com/lexgen-go/lexgen/runtime/lexdata"
	"github.com/lexgen-go/lexgen/runtime/lexjson"
	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/runtime/validate"
)

// RepoCommitMeta is com.atproto.repo.defs#commitMeta.
type RepoCommitMeta struct {
	CID syntax.CID `json:"cid"`
	Rev syntax.TID `json:"rev"`
	// Extra holds the properties that the lexicon does not know.
	Extra lexdata.Extra `json:"-"`
}

// LexiconType implements [lexdata.Typed].
func (v *RepoCommitMeta) LexiconType() string {
	return "com.atproto.repo.defs#commitMeta"
}

// DecodeJSON implements [lexjson.Decoder].
func (v *RepoCommitMeta) DecodeJSON(r *lexjson.Reader) {
	*v = RepoCommitMeta{}
	object := r.Object("cid", "rev")
	for object.Next() {
		switch object.Key() {
		case "cid":
			v.CID = syntax.CID(r.String())
		case "rev":
			v.Rev = syntax.TID(r.String())
		default:
			v.Extra.DecodeMember(object.Key(), r)
		}
	}
}

// EncodeJSON implements [lexjson.Encoder].
func (v *RepoCommitMeta) EncodeJSON(w *lexjson.Writer) {
	w.BeginObject()
	w.Key("cid").String(string(v.CID))
	w.Key("rev").String(string(v.Rev))
	v.Extra.EncodeMembers(w)
	w.EndObject()
}

// Check implements [validate.Checkable].
func (v *RepoCommitMeta) Check(c *validate.Checker) {
	v.Extra.Check(c, "com.atproto.repo.defs#commitMeta")
	c.CID("cid", v.CID)
	c.TID("rev", v.Rev)
}

// Validate checks the constraints of the lexicon. Its error is a [*validate.Errors].
func (v *RepoCommitMeta) Validate() error {
	return validate.Value(v)
}

// MarshalJSON implements [encoding/json.Marshaler].
func (v RepoCommitMeta) MarshalJSON() ([]byte, error) {
	return lexjson.Marshal(&v)
}

// UnmarshalJSON implements [encoding/json.Unmarshaler]. It leaves the constraints to Validate.
func (v *RepoCommitMeta) UnmarshalJSON(data []byte) error {
	return lexdata.Unmarshal(data, v)
}
