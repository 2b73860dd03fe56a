package syntax

const maxRecordKeyLength = 512

// A RecordKey names a record within a collection of a repository, often a
// [TID] or the word "self". It is 1 to 512 bytes long, case-sensitive, and
// neither "." nor "..".
//
// See https://atproto.com/specs/record-key.
type RecordKey string

// ParseRecordKey returns s as a RecordKey. The error, if any, is an [*Error].
func ParseRecordKey(s string) (RecordKey, error) {
	return parse[RecordKey](RecordKeyFormat, s, checkRecordKey)
}

// Valid reports whether k has the syntax of a record key.
func (k RecordKey) Valid() bool {
	return checkRecordKey(string(k)) == ""
}

// String returns the text of k.
func (k RecordKey) String() string {
	return string(k)
}

func checkRecordKey(s string) string {
	switch {
	case s == "":
		return isEmpty
	case len(s) > maxRecordKeyLength:
		return "is longer than 512 bytes"
	case s == "." || s == "..":
		return "is a relative path"
	}
	if !inKey.all(s) {
		return "has a character other than letters, digits and _~.:-"
	}
	return ""
}
