package plc

import (
	"cmp"
	"encoding/binary"
	"slices"
	"strings"
)

// A cborValue is the part of the data model that operations need. It appends its
// DAG-CBOR, of which there is one form: shortest lengths, sorted keys, no tags.
//
// See https://ipld.io/specs/codecs/dag-cbor/spec/.
type cborValue interface {
	appendTo(b []byte) []byte
}

type (
	cborText  string
	cborArray []cborValue
	cborMap   []field
	cborNull  struct{}
)

// A field is an entry of a map.
type field struct {
	key   string
	value cborValue
}

// Major types of https://www.rfc-editor.org/rfc/rfc8949#section-3.1, and null.
const (
	majorText  = 3 << 5
	majorArray = 4 << 5
	majorMap   = 5 << 5
	simpleNull = 7<<5 | 22
)

func (v cborText) appendTo(b []byte) []byte {
	return append(appendHead(b, majorText, len(v)), v...)
}

func (v cborArray) appendTo(b []byte) []byte {
	b = appendHead(b, majorArray, len(v))
	for _, item := range v {
		b = item.appendTo(b)
	}
	return b
}

func (v cborMap) appendTo(b []byte) []byte {
	return appendMap(b, v...)
}

func (cborNull) appendTo(b []byte) []byte {
	return append(b, simpleNull)
}

// appendMap appends a map with its keys sorted, the shorter first.
func appendMap(b []byte, fields ...field) []byte {
	sorted := slices.SortedFunc(slices.Values(fields), func(x, y field) int {
		return cmp.Or(cmp.Compare(len(x.key), len(y.key)), strings.Compare(x.key, y.key))
	})
	b = appendHead(b, majorMap, len(sorted))
	for _, f := range sorted {
		b = f.value.appendTo(cborText(f.key).appendTo(b))
	}
	return b
}

// appendHead appends the type and the length of a value, in as few bytes as it can
// be written in.
func appendHead(b []byte, major byte, n int) []byte {
	switch {
	case n < 24:
		return append(b, major|byte(n))
	case n < 1<<8:
		return append(b, major|24, byte(n))
	case n < 1<<16:
		return binary.BigEndian.AppendUint16(append(b, major|25), uint16(n))
	default:
		return binary.BigEndian.AppendUint32(append(b, major|26), uint32(n))
	}
}
