package lexdata

import (
	"encoding/binary"

	"github.com/lexgen-go/lexgen/runtime/lexjson"
	"github.com/lexgen-go/lexgen/runtime/syntax"
)

const (
	linkKey    = "$link"
	notACID    = "must be a CID of version 1 in base32"
	maxCIDText = 256
	sha256     = 0x12 // the code of the hash function
	sha256Len  = 32
)

// A CIDLink is a link to content by its hash: the text of a CID. In JSON it is
// an object with the sole key $link and that text.
//
// Any text can be converted to a CIDLink, but only one that is [CIDLink.Valid]
// can be written or read.
//
// See https://atproto.com/specs/data-model#link.
type CIDLink syntax.CID

// Valid reports whether l is a CID of version 1 in lower-case base32. Unlike
// [syntax.CID.Valid] it takes the CID apart: the version, the codec, and the
// hash with its length must be there, and nothing else. Codecs and hash
// functions of any kind pass; a hash of SHA-256 must have 32 bytes.
func (l CIDLink) Valid() bool {
	var buf [maxCIDText]byte
	if len(l) < 2 || len(l) > maxCIDText || l[0] != 'b' {
		return false
	}
	cid, ok := decodeBase32(buf[:0], string(l[1:]))
	return ok && validCID(cid)
}

// String returns the text of l.
func (l CIDLink) String() string { return string(l) }

// DecodeJSON reads l from r.
func (l *CIDLink) DecodeJSON(r *lexjson.Reader) {
	*l = ""
	if text, ok := readWrapped(r, linkKey); ok {
		*l = CIDLink(text)
		if !l.Valid() {
			r.ReportMember(linkKey, notACID)
		}
	}
}

// EncodeJSON writes l to w. It is an error if l is not valid.
func (l CIDLink) EncodeJSON(w *lexjson.Writer) {
	w.BeginObject()
	w.Key(linkKey)
	if !l.Valid() {
		w.Fail(notACID)
	}
	w.String(string(l))
	w.EndObject()
}

// MarshalJSON returns l in JSON.
func (l CIDLink) MarshalJSON() ([]byte, error) { return lexjson.Marshal(l) }

// UnmarshalJSON sets l from JSON; the errors are those of [Unmarshal].
func (l *CIDLink) UnmarshalJSON(data []byte) error { return Unmarshal(data, l) }

// decodeBase32 appends the bytes that text stands for to buf. The standard
// library's decoder allocates, and passes over line breaks and left-over bits.
func decodeBase32(buf []byte, text string) ([]byte, bool) {
	var bits, n uint // n bits that are not a byte yet
	for i := range len(text) {
		c := text[i]
		switch {
		case 'a' <= c && c <= 'z':
			c -= 'a'
		case '2' <= c && c <= '7':
			c -= '2' - 26
		default:
			return nil, false
		}
		bits = bits<<5 | uint(c)
		if n += 5; n >= 8 {
			n -= 8
			buf = append(buf, byte(bits>>n))
			bits &= 1<<n - 1
		}
	}
	return buf, n < 5 && bits == 0
}

// validCID checks the binary form of a CID: version, codec, hash function and
// length of the hash, each a minimal varint, and the hash.
func validCID(cid []byte) bool {
	var fields [4]uint64
	for i := range fields {
		n, size := binary.Uvarint(cid)
		if size <= 0 || size > 1 && cid[size-1] == 0 {
			return false
		}
		fields[i], cid = n, cid[size:]
	}
	version, function, length := fields[0], fields[2], fields[3]
	if function == sha256 && length != sha256Len {
		return false
	}
	return version == 1 && length == uint64(len(cid))
}
