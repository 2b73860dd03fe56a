package syntax

import "strings"

const (
	atURIPrefix    = "at://"
	maxATURILength = 8192
)

// An ATURI is a URI of the at scheme that names a repository, a collection in
// it, or a record in that: at://did:plc:abc/app.bsky.feed.post/3jzfcijpj2z2a.
// It is at most 8192 bytes long.
//
// The syntax is the restricted one of the Lexicon language: an [ATIdentifier],
// optionally followed by a slash and an [NSID], optionally followed by a slash
// and a [RecordKey], with no query, no fragment and no slash at the end.
//
// See https://atproto.com/specs/at-uri-scheme.
type ATURI string

// ParseATURI returns s as an ATURI. The error, if any, is an [*Error].
func ParseATURI(s string) (ATURI, error) {
	return parse[ATURI](ATURIFormat, s, checkATURI)
}

// Valid reports whether u has the restricted syntax of an AT URI.
func (u ATURI) Valid() bool {
	return checkATURI(string(u)) == ""
}

// ValidLenient reports whether u is valid when one slash at the end, then a
// query, and any characters that a URI admits in a path segment as record key
// are allowed as well. A fragment is not.
func (u ATURI) ValidLenient() bool {
	return checkATURILenient(string(u)) == ""
}

// String returns the text of u.
func (u ATURI) String() string {
	return string(u)
}

// Authority returns the account whose repository u points into. It is empty
// unless u passes [ATURI.ValidLenient].
func (u ATURI) Authority() ATIdentifier {
	authority, _, _ := u.split()
	return ATIdentifier(authority)
}

// Collection returns the collection that u points to or into. It is empty if u
// names a whole repository, or does not pass [ATURI.ValidLenient].
func (u ATURI) Collection() NSID {
	_, collection, _ := u.split()
	return NSID(collection)
}

// RecordKey returns the key of the record that u points to. It is empty if u
// names no record, does not pass [ATURI.ValidLenient], or has a key that only
// lenient reading accepts: a key that is returned is valid.
func (u ATURI) RecordKey() RecordKey {
	_, _, key := u.split()
	if !RecordKey(key).Valid() {
		return ""
	}
	return RecordKey(key)
}

func (u ATURI) split() (authority, collection, key string) {
	if !u.ValidLenient() {
		return "", "", ""
	}
	path, _ := cutATURITail(string(u))
	authority, path, _ = strings.Cut(path[len(atURIPrefix):], "/")
	collection, key, _ = strings.Cut(path, "/")
	return authority, collection, key
}

func checkATURI(s string) string {
	switch {
	case s == "":
		return isEmpty
	case len(s) > maxATURILength:
		return "is longer than 8192 bytes"
	case strings.IndexByte(s, '#') >= 0:
		return "has a fragment"
	case strings.IndexByte(s, '?') >= 0:
		return "has a query"
	}
	return checkATURIParts(s, checkRecordKey)
}

func checkATURILenient(s string) string {
	if len(s) > maxATURILength {
		return "is longer than 8192 bytes"
	}
	path, query := cutATURITail(s)
	for i := range len(query) {
		if c := query[i]; !inPath.has(c) && c != '/' && c != '?' {
			return "has a character in the query that must be escaped"
		}
	}
	return checkATURIParts(path, checkPathSegment)
}

// cutATURITail splits what only lenient reading accepts off the end of s: the
// query and one slash before it.
func cutATURITail(s string) (path, query string) {
	path, query, _ = strings.Cut(s, "?")
	return strings.TrimSuffix(path, "/"), query
}

// checkATURIParts checks a URI without query and fragment. The caller chooses
// what a record key may be.
func checkATURIParts(s string, checkKey func(string) string) string {
	if !strings.HasPrefix(s, atURIPrefix) {
		return `does not start with "at://"`
	}
	authority, path, more := strings.Cut(s[len(atURIPrefix):], "/")
	switch {
	case checkATIdentifier(authority) != "":
		return "has an authority that is neither a DID nor a handle"
	case !more:
		return ""
	case path == "":
		return "ends with a slash"
	}
	collection, key, more := strings.Cut(path, "/")
	switch {
	case checkNSID(collection) != "":
		return "has a collection that is not an NSID"
	case !more:
		return ""
	case key == "":
		return "ends with a slash"
	case checkKey(key) == "":
		return ""
	case strings.IndexByte(key, '/') >= 0:
		return "has more than two segments in the path"
	}
	return "has a record key that is not valid"
}

// checkPathSegment checks the characters of a segment as RFC 3986, section 3.3
// lists them. Escapes are not decoded.
func checkPathSegment(s string) string {
	if !inPath.all(s) {
		return "has a character that must be escaped"
	}
	return ""
}
