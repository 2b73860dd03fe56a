package reach

import (
	"strings"

	"github.com/lexgen-go/lexgen/lexgen/internal/diag"
	"github.com/lexgen-go/lexgen/lexgen/internal/source"
	"github.com/lexgen-go/lexgen/runtime/syntax"
)

// all is the pattern that every NSID matches.
const all = "*"

// Pattern selects documents by NSID.
type Pattern struct {
	// Text is an NSID, or "com.example.*" for every NSID that begins with these
	// segments, or "*" for every NSID. What is case-insensitive in an NSID is in
	// lower case.
	Text string
	Span source.Span
}

// patterns is a list of patterns in which those that match are found without
// going through all of them.
type patterns struct {
	list   []Pattern
	byText map[string]int // indexes in list
	// used and elsewhere say, by index, whether a document matches that is generated here, or elsewhere.
	used, elsewhere []bool
}

func newPatterns(list []Pattern) *patterns {
	p := &patterns{
		list: list, byText: make(map[string]int, len(list)),
		used: make([]bool, len(list)), elsewhere: make([]bool, len(list)),
	}
	for i, pattern := range list {
		p.byText[pattern.Text] = i
	}
	return p
}

// match returns the narrowest pattern that an NSID matches, or nil, and takes
// down all that it matches in matched, by index.
func (p *patterns) match(id syntax.NSID, matched []bool) *Pattern {
	var narrowest *Pattern
	try := func(text string) {
		if i, ok := p.byText[text]; ok {
			matched[i] = true
			if narrowest == nil {
				narrowest = &p.list[i]
			}
		}
	}
	try(string(id))
	for prefix := strings.ToLower(string(id)); ; {
		dot := strings.LastIndexByte(prefix, '.')
		if dot < 0 {
			break
		}
		prefix = prefix[:dot]
		try(prefix + ".*")
	}
	try(all)
	return narrowest
}

// reportUnused warns about the patterns that no document has matched. The key
// is where they are listed.
func (p *patterns) reportUnused(key string, ids []string, list *diag.List) {
	for i, pattern := range p.list {
		if p.used[i] {
			continue
		}
		if p.elsewhere[i] {
			list.Warningf(pattern.Span, diag.UnusedPattern, "%s: %q matches only lexicons whose packages are generated elsewhere", key, pattern.Text).
				Hint("remove it")
			continue
		}
		finding := list.Warningf(pattern.Span, diag.UnusedPattern, "%s: no lexicon matches %q", key, pattern.Text)
		if similar := suggest(pattern.Text, ids); similar != "" {
			finding.Hint("did you mean %q?", similar)
		} else {
			finding.Hint("correct the pattern, or remove it")
		}
	}
}

// suggest returns the pattern of the same kind that matches a document and
// looks most like the given one, or "".
func suggest(text string, ids []string) string {
	below, isBelow := strings.CutSuffix(text, ".*")
	if !isBelow {
		return diag.Suggest(text, ids)
	}
	segments := strings.Count(below, ".") + 1
	var prefixes []string
	for _, id := range ids {
		if parts := strings.SplitN(id, ".", segments+1); len(parts) > segments {
			prefixes = append(prefixes, strings.TrimSuffix(id, "."+parts[segments]))
		}
	}
	if similar := diag.Suggest(below, prefixes); similar != "" {
		return similar + ".*"
	}
	return ""
}
