package syntax_test

import (
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/lexgen-go/lexgen/runtime/syntax"
)

// The grammar of the formats once more, as regular expressions: an oracle for
// the hand-written checks, and what the benchmarks compare them with.
const (
	didPattern    = `did:[a-z]+:[a-zA-Z0-9._:%-]*[a-zA-Z0-9._-]`
	labelPattern  = `[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?`
	letterPattern = `[a-zA-Z](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?`
	handlePattern = `(?:` + labelPattern + `\.)+` + letterPattern
	nsidPattern   = letterPattern + `(?:\.` + labelPattern + `)+\.[a-zA-Z][a-zA-Z0-9]{0,62}`
	keyPattern    = `[a-zA-Z0-9_~.:-]{1,512}`

	irregularPattern = `en-(?i:GB-oed)|i-(?i:ami|bnn|default|enochian|hak|klingon|lux|mingo|navajo|pwn|tao|tay|tsu)|sgn-(?i:BE-FR|BE-NL|CH-DE)`
	langtagPattern   = `[a-z]{2,3}(?:-[a-zA-Z]{3}){0,3}(?:-[a-zA-Z]{4})?(?:-(?:[a-zA-Z]{2}|[0-9]{3}))?` +
		`(?P<variants>(?:-(?:[a-zA-Z0-9]{5,8}|[0-9][a-zA-Z0-9]{3}))*)` +
		`(?P<extensions>(?:-[0-9a-wyzA-WYZ](?:-[a-zA-Z0-9]{2,8})+)*)(?:-[xX](?:-[a-zA-Z0-9]{1,8})+)?`
)

var patterns = map[string]*regexp.Regexp{
	syntax.ATIdentifierFormat: whole(didPattern + `|` + handlePattern),
	syntax.ATURIFormat:        whole(`at://(` + didPattern + `|` + handlePattern + `)(?:/(` + nsidPattern + `)(?:/(` + keyPattern + `))?)?`),
	syntax.CIDFormat:          whole(`[a-zA-Z0-9+=]{8,256}`),
	syntax.DatetimeFormat:     whole(`([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?)(Z|[+-][0-9]{2}:[0-9]{2})`),
	syntax.DIDFormat:          whole(didPattern),
	syntax.HandleFormat:       whole(handlePattern),
	syntax.LanguageFormat:     whole(langtagPattern + `|[xX](?:-[a-zA-Z0-9]{1,8})+|` + irregularPattern),
	syntax.NSIDFormat:         whole(nsidPattern),
	syntax.RecordKeyFormat:    whole(keyPattern),
	syntax.TIDFormat:          whole(`[2-7a-j][2-7a-z]{12}`),
	syntax.URIFormat:          whole(`[a-zA-Z][a-zA-Z0-9+.-]{0,80}:[\pL\pM\pN\pP\pS]+`),
}

// whole returns the expression that matches the texts that pattern matches from
// end to end.
func whole(pattern string) *regexp.Regexp {
	return regexp.MustCompile(`\A(?:` + pattern + `)\z`)
}

// oracle reports whether s is valid, from the regular expressions, the standard
// library, and the rules that neither knows.
func oracle(format, s string) bool {
	match := patterns[format].FindStringSubmatch(s)
	if match == nil {
		return false
	}
	switch format {
	case syntax.ATIdentifierFormat:
		return oracle(syntax.DIDFormat, s) || oracle(syntax.HandleFormat, s)
	case syntax.ATURIFormat:
		return len(s) <= 8192 && oracle(syntax.ATIdentifierFormat, match[1]) &&
			(match[2] == "" || oracle(syntax.NSIDFormat, match[2])) &&
			(match[3] == "" || oracle(syntax.RecordKeyFormat, match[3]))
	case syntax.CIDFormat:
		return len(s) != 46 || s[:2] != "Qm"
	case syntax.DatetimeFormat:
		return datetimeOracle(s)
	case syntax.DIDFormat:
		return len(s) <= 2048
	case syntax.HandleFormat:
		return len(s) <= 253
	case syntax.LanguageFormat:
		return len(s) <= 128 && !repeats(match[1]) && !repeats(singletons(match[2]))
	case syntax.NSIDFormat:
		return len(s) <= 317
	case syntax.RecordKeyFormat:
		return s != "." && s != ".."
	case syntax.URIFormat:
		_, rest, _ := strings.Cut(s, ":")
		return len(s) <= 8192 && rest != "//" && utf8.ValidString(s)
	}
	return true
}

// datetimeOracle asks the time package about a text that has the right shape.
func datetimeOracle(s string) bool {
	t, err := time.Parse(time.RFC3339Nano, s)
	if err != nil || len(s) > 64 {
		return false
	}
	_, offset := t.Zone()
	return !strings.HasSuffix(s, "-00:00") && offset > -24*60*60 && offset < 24*60*60 &&
		t.UTC().Year() >= 0 && t.UTC().Year() <= 9999
}

// repeats reports whether a subtag occurs twice in a list like "-a-b-c".
func repeats(list string) bool {
	seen := make(map[string]bool)
	for subtag := range strings.SplitSeq(strings.ToLower(list), "-") {
		if seen[subtag] {
			return true
		}
		seen[subtag] = true
	}
	return false
}

// singletons keeps the subtags of one character.
func singletons(list string) string {
	var b strings.Builder
	for subtag := range strings.SplitSeq(list, "-") {
		if len(subtag) == 1 {
			b.WriteString("-" + subtag)
		}
	}
	return b.String()
}
