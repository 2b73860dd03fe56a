package config

import (
	"fmt"
	"path"
	"strings"

	"github.com/lexgen-go/lexgen/lexgen/internal/diag"
	"github.com/lexgen-go/lexgen/lexgen/internal/source"
)

func (l *loader) lexicons(n *source.Node) {
	l.config.Lexicons = nil
	if len(n.Elems) == 0 {
		l.diags.Errorf(n.Span, diag.ConfigValue, "lexicons is empty").Hint("list folders or files")
	}
	for i, elem := range n.Elems {
		var p Path
		if !l.is(elem, index("lexicons", i), source.String) || !l.path(elem, index("lexicons", i), &p) {
			continue
		}
		for _, other := range l.config.Lexicons {
			if contains(other.Path, p.Path) || contains(p.Path, other.Path) {
				l.diags.Errorf(p.Span, diag.OverlappingConfig, "lexicons: %q overlaps with %q", p.Path, other.Path).
					Hint("folders are read with the folders in them; remove one of the two")
			}
		}
		l.config.Lexicons = append(l.config.Lexicons, p)
	}
}

// contains reports whether a file or folder is, or lies in, a folder.
func contains(folder, name string) bool {
	// Below a made-up folder with more levels than the paths climb, both are
	// absolute. No path contains the name of its levels.
	root := "/" + strings.Repeat("\x00/", strings.Count(folder+name, ".."))
	folder, name = path.Join(root, folder), path.Join(root, name)
	return name == folder || strings.HasPrefix(name, strings.TrimSuffix(folder, "/")+"/")
}

// path stores a relative path and reports one that is not.
func (l *loader) path(n *source.Node, name string, to *Path) bool {
	problem, hint := "", "paths are relative to the folder of "+FileName
	switch {
	case n.Text == "":
		problem = "is empty"
	case strings.HasPrefix(n.Text, "/"):
		problem = "is an absolute path"
	case strings.Contains(n.Text, `\`):
		problem, hint = "contains a backslash", "separate folders with /"
	case strings.Contains(n.Text, "\x00"):
		problem, hint = "contains a NUL character", "remove it"
	}
	if problem != "" {
		l.diags.Errorf(n.Span, diag.ConfigValue, "%s %s", name, problem).Hint("%s", hint)
		return false
	}
	*to = Path{Path: path.Clean(n.Text), Span: n.Span}
	return true
}

// index names an element of an array.
func index(array string, i int) string { return fmt.Sprintf("%s[%d]", array, i) }

func join(words []string) string { return strings.Join(words, ", ") }
