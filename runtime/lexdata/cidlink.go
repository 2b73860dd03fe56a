package lexdata

import (
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
	if l.isCommon() {
		return true
	}
	if len(l) < 2 || len(l) > maxCIDText || l[0] != 'b' {
		return false
	}
	cid := base32{text: string(l[1:])}
	numbers, ok := cid.header()
	if !ok {
		return false
	}
	version, function, length := numbers[0], numbers[2], numbers[3]
	if version != 1 || function == sha256 && length != sha256Len {
		return false
	}
	hash, ok := cid.rest()
	return ok && length == uint64(hash)
}

// isCommon reports whether l is a valid link to a file or to data, with a hash of
// SHA-256, as nearly all links are: the first seven characters stand for version,
// codec, hash function and length, but for two zero bits of the length, and the
// last one has two bits more than the hash.
func (l CIDLink) isCommon() bool {
	const length, header = 59, len(linkToFile)
	if len(l) != length || l[:header] != linkToFile && l[:header] != linkToData {
		return false
	}
	first, last := base32Digits[l[header]], base32Digits[l[length-1]]
	return first&0b11000 == 0 && last&0b11 == 0 && allDigits(string(l[header:]))
}

// How links of the two usual codecs start.
const (
	linkToFile = "bafkrei"
	linkToData = "bafyrei"
)

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
