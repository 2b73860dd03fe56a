package config

import (
	"go/token"
	"regexp"
	"strings"

	"github.com/lexgen-go/lexgen/lexgen/internal/diag"
	"github.com/lexgen-go/lexgen/lexgen/internal/source"
)

// The segments of an NSID: the first, those that follow, and the name.
const (
	firstSegment = `[a-zA-Z]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?`
	nextSegment  = `\.[a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?`
	nameSegment  = `\.[a-zA-Z][a-zA-Z0-9]{0,62}`
)

var (
	nsidPrefix  = regexp.MustCompile(`^` + firstSegment + `(` + nextSegment + `)+$`)
	packageName = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)
	importPath  = regexp.MustCompile(`^[a-zA-Z0-9_~+][a-zA-Z0-9_~+.-]*(/[a-zA-Z0-9_~+][a-zA-Z0-9_~+.-]*)*$`)
)

func (l *loader) packages(n *source.Node) {
	for i, elem := range n.Elems {
		if l.is(elem, index("packages", i), source.Object) {
			l.addPackage(elem)
		}
	}
}

func (l *loader) addPackage(n *source.Node) {
	p := Package{Span: n.Span}
	l.object(n, []field{
		{"nsid", source.String, func(n *source.Node) { p.NSID = l.nsid(n) }},
		{"dir", source.String, func(n *source.Node) { l.path(n, "dir", &p.Dir) }},
		{"name", source.String, func(n *source.Node) { p.Name = l.packageName(n) }},
		{"prefix", source.String, func(n *source.Node) { p.NamePrefix = l.identifier(n, "prefix") }},
		{"import", source.String, func(n *source.Node) { p.Import, p.ImportSpan = l.importPath(n), n.Span }},
	})
	if n.Get("nsid") == nil && n.Get("import") == nil {
		l.diags.Errorf(brace(n), diag.ConfigValue, `a package needs "nsid"`).Hint(`add an NSID prefix such as "com.example"`)
	}
	l.destination(n)
	l.overlaps(n, p)
	l.config.Packages = append(l.config.Packages, p)
}

// destination checks that a package is generated here or elsewhere.
func (l *loader) destination(n *source.Node) {
	if n.Get("import") == nil {
		if n.Get("dir") == nil {
			l.diags.Errorf(brace(n), diag.ConfigValue, `a package needs "dir"`).
				Hint(`name the folder of the package, or with "import" a package that is generated elsewhere`)
		}
		return
	}
	for _, rival := range []struct{ key, hint string }{
		{"dir", "the import path of a folder comes from its go.mod; remove import"},
		{"name", "the package has a name where it is generated; remove name"},
		{"prefix", "the names are those of the package as it is; remove prefix"},
	} {
		if m := n.Member(rival.key); m != nil {
			l.diags.Errorf(m.KeySpan, diag.OverlappingConfig, "import and %s exclude each other", rival.key).Hint("%s", rival.hint)
		}
	}
}

// overlaps reports an entry that contradicts an earlier one.
func (l *loader) overlaps(n *source.Node, p Package) {
	for _, other := range l.config.Packages {
		if p.NSID != "" && strings.EqualFold(p.NSID, other.NSID) {
			l.diags.Errorf(n.Get("nsid").Span, diag.OverlappingConfig, "packages lists %s twice", p.NSID).
				Hint("the first entry is in line %d", other.Span.Position().Line)
		}
		if p.Import != "" && p.Import == other.Import && p.NSID == "" && other.NSID == "" {
			l.diags.Errorf(p.ImportSpan, diag.OverlappingConfig, "packages lists %s twice", p.Import).
				Hint("the first entry is in line %d", other.Span.Position().Line)
		}
		named := p.Name != "" && other.Name != "" && p.Name != other.Name
		if named && p.Dir.Path != "" && p.Dir.Path == other.Dir.Path {
			l.diags.Errorf(n.Get("name").Span, diag.OverlappingConfig,
				"the package in %s is called %s and %s", p.Dir.Path, other.Name, p.Name).
				Hint("entries that share a folder have the same name")
		}
	}
}

func (l *loader) nsid(n *source.Node) string {
	if nsidPrefix.MatchString(n.Text) {
		return n.Text
	}
	finding := l.diags.Errorf(n.Span, diag.ConfigValue, "nsid %q is not an NSID prefix", n.Text)
	if trimmed := strings.TrimRight(n.Text, ".*"); nsidPrefix.MatchString(trimmed) {
		finding.Hint("did you mean %q?", trimmed)
	} else {
		finding.Hint("a prefix has two or more segments, such as com.example")
	}
	return ""
}

func (l *loader) packageName(n *source.Node) string {
	if packageName.MatchString(n.Text) && !token.IsKeyword(n.Text) && n.Text != "main" {
		return n.Text
	}
	l.diags.Errorf(n.Span, diag.ConfigValue, "name %q is not possible for a Go package", n.Text).
		Hint("use lower-case letters and digits; keywords and main are not possible")
	return ""
}

func (l *loader) importPath(n *source.Node) string {
	if importPath.MatchString(n.Text) {
		return n.Text
	}
	l.diags.Errorf(n.Span, diag.ConfigValue, "import %q is not an import path", n.Text).
		Hint("write what Go code imports, such as example.com/project/lex; a folder is named by dir")
	return ""
}
