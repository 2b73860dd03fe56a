package config

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/lexgen-go/lexgen/lexgen/internal/diag"
	"github.com/lexgen-go/lexgen/lexgen/internal/source"
)

var (
	wholeNSID = regexp.MustCompile(`^` + firstSegment + `(` + nextSegment + `)+` + nameSegment + `$`)
	allBelow  = regexp.MustCompile(`^` + firstSegment + `(` + nextSegment + `)*\.\*?$`)
)

// patterns reads include or exclude.
func (l *loader) patterns(n *source.Node, key string) []Pattern {
	var list []Pattern
	seen := map[string]bool{}
	for i, elem := range n.Elems {
		if !l.is(elem, index(key, i), source.String) {
			continue
		}
		text, hint := parsePattern(elem.Text)
		switch {
		case hint != "":
			l.diags.Errorf(elem.Span, diag.ConfigValue, "%s: %q is not a pattern of NSIDs", key, elem.Text).Hint("%s", hint)
		case seen[text]:
			l.diags.Errorf(elem.Span, diag.OverlappingConfig, "%s lists %q twice", key, text).Hint("remove one of them")
		default:
			list = append(list, Pattern{Text: text, Span: elem.Span})
		}
		seen[text] = true
	}
	return list
}

// parsePattern returns the canonical form of a pattern, or a hint at what a
// pattern is.
func parsePattern(text string) (canonical, hint string) {
	switch {
	case text == "*":
		return text, ""
	case allBelow.MatchString(text):
		return strings.ToLower(strings.TrimSuffix(text, "*")) + "*", ""
	case wholeNSID.MatchString(text):
		return lowerAuthority(text), ""
	}
	document, _, _ := strings.Cut(text, "#")
	trimmed := strings.TrimRight(text, "*.")
	switch {
	case document != text && wholeNSID.MatchString(document):
		return "", "patterns select whole documents; did you mean " + strconv.Quote(document) + "?"
	case allBelow.MatchString(trimmed+".") && strings.Contains(trimmed, "."):
		return "", "did you mean " + strconv.Quote(trimmed+".*") + "?"
	}
	return "", "a pattern is an NSID, or the first segments of NSIDs such as com.example.*, or * for all"
}

// lowerAuthority lowers what stands before the last dot of an NSID, or of the
// pattern of a group. It is case-insensitive, a name is not.
func lowerAuthority(id string) string {
	dot := strings.LastIndexByte(id, '.')
	return strings.ToLower(id[:dot]) + id[dot:]
}
