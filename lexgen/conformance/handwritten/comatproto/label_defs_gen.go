// Source: com.atproto.label.defs

package comatproto

import (
	"github.com/lexgen-go/lexgen/runtime/lexdata"
	"github.com/lexgen-go/lexgen/runtime/lexjson"
	"github.com/lexgen-go/lexgen/runtime/validate"
)

// LabelSelfLabels is com.atproto.label.defs#selfLabels.
//
// Metadata tags on an atproto record, published by the author within the
// record.
type LabelSelfLabels struct {
	Values []LabelSelfLabel `json:"values"`
	// Extra holds the properties that the lexicon does not know.
	Extra lexdata.Extra `json:"-"`
}

// LabelSelfLabel is com.atproto.label.defs#selfLabel.
//
// Metadata tag on an atproto record, published by the author within the record.
// Note that schemas should use #selfLabels, not #selfLabel.
type LabelSelfLabel struct {
	// The short string name of the value or type of this label.
	Val string `json:"val"`
	// Extra holds the properties that the lexicon does not know.
	Extra lexdata.Extra `json:"-"`
}

// LexiconType implements [lexdata.Typed].
func (v *LabelSelfLabels) LexiconType() string {
	return "com.atproto.label.defs#selfLabels"
}

// DecodeJSON implements [lexjson.Decoder].
func (v *LabelSelfLabels) DecodeJSON(r *lexjson.Reader) {
	*v = LabelSelfLabels{}
	object := r.Object("values")
	for object.Next() {
		switch object.Key() {
		case "values":
			v.Values = []LabelSelfLabel{}
			array := r.Array()
			for array.Next() {
				var item LabelSelfLabel
				item.DecodeJSON(r)
				v.Values = append(v.Values, item)
			}
		default:
			v.Extra.DecodeMember(object.Key(), r)
		}
	}
}

// EncodeJSON implements [lexjson.Encoder].
func (v *LabelSelfLabels) EncodeJSON(w *lexjson.Writer) {
	w.BeginObject()
	w.Key("values").BeginArray()
	for i := range v.Values {
		v.Values[i].EncodeJSON(w)
	}
	w.EndArray()
	v.Extra.EncodeMembers(w)
	w.EndObject()
}

// Check implements [validate.Checkable].
func (v *LabelSelfLabels) Check(c *validate.Checker) {
	v.Extra.Check(c, "com.atproto.label.defs#selfLabels")
	c.MaxLength("values", len(v.Values), 10)
	for i := range v.Values {
		c.EnterItem("values", i)
		v.Values[i].Check(c)
		c.Leave()
	}
}

// Validate checks the constraints of the lexicon. Its error is a [*validate.Errors].
func (v *LabelSelfLabels) Validate() error {
	return validate.Value(v)
}

// MarshalJSON implements [encoding/json.Marshaler].
func (v LabelSelfLabels) MarshalJSON() ([]byte, error) {
	return lexjson.Marshal(&v)
}

// UnmarshalJSON implements [encoding/json.Unmarshaler]. It leaves the constraints to Validate.
func (v *LabelSelfLabels) UnmarshalJSON(data []byte) error {
	return lexdata.Unmarshal(data, v)
}

// LexiconType implements [lexdata.Typed].
func (v *LabelSelfLabel) LexiconType() string {
	return "com.atproto.label.defs#selfLabel"
}

// DecodeJSON implements [lexjson.Decoder].
func (v *LabelSelfLabel) DecodeJSON(r *lexjson.Reader) {
	*v = LabelSelfLabel{}
	object := r.Object("val")
	for object.Next() {
		switch object.Key() {
		case "val":
			v.Val = r.String()
		default:
			v.Extra.DecodeMember(object.Key(), r)
		}
	}
}

// EncodeJSON implements [lexjson.Encoder].
func (v *LabelSelfLabel) EncodeJSON(w *lexjson.Writer) {
	w.BeginObject()
	w.Key("val").String(v.Val)
	v.Extra.EncodeMembers(w)
	w.EndObject()
}

// Check implements [validate.Checkable].
func (v *LabelSelfLabel) Check(c *validate.Checker) {
	v.Extra.Check(c, "com.atproto.label.defs#selfLabel")
	c.MaxLength("val", len(v.Val), 128)
}

// Validate checks the constraints of the lexicon. Its error is a [*validate.Errors].
func (v *LabelSelfLabel) Validate() error {
	return validate.Value(v)
}

// MarshalJSON implements [encoding/json.Marshaler].
func (v LabelSelfLabel) MarshalJSON() ([]byte, error) {
	return lexjson.Marshal(&v)
}

// UnmarshalJSON implements [encoding/json.Unmarshaler]. It leaves the constraints to Validate.
func (v *LabelSelfLabel) UnmarshalJSON(data []byte) error {
	return lexdata.Unmarshal(data, v)
}
