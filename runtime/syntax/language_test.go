package syntax_test

import (
	"strings"
	"testing"

	"github.com/lexgen-go/lexgen/runtime/syntax"
)

func TestParseLanguage(t *testing.T) {
	t.Parallel()
	testParse(t, syntax.LanguageFormat, syntax.ParseLanguage, []parseCase{
		{"two letters", "ja", ""},
		{"three letters", "ban", ""},
		{"region", "pt-BR", ""},
		{"small region", "pt-br", ""},
		{"region of digits", "es-419", ""},
		{"script", "zh-Hant", ""},
		{"script and region", "hy-Latn-IT", ""},
		{"extlang", "zh-cmn", ""},
		{"three extlangs", "zh-aaa-bbb-ccc", ""},
		{"extlang to region", "zh-cmn-Hans-CN", ""},
		{"variant of five", "en-rozaj", ""},
		{"variant of eight", "en-abcdefgh", ""},
		{"variant that starts with a digit", "de-1901", ""},
		{"two variants", "sl-rozaj-1994", ""},
		{"extension", "en-u-co-phonebk", ""},
		{"two extensions", "en-a-foo-b-bar", ""},
		{"p and 0 are two extensions", "en-p-foo-0-bar", ""},
		{"extension of digits", "en-0-12", ""},
		{"private part", "en-x-a-12345678", ""},
		{"capital private part", "en-X-a", ""},
		{"private part repeats", "en-x-a-a-x-x", ""},
		{"all at once", "zh-cmn-Hant-TW-1901-rozaj-a-foo-b-bar-x-mine", ""},
		{"private tag", "x-fr-CH", ""},
		{"capital private tag", "X-fr-CH", ""},
		{"irregular i", "i-default", ""},
		{"irregular i-navajo", "i-navajo", ""},
		{"irregular sgn", "sgn-BE-NL", ""},
		{"irregular in other case", "sgn-be-nl", ""},
		{"irregular en", "en-GB-oed", ""},
		{"regular grandfathered", "zh-hakka", ""},
		{"regular grandfathered extlang", "zh-min-nan", ""},
		{"regular grandfathered variant", "art-lojban", ""},
		{"128 bytes", "en-x" + strings.Repeat("-12345678", 13) + "-123456", ""},
	})
}

func TestParseLanguageRefuses(t *testing.T) {
	t.Parallel()
	const (
		badChar     = "has a character other than letters, digits and hyphens"
		badPrimary  = "does not start with a language of two or three small letters"
		misplaced   = "has a subtag out of place"
		noExtension = "has an extension without subtags"
		emptySubtag = "has an empty subtag"
	)
	testParse(t, syntax.LanguageFormat, syntax.ParseLanguage, []parseCase{
		{"empty", "", "is empty"},
		{"129 bytes", "en-x" + strings.Repeat("-12345678", 13) + "-1234567", "is longer than 128 bytes"},
		{"one letter", "j", badPrimary},
		{"four letters", "jaja", badPrimary},
		{"capitals", "JA", badPrimary},
		{"one capital", "Ja", badPrimary},
		{"digits", "123", badPrimary},
		{"digit", "j1", badPrimary},
		{"single letter and region", "a-DE", badPrimary},
		{"i of no meaning", "i-unknown", badPrimary},
		{"capital irregular", "I-DEFAULT", badPrimary},
		{"x alone", "x", badPrimary},
		{"dot", ".", badChar},
		{"underscore", "en_US", badChar},
		{"non-ASCII", "i-\u212alingon", badChar},
		{"hyphen", "-", emptySubtag},
		{"trailing hyphen", "ja-", emptySubtag},
		{"leading hyphen", "-ja", emptySubtag},
		{"two hyphens", "ja--JP", emptySubtag},
		{"subtag of nine", "en-abcdefghi", "has a subtag longer than 8 bytes"},
		{"private subtag of nine", "x-123456789", "has a subtag longer than 8 bytes"},
		{"four extlangs", "zh-aaa-bbb-ccc-ddd", misplaced},
		{"two regions", "de-DE-AT", misplaced},
		{"two scripts", "zh-Hant-Hans", misplaced},
		{"script after the region", "zh-TW-Hant", misplaced},
		{"region after the variant", "de-1901-DE", misplaced},
		{"two digits", "de-12", misplaced},
		{"oed after another region", "en-US-oed", misplaced},
		{"extension alone", "en-a", noExtension},
		{"private part alone", "en-x", noExtension},
		{"two singletons", "en-a-b", noExtension},
		{"short extension subtag", "en-u-a-foo", noExtension},
		{"empty extension before another", "en-a-foo-b-c-bar", noExtension},
		{"variant twice", "de-DE-1901-1901", "repeats a variant"},
		{"variant twice in other case", "en-rozaj-ROZAJ", "repeats a variant"},
		{"variant twice with one between", "en-rozaj-1994-rozaj", "repeats a variant"},
		{"extension twice", "en-a-foo-a-bar", "repeats an extension"},
		{"extension twice in other case", "en-u-co-phonebk-U-ca-buddhist", "repeats an extension"},
		{"extension twice before the private part", "en-0-aa-0-bb-x-y", "repeats an extension"},
	})
}

// TestIrregularLanguages covers the whole list of RFC 5646, section 2.1.
func TestIrregularLanguages(t *testing.T) {
	t.Parallel()
	const list = "en-GB-oed i-ami i-bnn i-default i-enochian i-hak i-klingon i-lux i-mingo i-navajo i-pwn i-tao i-tay " +
		"i-tsu sgn-BE-FR sgn-BE-NL sgn-CH-DE " +
		"art-lojban cel-gaulish no-bok no-nyn zh-guoyu zh-hakka zh-min zh-min-nan zh-xiang"
	for tag := range strings.FieldsSeq(list) {
		testEqual(t, tag, syntax.Language(tag).Valid(), true)
	}
}

func TestLanguageValidLenient(t *testing.T) {
	t.Parallel()
	tests := []struct {
		in   syntax.Language
		want bool
	}{
		{"pt-BR", true},
		{"de-DE-1901-1901", true},
		{"en-u-co-phonebk-U-ca-buddhist", true},
		{"en-a-foo-a-bar", true},
		{"en-a-foo-a", false},
		{"JA", false},
		{"jaja", false},
		{"ja-", false},
		{"", false},
	}
	for _, tc := range tests {
		testEqual(t, tc.in.String(), tc.in.ValidLenient(), tc.want)
	}
}

func TestLanguageParts(t *testing.T) {
	t.Parallel()
	tests := []struct {
		in                      syntax.Language
		primary, script, region string
	}{
		{"pt-BR", "pt", "", "BR"},
		{"zh-cmn-Hant-TW-1901", "zh", "Hant", "TW"},
		{"es-419-x-Latn-US", "es", "", "419"},
		{"ban", "ban", "", ""},
		{"de-DE-1901-1901", "de", "", "DE"},
		{"x-fr-CH", "", "", ""},
		{"i-default", "", "", ""},
		{"en-GB-oed", "", "", ""},
		{"zh-Hant-TW-", "", "", ""},
		{"zh-Hant-TW-a", "", "", ""},
		{"", "", "", ""},
	}
	for _, tc := range tests {
		testEqual(t, tc.in.String()+" primary", tc.in.Primary(), tc.primary)
		testEqual(t, tc.in.String()+" script", tc.in.Script(), tc.script)
		testEqual(t, tc.in.String()+" region", tc.in.Region(), tc.region)
	}
}

func FuzzLanguage(f *testing.F) {
	for _, s := range []string{
		"pt-BR", "zh-cmn-Hant-TW-1901-u-co-pinyin-x-mine", "X-fr-CH", "i-default", "sgn-be-nl", "en-GB-oed", "de-1901-1901",
		"en-p-foo-0-bar", "en-a-foo-A-bar", "JA", "ja-", "x",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		checkInvariants(t, syntax.LanguageFormat, syntax.ParseLanguage, s)
		tag := syntax.Language(s)
		testEqual(t, "lenient", tag.ValidLenient(), len(s) <= 128 && patterns[syntax.LanguageFormat].MatchString(s))
		if tag.Primary() == "" {
			testEqual(t, "parts without a primary subtag", tag.Script()+tag.Region(), "")
			return
		}
		var known []string
		for _, part := range []string{tag.Primary(), tag.Script(), tag.Region()} {
			if part != "" {
				known = append(known, part)
			}
		}
		short := syntax.Language(strings.Join(known, "-"))
		testEqual(t, short.String()+" valid", short.Valid(), true)
		testEqual(t, "primary", short.Primary(), tag.Primary())
		testEqual(t, "script", short.Script(), tag.Script())
		testEqual(t, "region", short.Region(), tag.Region())
		testEqual(t, "primary is first", s == short.Primary() || strings.HasPrefix(s, short.Primary()+"-"), true)
	})
}
