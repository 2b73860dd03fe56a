package config

import (
	"go/token"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/lexgen-go/lexgen/lexgen/internal/diag"
	"github.com/lexgen-go/lexgen/lexgen/internal/source"
)

// belowNSID is what may follow the NSID in the path of a name. Property names may hold line breaks.
var belowNSID = regexp.MustCompile(`(?s)^#[^#/]+(/.+)?$`)

// names reads the Go names that the configuration chooses.
func (l *loader) names(n *source.Node) {
	first := map[string]Name{}
	for _, m := range n.Members {
		if n.Member(m.Key).KeySpan != m.KeySpan || !l.is(m.Value, m.Key, source.String) {
			continue // a key that is given twice is reported by the parser
		}
		path, hint := parseNamePath(m.Key)
		if hint != "" {
			l.diags.Errorf(m.KeySpan, diag.ConfigValue, "names: %q names nothing that has a Go name", m.Key).Hint("%s", hint)
		} else if other, twice := first[path]; twice {
			l.diags.Errorf(m.KeySpan, diag.OverlappingConfig, "names lists %s twice", path).
				Hint("the first entry is in line %d", other.Span.Position().Line)
		}
		name := Name{Path: path, Ident: l.identifier(m.Value, "names: the name"), Span: m.KeySpan, IdentSpan: m.Value.Span}
		first[path] = name
		l.config.Names = append(l.config.Names, name)
	}
}

// parseNamePath returns the canonical form of a path in names, or a hint at
// what a path is.
func parseNamePath(text string) (canonical, hint string) {
	cut := strings.IndexAny(text, "#/")
	if cut < 0 {
		cut = len(text)
	}
	id, rest := text[:cut], text[cut:]
	group, isGroup := strings.CutSuffix(id, ".*")
	switch {
	case isGroup && rest == "" && nsidPrefix.MatchString(group):
		return strings.ToLower(id), ""
	case !wholeNSID.MatchString(id):
		return "", "a path is an NSID, an NSID#def, what follows in the JSON of the def " +
			"such as com.example.thing#main/properties/fooBar, or a group such as com.example.feed.*"
	case rest == "#main":
		return lowerAuthority(id), ""
	case rest == "" || belowNSID.MatchString(rest):
		return lowerAuthority(id) + rest, ""
	case belowNSID.MatchString("#main" + rest):
		return "", "did you mean " + strconv.Quote(id+"#main"+rest) + "?"
	}
	return "", "a def is named after #, as in com.example.defs#view"
}

// identifier reads an exported Go identifier.
func (l *loader) identifier(n *source.Node, what string) string {
	if isExported(n.Text) {
		return n.Text
	}
	finding := l.diags.Errorf(n.Span, diag.ConfigValue, "%s %q is not possible for exported Go code", what, n.Text)
	if capital := capitalize(n.Text); isExported(capital) {
		finding.Hint("did you mean %q?", capital)
	} else {
		finding.Hint("write a capital, then letters, digits and underscores")
	}
	return ""
}

// isExported reports whether a text is an identifier that Go exports. It may be in any script that
// has capitals, as generated names may be.
func isExported(text string) bool { return token.IsIdentifier(text) && token.IsExported(text) }

// capitalize makes the first letter of a text a capital.
func capitalize(text string) string {
	first, size := utf8.DecodeRuneInString(text)
	if size == 0 {
		return ""
	}
	return string(unicode.ToUpper(first)) + text[size:]
}
