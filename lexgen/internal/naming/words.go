package naming

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// initialism returns a word as Go spells it if it is an initialism, in the singular or the plural,
// and "" otherwise.
func initialism(word string) string {
	upper := strings.ToUpper(word)
	if isInitialism(upper) {
		return upper
	}
	if singular, ok := strings.CutSuffix(upper, "S"); ok && isInitialism(singular) {
		return singular + "s"
	}
	return ""
}

// isInitialism knows the abbreviations that Go code writes in one case, those of AT Protocol included.
func isInitialism(upper string) bool {
	switch upper {
	case "API", "ASCII", "BGS", "CAR", "CBOR", "CDN", "CID", "CORS", "CPU", "CSS", "DB", "DID", "DNS", "DPOP", "EOF",
		"GUID", "HTML", "HTTP", "HTTPS", "ID", "IP", "JSON", "JWK", "JWKS", "JWT", "NSID", "OS", "PDS", "PLC",
		"QR", "RAM", "RPC", "SMTP", "SQL", "SSH", "TCP", "TID", "TLD", "TLS", "TTL", "UDP", "UI", "UID", "URI",
		"URL", "UTC", "UTF8", "UUID", "VM", "XML", "XRPC":
		return true
	}
	return false
}

// exported joins names to one exported Go identifier.
func exported(names ...string) string {
	var b strings.Builder
	for _, name := range names {
		for _, word := range split(name) {
			if known := initialism(word); known != "" {
				b.WriteString(known)
				continue
			}
			first, size := utf8.DecodeRuneInString(word)
			b.WriteRune(unicode.ToUpper(first))
			b.WriteString(word[size:])
		}
	}
	ident := b.String()
	if first, _ := utf8.DecodeRuneInString(ident); !unicode.IsUpper(first) {
		return "X" + ident // a digit, a letter without case, or nothing at all
	}
	return ident
}

// split takes a name apart where it has a character that Go identifiers cannot have, an
// underscore, or an upper-case letter that begins a word: accessJwt is access and Jwt, and
// parseXMLText is parse, XML and Text.
func split(name string) []string {
	var words []string
	runes := []rune(name)
	start := 0
	flush := func(end int) {
		if start < end {
			words = append(words, string(runes[start:end]))
		}
	}
	for i, r := range runes {
		switch {
		case !unicode.IsLetter(r) && !unicode.IsDigit(r):
			flush(i)
			start = i + 1
		case unicode.IsUpper(r) && beginsWord(runes, i):
			flush(i)
			start = i
		}
	}
	flush(len(runes))
	return words
}

// beginsWord reports whether the upper-case letter at i begins a word: it follows a letter that is
// not upper-case, or a lower-case letter follows it that is not the s of a plural.
func beginsWord(runes []rune, i int) bool {
	if i == 0 || !unicode.IsUpper(runes[i-1]) {
		return true
	}
	if i+1 >= len(runes) || !unicode.IsLower(runes[i+1]) {
		return false
	}
	plural := runes[i+1] == 's' && (i+2 >= len(runes) || !unicode.IsLower(runes[i+2]))
	return !plural
}
