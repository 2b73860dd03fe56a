package validator

import (
	"fmt"

	"github.com/lexgen-go/lexgen/lexgen/internal/lexicon"
	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/runtime/validate"
)

// keyName is what the protocol calls a record's key where it is the property of an object.
const keyName = "rkey"

// CheckRecordKey checks whether a record of the given type may have a key. The error is a
// [*validate.Errors]. See https://atproto.com/specs/record-key.
func CheckRecordKey(record *lexicon.Record, key string) error {
	var c validate.Checker
	switch record.Key.Kind {
	case lexicon.KeyTID:
		c.TID(keyName, syntax.TID(key))
	case lexicon.KeyNSID:
		c.NSID(keyName, syntax.NSID(key))
	case lexicon.KeyAny:
		c.RecordKey(keyName, syntax.RecordKey(key))
	case lexicon.KeyLiteral:
		validate.Const(&c, keyName, key, record.Key.Literal)
	default:
		panic(fmt.Sprintf("validator: unknown kind of record key %d", record.Key.Kind))
	}
	return c.Err()
}
