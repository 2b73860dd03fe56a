package xrpc

import "strings"

// Media types, and the pattern of all of them.
const (
	mediaJSON  = "application/json"         // of bodies that have a schema
	mediaBytes = "application/octet-stream" // of bodies of which nobody says what they are
	mediaAny   = "*/*"
)

// matches reports whether an encoding of a lexicon, which may be type/* or */*, lets a media type
// through. The media type is one that [essence] has found valid, so no asterisk is in it.
func matches(encoding, media string) bool {
	kind, wild := strings.CutSuffix(encoding, "/*")
	return encoding == media || encoding == mediaAny || wild && strings.HasPrefix(media, kind+"/")
}

// incomingType returns the media type that a received Content-Type names, and whether it names one.
// The encoding is that of the lexicon: where it lets anything through, */* stands for bytes, because
// there are clients that upload blobs with it.
func incomingType(contentType, encoding string) (string, bool) {
	media, ok := essence(contentType)
	if media == mediaAny && encoding == mediaAny {
		return mediaBytes, true
	}
	return media, ok
}

// essence returns a media type in lower case and without parameters, and whether it is one at all,
// which a pattern is not.
func essence(contentType string) (string, bool) {
	media, _, _ := strings.Cut(contentType, ";")
	media = strings.ToLower(strings.Trim(media, " \t"))
	kind, subtype, ok := strings.Cut(media, "/")
	ok = ok && isToken(kind) && isToken(subtype) && !strings.Contains(media, "*")
	return media, ok && len(media) <= maxMediaType
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
