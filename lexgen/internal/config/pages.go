package config

import (
	"strings"

	"github.com/lexgen-go/lexgen/lexgen/internal/diag"
	"github.com/lexgen-go/lexgen/lexgen/internal/source"
)

// docs reads which group is documented where.
func (l *loader) docs(n *source.Node) {
	first := map[string]Page{} // by path
	for _, m := range n.Members {
		page := Page{Group: strings.ToLower(m.Key), Span: m.KeySpan}
		if n.Member(m.Key).KeySpan != m.KeySpan {
			continue // reported by the parser
		}
		if !nsidPrefix.MatchString(m.Key) {
			l.notGroup(m)
		}
		if !l.is(m.Value, "docs: "+m.Key, source.String) || !l.path(m.Value, "docs: "+m.Key, &page.Path) {
			continue
		}
		if other, taken := first[page.Path.Path]; taken {
			l.diags.Errorf(m.Value.Span, diag.OverlappingConfig, "%s is the page of %s and %s", page.Path.Path, other.Group, page.Group).
				Hint("give each group a file of its own")
		}
		first[page.Path.Path] = page
		l.config.Docs = append(l.config.Docs, page)
	}
}

func (l *loader) notGroup(m source.Member) {
	finding := l.diags.Errorf(m.KeySpan, diag.ConfigValue, "docs: %q is not a group of NSIDs", m.Key)
	if trimmed := strings.TrimRight(m.Key, ".*"); nsidPrefix.MatchString(trimmed) {
		finding.Hint("did you mean %q?", trimmed)
		return
	}
	finding.Hint("a group is all but the last segment of an NSID, such as com.example.feed")
}
