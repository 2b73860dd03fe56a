package plc

// Unsigned returns what a test signs with a key of its own.
func Unsigned(o Operation) []byte { return o.unsigned() }

// Size returns how many bytes of DAG-CBOR the operation has.
func Size(o Operation) int { return len(o.signed()) }
