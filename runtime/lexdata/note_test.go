package lexdata_test

import (
	"github.com/lexgen-go/lexgen/runtime/lexdata"
	"github.com/lexgen-go/lexgen/runtime/lexjson"
	"github.com/lexgen-go/lexgen/runtime/validate"
)

// A note is a record as lexgen generates it.
type note struct {
	Text   string
	Embed  noteEmbedUnion
	Avatar lexdata.Opt[lexdata.Blob]
	Pinned lexdata.OptNull[lexdata.CIDLink]
	Hash   lexdata.Bytes
	Extra  lexdata.Extra
}

const noteNSID = "com.example.note"

func (v *note) LexiconType() string { return noteNSID }

func (v *note) Check(c *validate.Checker) {
	v.Extra.Check(c, "com.example.note")
	c.MaxLength("text", len(v.Text), 10)
	if v.Embed.Value != nil {
		c.Within("embed", &v.Embed)
	}
	if avatar, ok := v.Avatar.Get(); ok {
		c.Within("avatar", avatar)
	}
	if pinned, ok := v.Pinned.Get(); ok {
		c.Within("pinned", pinned)
	}
}

func (v *note) DecodeJSON(r *lexjson.Reader) {
	*v = note{}
	r.Record(noteNSID)
	object := r.Object("text", "hash")
	for object.Next() {
		switch object.Key() {
		case "text":
			v.Text = r.String()
		case "embed":
			v.Embed.DecodeJSON(r)
		case "avatar":
			v.Avatar = lexdata.Some(lexdata.ReadBlob(r))
		case "pinned":
			if r.Null() {
				v.Pinned = lexdata.SomeNull[lexdata.CIDLink]()
			} else {
				v.Pinned = lexdata.SomeNonNull(lexdata.ReadCIDLink(r))
			}
		case "hash":
			v.Hash.DecodeJSON(r)
		default:
			v.Extra.DecodeMember(object.Key(), r)
		}
	}
}

func (v *note) EncodeJSON(w *lexjson.Writer) {
	w.Type(noteNSID)
	w.BeginObject()
	w.Key("text").String(v.Text)
	if v.Embed.Value != nil {
		v.Embed.EncodeJSON(w.Key("embed"))
	}
	if avatar, ok := v.Avatar.Get(); ok {
		avatar.EncodeJSON(w.Key("avatar"))
	}
	if pinned, ok := v.Pinned.Get(); ok {
		pinned.EncodeJSON(w.Key("pinned"))
	} else if v.Pinned.IsNull() {
		w.Key("pinned").Null()
	}
	v.Hash.EncodeJSON(w.Key("hash"))
	v.Extra.EncodeMembers(w)
	w.EndObject()
}

func (v *note) UnmarshalJSON(data []byte) error { return lexdata.Unmarshal(data, v) }

func (v note) MarshalJSON() ([]byte, error) { return lexjson.Marshal(&v) }

// A noteEmbedUnion is an open union.
type noteEmbedUnion struct {
	Value lexdata.Typed
}

func (u *noteEmbedUnion) DecodeJSON(r *lexjson.Reader) {
	u.Value = nil
	switch r.Variant() {
	case noteNSID:
		u.Value = new(note)
	case noteImageType:
		u.Value = new(noteImage)
	case "":
		return
	default:
		u.Value = new(lexdata.UnknownVariant)
	}
	u.Value.DecodeJSON(r)
}

func (u *noteEmbedUnion) EncodeJSON(w *lexjson.Writer) { lexdata.EncodeVariant(w, u.Value) }

func (u *noteEmbedUnion) Check(c *validate.Checker) { lexdata.CheckVariant(c, u.Value) }

// A noteClosedUnion is a closed union.
type noteClosedUnion struct {
	Value lexdata.Typed
}

func (u *noteClosedUnion) types() []string { return []string{noteNSID, noteImageType} }

func (u *noteClosedUnion) DecodeJSON(r *lexjson.Reader) {
	u.Value = nil
	switch r.Variant() {
	case noteNSID:
		u.Value = new(note)
	case noteImageType:
		u.Value = new(noteImage)
	case "":
		return
	default:
		lexdata.RefuseVariant(r, u.types()...)
		return
	}
	u.Value.DecodeJSON(r)
}

func (u *noteClosedUnion) EncodeJSON(w *lexjson.Writer) { lexdata.EncodeVariant(w, u.Value) }

func (u *noteClosedUnion) Check(c *validate.Checker) {
	lexdata.CheckClosedVariant(c, u.Value, u.types()...)
}

// A noteImage is an object that is used as a variant and by plain references.
type noteImage struct {
	Alt   string
	Extra lexdata.Extra
}

const noteImageType = "com.example.note#image"

func (v *noteImage) LexiconType() string { return noteImageType }

func (v *noteImage) Check(c *validate.Checker) {
	v.Extra.Check(c, noteImageType)
	c.MinLength("alt", len(v.Alt), 1)
}

func (v *noteImage) DecodeJSON(r *lexjson.Reader) {
	*v = noteImage{}
	object := r.Object("alt")
	for object.Next() {
		switch object.Key() {
		case "alt":
			v.Alt = r.String()
		default:
			v.Extra.DecodeMember(object.Key(), r)
		}
	}
}

func (v *noteImage) EncodeJSON(w *lexjson.Writer) {
	w.BeginObject()
	w.Key("alt").String(v.Alt)
	v.Extra.EncodeMembers(w)
	w.EndObject()
}

// A noteKey is a plain object that is no variant of anything.
type noteKey struct {
	Key string
}

func (v *noteKey) DecodeJSON(r *lexjson.Reader) {
	*v = noteKey{}
	object := r.Object("key")
	for object.Next() {
		switch object.Key() {
		case "key":
			v.Key = r.String()
		default:
			r.Skip()
		}
	}
}

func (v *noteKey) EncodeJSON(w *lexjson.Writer) {
	w.BeginObject()
	w.Key("key").String(v.Key)
	w.EndObject()
}
