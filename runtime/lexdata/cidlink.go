package lexdata

import (
	"encoding/binary"

	"github.com/lexgen-go/lexgen/runtime/lexjson"
	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/runtime/validate"
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

// Check reports to c that l is not valid.
func (l CIDLink) Check(c *validate.Checker) {
	if !l.Valid() {
		c.Fail(linkKey, notACID)
	}
}

// ReadCIDLink reads a link from r.
func ReadCIDLink(r *lexjson.Reader) CIDLink {
	var l CIDLink
	l.DecodeJSON(r)
	return l
}

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
		digit := base32Digits[text[i]]
		if digit == 0 {
			return nil, false
		}
		bits = bits<<5 | uint(digit-1)
		if n += 5; n >= 8 {
			n -= 8
			buf = append(buf, byte(bits>>n))
		}
	}
	return buf, n < 5 && bits&(1<<n-1) == 0
}

// base32Digits holds the value of each digit, plus one. A table is quicker than
// comparisons, which the processor cannot foresee in a hash.
var base32Digits = [256]byte{
	'a': 1, 'b': 2, 'c': 3, 'd': 4, 'e': 5, 'f': 6, 'g': 7, 'h': 8,
	'i': 9, 'j': 10, 'k': 11, 'l': 12, 'm': 13, 'n': 14, 'o': 15, 'p': 16,
	'q': 17, 'r': 18, 's': 19, 't': 20, 'u': 21, 'v': 22, 'w': 23, 'x': 24,
	'y': 25, 'z': 26, '2': 27, '3': 28, '4': 29, '5': 30, '6': 31, '7': 32,
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
