package lexdata

import (
	"github.com/lexgen-go/lexgen/runtime/lexjson"
	"github.com/lexgen-go/lexgen/runtime/validate"
)

const (
	typeKey  = "$type"
	blobType = "blob"

	emptyText    = "must not be empty"
	negativeSize = "must not be negative"
)

// A Blob refers to a file by the hash of its content. In JSON it is an object
// with exactly the keys $type, ref, mimeType and size.
//
// Old records have another form, an object with exactly the keys cid and
// mimeType. It is read only by a lenient Reader and only where the schema wants
// a blob, see [Blob.Legacy], and is written as it was read, so that the hash of
// the record around it does not change.
//
// See https://atproto.com/specs/data-model#blob-type.
type Blob struct {
	Ref      CIDLink // the CID of the content
	MIMEType string  // as declared by who uploaded it; not empty
	Size     int64   // in bytes; 0 for an empty file, -1 in the old form

	legacy bool
}

// Legacy reports whether b was read from the old form.
func (b Blob) Legacy() bool { return b.legacy }

// ReadBlob reads a blob from r.
func ReadBlob(r *lexjson.Reader) Blob {
	var b Blob
	b.DecodeJSON(r)
	return b
}

// Check reports to c what keeps b from being written: a ref that is not valid, an
// empty MIME type, or a negative size, which only the old form may have; and the
// old form, unless c is lenient.
func (b Blob) Check(c *validate.Checker) {
	if b.legacy && !c.Lenient {
		c.Fail("", "must not be a blob of the old form")
	}
	switch {
	case b.Ref.Valid():
	case b.legacy:
		c.Fail("cid", notACID)
	default:
		c.Within("ref", b.Ref)
	}
	if b.MIMEType == "" {
		c.Fail("mimeType", emptyText)
	}
	if b.Size < 0 && !b.legacy {
		c.Fail("size", negativeSize)
	}
}

// The members of a blob, as bits.
const (
	blobHasType = 1 << iota
	blobHasRef
	blobHasMIMEType
	blobHasSize
	blobHasCID
)

// DecodeJSON reads b from r, in the old form only if r.Lenient is set.
func (b *Blob) DecodeJSON(r *lexjson.Reader) {
	*b = Blob{}
	if r.Peek() != lexjson.Object {
		r.Skip()
		r.Report("must be a blob")
		return
	}
	required, members := []string{typeKey, "ref", "mimeType", "size"}, 0
	if r.Lenient {
		required = nil // which ones are depends on the form, see finish
	}
	object := r.Object(required...)
	for object.Next() {
		key := object.Key()
		switch {
		case key == typeKey:
			members |= blobHasType
			if r.Peek() != lexjson.String {
				r.Skip()
				r.Report("must be " + blobType)
			} else if r.String() != blobType {
				r.Report("must be " + blobType)
			}
		case key == "ref":
			members |= blobHasRef
			b.Ref.DecodeJSON(r)
		case key == "mimeType":
			members |= blobHasMIMEType
			b.MIMEType = readMIMEType(r)
		case key == "size":
			members |= blobHasSize
			if b.Size = r.Int(); b.Size < 0 {
				r.Report(negativeSize)
			}
		case key == "cid" && r.Lenient:
			members |= blobHasCID
			b.Ref = CIDLink(r.String())
		default:
			r.Skip()
			r.Report("is not allowed in a blob")
		}
	}
	if r.Lenient {
		b.finish(r, members)
	}
}

// finish decides from the members that were there which form b has, which matters
// to a lenient Reader alone, and reports what that form lacks.
func (b *Blob) finish(r *lexjson.Reader, members int) {
	if members&blobHasCID != 0 {
		b.Size, b.legacy = -1, true
		switch {
		case members != blobHasCID|blobHasMIMEType:
			r.Report("must be a blob, in the old form with exactly cid and mimeType")
		case !b.Ref.Valid():
			r.ReportMember("cid", notACID)
		}
		return
	}
	for i, key := range [...]string{typeKey, "ref", "mimeType", "size"} {
		if members&(1<<i) == 0 {
			r.ReportMember(key, "is required")
		}
	}
}

func readMIMEType(r *lexjson.Reader) string {
	if r.Peek() != lexjson.String {
		return r.String()
	}
	text := r.String()
	if text == "" {
		r.Report(emptyText)
	}
	return text
}

// EncodeJSON writes b to w, in the form in which it was read. It is an error if
// a reader would not take it.
func (b Blob) EncodeJSON(w *lexjson.Writer) {
	if b.MIMEType == "" {
		w.Fail("a blob must have a MIME type")
	}
	w.BeginObject()
	if b.legacy {
		w.Key("cid")
		if !b.Ref.Valid() {
			w.Fail(notACID)
		}
		w.String(string(b.Ref))
		w.Key("mimeType").String(b.MIMEType)
		w.EndObject()
		return
	}
	w.Key(typeKey).String(blobType)
	b.Ref.EncodeJSON(w.Key("ref"))
	w.Key("mimeType").String(b.MIMEType)
	w.Key("size")
	if b.Size < 0 {
		w.Fail(negativeSize)
	}
	w.Int(b.Size)
	w.EndObject()
}

// MarshalJSON returns b in JSON.
func (b Blob) MarshalJSON() ([]byte, error) { return lexjson.Marshal(b) }

// UnmarshalJSON sets b from JSON, which must be in the present form; the
// errors are those of [Unmarshal].
func (b *Blob) UnmarshalJSON(data []byte) error { return Unmarshal(data, b) }
