package lexdata

import (
	"encoding/base64"
	"strings"

	"github.com/lexgen-go/lexgen/runtime/lexjson"
)

const bytesKey = "$bytes"

// Bytes are raw bytes. In JSON they are an object with the sole key $bytes and
// a string in base64 with the standard alphabet, which is read with or without
// padding and written without it.
//
// See https://atproto.com/specs/data-model#bytes.
type Bytes []byte

// ReadBytes reads bytes from r.
func ReadBytes(r *lexjson.Reader) Bytes {
	var b Bytes
	b.DecodeJSON(r)
	return b
}

// DecodeJSON reads b from r.
func (b *Bytes) DecodeJSON(r *lexjson.Reader) {
	*b = nil
	if text, ok := readWrapped(r, bytesKey); ok {
		if *b, ok = parseBytes(text); !ok {
			r.ReportMember(bytesKey, "must be base64")
		}
	}
}

// EncodeJSON writes b to w.
func (b Bytes) EncodeJSON(w *lexjson.Writer) {
	w.BeginObject()
	w.Key(bytesKey).String(base64.RawStdEncoding.EncodeToString(b))
	w.EndObject()
}

// MarshalJSON returns b in JSON.
func (b Bytes) MarshalJSON() ([]byte, error) { return lexjson.Marshal(b) }

// UnmarshalJSON sets b from JSON; the errors are those of [Unmarshal].
func (b *Bytes) UnmarshalJSON(data []byte) error { return Unmarshal(data, b) }

// parseBytes decodes base64. Bits that are left over in the last character may
// be anything: the interoperability tests want that. Line breaks, which Go's
// decoder passes over, are refused.
func parseBytes(text string) (Bytes, bool) {
	if strings.ContainsAny(text, "\r\n") {
		return nil, false
	}
	if len(text)%4 == 0 {
		text = strings.TrimSuffix(strings.TrimSuffix(text, "="), "=")
	}
	b, err := base64.RawStdEncoding.DecodeString(text)
	return b, err == nil
}

// readWrapped reads an object whose sole member has the given key and a string
// as its value. Whatever else it finds is reported.
func readWrapped(r *lexjson.Reader, only string) (text string, ok bool) {
	object := r.Object(only)
	for object.Next() {
		key := object.Key()
		switch {
		case key != only:
			r.Skip()
			r.Report("is not allowed beside " + only)
		case r.Peek() != lexjson.String:
			r.Skip()
			r.Report("must be a string")
		default:
			text, ok = r.String(), true
		}
	}
	return text, ok
}
