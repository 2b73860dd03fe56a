package syntax

import "strings"

const (
	maxLanguageLength = 128
	maxSubtagLength   = 8
	maxExtlangs       = 3
)

// A Language is a language tag of BCP 47, such as pt-BR or zh-Hant. It is well
// formed, starts with two or three small letters (the private tags x-... and
// the irregular tags of RFC 5646 apart), repeats no variant and no extension,
// and is at most 128 bytes long. Whether its subtags are registered is not
// checked.
//
// See https://atproto.com/specs/lexicon#language and
// https://www.rfc-editor.org/rfc/rfc5646#section-2.1.
type Language string

// ParseLanguage returns s as a Language. The error, if any, is an [*Error].
func ParseLanguage(s string) (Language, error) {
	return parse[Language](LanguageFormat, s, checkLanguage)
}

// Valid reports whether l is a well-formed language tag without repetitions.
func (l Language) Valid() bool {
	return checkLanguage(string(l)) == ""
}

// ValidLenient reports whether l is valid when variants and extensions may be
// repeated.
func (l Language) ValidLenient() bool {
	_, problem := parseLanguageTag(string(l))
	return problem == ""
}

// String returns the text of l.
func (l Language) String() string {
	return string(l)
}

// Primary returns the subtag of the language itself, such as "pt". It is empty
// if l is a private or irregular tag, or does not pass [Language.ValidLenient].
func (l Language) Primary() string {
	tag, _ := parseLanguageTag(string(l))
	return tag.primary
}

// Script returns the subtag of the script, such as "Hant". It is empty if there
// is none, or l does not pass [Language.ValidLenient].
func (l Language) Script() string {
	tag, _ := parseLanguageTag(string(l))
	return tag.script
}

// Region returns the subtag of the region, such as "BR" or "419". It is empty
// if there is none, or l does not pass [Language.ValidLenient].
func (l Language) Region() string {
	tag, _ := parseLanguageTag(string(l))
	return tag.region
}

func checkLanguage(s string) string {
	if isCommon(s) {
		return ""
	}
	tag, problem := parseLanguageTag(s)
	if problem != "" {
		return problem
	}
	return tag.repetition
}

// isCommon reports whether s has the form of nearly all tags: a language, perhaps
// a script, and perhaps a region. All that has it is valid.
func isCommon(s string) bool {
	n := lower.prefix(s)
	if n < 2 || n > 3 {
		return false
	}
	s = s[n:]
	if len(s) >= len("-Hant") && s[0] == '-' && letter.all(s[1:5]) {
		s = s[5:]
	}
	switch len(s) {
	case 0:
		return true
	case len("-TW"):
		return s[0] == '-' && letter.all(s[1:])
	case len("-419"):
		return s[0] == '-' && digit.all(s[1:])
	}
	return false
}

// A languageTag is a well-formed tag taken apart.
type languageTag struct {
	primary, script, region string
	repetition              string // the problem of a repeated subtag, if there is one
}

// irregularTags are the registered tags that do not fit the grammar. (The other
// grandfathered tags, such as zh-min-nan, do.)
var irregularTags = [...]string{
	"en-GB-oed", "i-ami", "i-bnn", "i-default", "i-enochian", "i-hak", "i-klingon", "i-lux", "i-mingo",
	"i-navajo", "i-pwn", "i-tao", "i-tay", "i-tsu", "sgn-BE-FR", "sgn-BE-NL", "sgn-CH-DE",
}

func parseLanguageTag(s string) (languageTag, string) {
	if problem := checkSubtags(s); problem != "" {
		return languageTag{}, problem
	}
	var rest subtags
	rest.start(s)
	primary := rest.next()
	switch {
	case isPrivate(primary) && rest.current != "", isIrregular(primary, s):
		return languageTag{}, ""
	case !isPrimary(primary):
		return languageTag{}, "does not start with a language of two or three small letters"
	}

	tag := languageTag{primary: primary}
	for n := 0; n < maxExtlangs && len(rest.current) == 3 && letter.all(rest.current); n++ {
		rest.next()
	}
	if len(rest.current) == 4 && letter.all(rest.current) {
		tag.script = rest.next()
	}
	if isRegion(rest.current) {
		tag.region = rest.next()
	}
	if rest.skipVariants() {
		tag.repetition = "repeats a variant"
	}
	repeated, problem := rest.skipExtensions()
	if problem != "" {
		return languageTag{}, problem
	}
	if repeated {
		tag.repetition = "repeats an extension"
	}
	return tag, ""
}

// checkSubtags checks that s consists of subtags of 1 to 8 letters and digits
// joined by hyphens.
func checkSubtags(s string) string {
	switch {
	case s == "":
		return isEmpty
	case len(s) > maxLanguageLength:
		return "is longer than 128 bytes"
	}
	for {
		length := alnum.prefix(s)
		switch {
		case length < len(s) && s[length] != '-':
			return "has a character other than letters, digits and hyphens"
		case length == 0:
			return "has an empty subtag"
		case length > maxSubtagLength:
			return "has a subtag longer than 8 bytes"
		case length == len(s):
			return ""
		}
		s = s[length+1:]
	}
}

func isPrivate(primary string) bool {
	return primary == "x" || primary == "X"
}

// isIrregular reports whether tag is an irregular one, in any case but that of
// its primary subtag.
func isIrregular(primary, tag string) bool {
	switch primary {
	case "en", "i", "sgn":
		for _, irregular := range irregularTags {
			if len(tag) == len(irregular) && strings.EqualFold(tag, irregular) {
				return true
			}
		}
	}
	return false
}

func isPrimary(subtag string) bool {
	return (len(subtag) == 2 || len(subtag) == 3) && lower.all(subtag)
}

func isRegion(subtag string) bool {
	return len(subtag) == 2 && letter.all(subtag) || len(subtag) == 3 && digit.all(subtag)
}

func isVariant(subtag string) bool {
	return len(subtag) >= 5 || len(subtag) == 4 && digit.has(subtag[0])
}
