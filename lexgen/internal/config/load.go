package config

import (
	"strconv"

	"github.com/lexgen-go/lexgen/lexgen/internal/diag"
	"github.com/lexgen-go/lexgen/lexgen/internal/source"
)

// Load reads a configuration. It always returns one, with defaults for what
// is absent or wrong, and must not be used if the list has errors.
func Load(file *source.File) (*Config, diag.List) {
	l := &loader{config: &Config{
		File:     file,
		Lexicons: []Path{{"lexicons", file.Span(0, 0)}},
		Out:      Path{".", file.Span(0, 0)},
		Emit:     Emit{Server: true, Client: true},
	}}
	root, problems := source.ParseRelaxed(file)
	l.diags.AddProblems(problems)
	if root != nil {
		l.root(root)
	}
	l.diags.Sort()
	return l.config, l.diags
}

type loader struct {
	config *Config
	diags  diag.List
}

// field is a key that an object may have.
type field struct {
	key  string
	kind source.Kind
	read func(*source.Node)
}

func (l *loader) root(n *source.Node) {
	if !l.is(n, FileName, source.Object) {
		return
	}
	if n.Get("version") == nil {
		l.diags.Errorf(brace(n), diag.ConfigVersion, `%s needs "version"`, FileName).Hint(`add "version": %d`, Version)
	}
	l.object(n, []field{
		{"$schema", source.String, func(*source.Node) {}},
		{"version", source.Number, l.version},
		{"lexicons", source.Array, l.lexicons},
		{"out", source.String, func(n *source.Node) { l.config.OutIsSet = l.path(n, "out", &l.config.Out) }},
		{"packages", source.Array, l.packages},
		{"emit", source.Array, l.emit},
		{"include", source.Array, func(n *source.Node) { l.config.Include = l.patterns(n, "include") }},
		{"exclude", source.Array, func(n *source.Node) { l.config.Exclude = l.patterns(n, "exclude") }},
		{"names", source.Object, l.names},
		{"docs", source.Object, l.docs},
	})
}

// object reads the members of an object. A duplicate key is reported by the
// parser, and its first value counts.
func (l *loader) object(n *source.Node, fields []field) {
	byKey := make(map[string]field, len(fields))
	names := make([]string, 0, len(fields))
	for _, f := range fields {
		byKey[f.key] = f
		names = append(names, f.key)
	}
	seen := map[string]bool{}
	for _, m := range n.Members {
		f, known := byKey[m.Key]
		switch {
		case !known:
			l.unknownKey(m, names)
		case !seen[m.Key] && l.is(m.Value, m.Key, f.kind):
			f.read(m.Value)
		}
		seen[m.Key] = true
	}
}

// foreignKey is where other generators list the packages that exist already.
const foreignKey = "external"

func (l *loader) unknownKey(m source.Member, names []string) {
	finding := l.diags.Errorf(m.KeySpan, diag.UnknownKey, "unknown key %q", m.Key)
	if m.Key == foreignKey {
		finding.Hint(`a package that is generated elsewhere is an entry of packages: {"import": "example.com/lex"}`)
		return
	}
	if similar := diag.Suggest(m.Key, names); similar != "" {
		finding.Hint("did you mean %q?", similar)
		return
	}
	finding.Hint("the keys are %s", join(names))
}

// is reports a value that does not have the kind it needs.
func (l *loader) is(n *source.Node, name string, kind source.Kind) bool {
	if n.Kind == kind {
		return true
	}
	l.diags.Errorf(n.Span, diag.ConfigValue, "%s must be %s, not %s", name, kind, n.Kind).
		Hint("%s", kindHint(kind))
	return false
}

func kindHint(kind source.Kind) string {
	switch kind {
	case source.String:
		return "write it in double quotes"
	case source.Array:
		return "write it in square brackets"
	case source.Object:
		return "write it in braces"
	}
	return "write it without quotes"
}

func (l *loader) version(n *source.Node) {
	if v, err := n.Int(); err != nil || v != Version {
		l.diags.Errorf(n.Span, diag.ConfigVersion, "version %s is not known", n.Text).
			Hint("this command knows version %d; a newer lexgen may know more", Version)
	}
}

func (l *loader) emit(n *source.Node) {
	l.config.Emit = Emit{}
	if len(n.Elems) == 0 {
		l.diags.Errorf(n.Span, diag.ConfigValue, "emit is empty").Hint("list types, server or client")
	}
	parts := []string{"types", "server", "client"}
	seen := map[string]bool{}
	for i, elem := range n.Elems {
		if !l.is(elem, index("emit", i), source.String) {
			continue
		}
		switch {
		case seen[elem.Text]:
			l.diags.Errorf(elem.Span, diag.OverlappingConfig, "emit lists %q twice", elem.Text).Hint("remove one of them")
		case elem.Text == "types":
		case elem.Text == "server":
			l.config.Emit.Server = true
		case elem.Text == "client":
			l.config.Emit.Client = true
		default:
			l.diags.Errorf(elem.Span, diag.ConfigValue, "emit does not know %q", elem.Text).
				Hint("%s", wordHint(elem.Text, parts))
		}
		seen[elem.Text] = true
	}
}

func wordHint(word string, words []string) string {
	if similar := diag.Suggest(word, words); similar != "" {
		return "did you mean " + strconv.Quote(similar) + "?"
	}
	return "use " + join(words)
}

// brace returns the opening brace of an object, which stands for the object in
// a message about what it lacks.
func brace(n *source.Node) source.Span {
	return source.Span{File: n.Span.File, Start: n.Span.Start, End: n.Span.Start + 1}
}
