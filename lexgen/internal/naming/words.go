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

// joined makes the words of names one, each with a capital. A name that has no letter and no digit
// is spelled out.
func joined(names ...string) string {
	var b strings.Builder
	for _, name := range names {
		words := split(name)
		for _, word := range words {
			b.WriteString(capitalized(word))
		}
		if len(words) == 0 {
			b.WriteString(Spelled(name))
		}
	}
	return b.String()
}

// capitalized returns a word as it stands in an exported identifier.
func capitalized(word string) string {
	if known := initialism(word); known != "" {
		return known
	}
	first, size := utf8.DecodeRuneInString(word)
	return string(unicode.ToUpper(first)) + word[size:]
}

// asExported returns an identifier that is exported: one that begins with a digit, or with a letter
// without case, follows an X.
func asExported(ident string) string {
	if first, _ := utf8.DecodeRuneInString(ident); !unicode.IsUpper(first) {
		return "X" + ident
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
