package xrpc

import "strings"

// Media types.
const (
	mediaJSON  = "application/json"         // of bodies that have a schema
	mediaBytes = "application/octet-stream" // of bodies of which nobody says what they are
)

// matches reports whether an encoding of a lexicon, which may be type/* or */*, lets a media type
// through. Media is as [essence] returns it. An asterisk elsewhere in the encoding means nothing.
func matches(encoding, media string) bool {
	encoding, _ = essence(encoding)
	kind, wild := strings.CutSuffix(encoding, "/*")
	switch {
	case encoding == "*/*":
		return true
	case strings.Contains(kind, "*"):
		return false
	case wild:
		return strings.HasPrefix(media, kind+"/")
	}
	return media == encoding
}

// essence returns a media type in lower case and without parameters, and whether it is one at all.
func essence(contentType string) (string, bool) {
	media, _, _ := strings.Cut(contentType, ";")
	media = strings.ToLower(strings.Trim(media, " \t"))
	kind, subtype, ok := strings.Cut(media, "/")
	return media, ok && isToken(kind) && isToken(subtype) && len(media) <= maxMediaType
}

// maxMediaType is how long a media type may be (https://www.rfc-editor.org/rfc/rfc6838#section-4.2).
const maxMediaType = 127 + len("/") + 127

// isToken reports whether s is a token (https://www.rfc-editor.org/rfc/rfc9110#name-tokens).
func isToken(s string) bool {
	for i := range len(s) {
		c := s[i]
		alphanumeric := '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
		if !alphanumeric && strings.IndexByte("!#$%&'*+-.^_`|~", c) < 0 {
			return false
		}
	}
	return s != ""
}
