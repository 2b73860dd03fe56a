package lower

import (
	"strings"

	"github.com/lexgen-go/lexgen/lexgen/internal/diag"
	"github.com/lexgen-go/lexgen/lexgen/internal/lexicon"
	"github.com/lexgen-go/lexgen/lexgen/internal/naming"
	"github.com/lexgen-go/lexgen/lexgen/internal/source"
	"github.com/lexgen-go/lexgen/runtime/syntax"
)

// chosenName is an identifier that the configuration chooses.
type chosenName struct {
	ident string
	span  source.Span
	used  bool
}

// escape makes a name a part of a path, as in a JSON pointer.
func escape(name string) string {
	return strings.ReplaceAll(strings.ReplaceAll(name, "~", "~0"), "/", "~1")
}

// pathOf returns the path that what is inside of a def begins with.
func pathOf(def *lexicon.Def) string {
	return string(def.Document.ID) + "#" + escape(def.Name)
}

// namePath returns the path of the name of a def.
func namePath(def *lexicon.Def) string {
	if def.Name == lexicon.Main {
		return string(def.Document.ID)
	}
	return pathOf(def)
}

// documentOf returns the document or the group that a path begins with.
func documentOf(path string) string {
	id, _, _ := strings.Cut(path, "#")
	return id
}

// chosen returns the identifier that the configuration chooses for a path.
func (l *lowerer) chosen(path string) (string, bool) {
	if len(l.names) == 0 {
		return "", false
	}
	id := documentOf(path)
	if paths, ok := l.asked[id]; ok {
		l.asked[id] = append(paths, path)
	}
	name := l.names[path]
	if name == nil {
		return "", false
	}
	name.used = true
	return name.ident, name.ident != ""
}

// groupName returns what the declarations of the group of an NSID begin with.
func (l *lowerer) groupName(id syntax.NSID) string {
	if ident, ok := l.chosen(groupPath(id)); ok {
		return ident
	}
	return l.home(id).target.NamePrefix + naming.Group(id)
}

// groupPath returns the path of the name of a group.
func groupPath(id syntax.NSID) string { return id.Group() + ".*" }

// documentName returns what the declarations of a document begin with, unless it is one called
// defs.
func (l *lowerer) documentName(id syntax.NSID) string {
	if ident, ok := l.chosen(string(id)); ok {
		return l.possibleType(string(id), ident)
	}
	return naming.TypeIn(l.groupName(id), id, lexicon.Main)
}

// documentFile returns the file name of a document.
func (l *lowerer) documentFile(id syntax.NSID) string {
	if ident, ok := l.chosen(string(id)); ok {
		return naming.FileOf(ident)
	}
	if ident, ok := l.chosen(groupPath(id)); ok {
		return naming.FileOf(ident, id.Name())
	}
	return naming.File(l.home(id).target.NamePrefix, id)
}

// groupFile returns the name of a file for a part of a group.
func (l *lowerer) groupFile(id syntax.NSID, part string) string {
	if ident, ok := l.chosen(groupPath(id)); ok {
		return naming.FileOf(ident, part)
	}
	return naming.GroupFile(l.home(id).target.NamePrefix, id, part)
}

// typeName returns the name of the type for a def of a package that is generated here.
func (l *lowerer) typeName(def *lexicon.Def) string {
	name, known := l.types[def]
	if !known {
		name = l.newTypeName(def)
		l.types[def] = name
	}
	return name
}

func (l *lowerer) newTypeName(def *lexicon.Def) string {
	id := def.Document.ID
	if def.Name == lexicon.Main {
		return l.documentName(id)
	}
	if ident, ok := l.chosen(namePath(def)); ok {
		return l.possibleType(namePath(def), ident)
	}
	if ident, ok := l.chosen(string(id)); ok {
		return naming.Within(ident, def.Name)
	}
	return naming.TypeIn(l.groupName(id), id, def.Name)
}

// possibleType returns the chosen name of a type if it is possible, and another one otherwise.
func (l *lowerer) possibleType(path, ident string) string {
	possible := naming.Within(ident)
	if possible != ident {
		l.impossible(path, possible, "generated functions have a type parameter with that name")
	}
	return possible
}

// fieldName returns the name of the field for a property, and what the names of types for its value
// end with.
func (l *lowerer) fieldName(path, property string) (field, typ string) {
	ident, ok := l.chosen(path)
	switch {
	case !ok:
		return naming.Field(property), naming.Property(property)
	case naming.IsReservedField(ident):
		l.impossible(path, ident+"_", "generated types have a method or a field with that name")
		return ident + "_", ident
	}
	return ident, ident
}

// impossible reports a chosen name that generated code cannot have, once.
func (l *lowerer) impossible(path, better, why string) {
	name := l.names[path]
	if name.ident == better {
		return
	}
	l.diags.Errorf(name.span, diag.ConfigValue, "names: %s cannot be called %s", path, name.ident).
		Hint("%s; choose another, such as %s", why, better)
	name.ident = better
}

// reportUnusedNames reports the entries that name nothing. It is silent if that may be the fault of
// a document that could not be read.
func (l *lowerer) reportUnusedNames() {
	for _, entry := range l.options.Names {
		if l.names[entry.Path].used || l.isBroken(entry.Path) {
			continue
		}
		finding := l.diags.Errorf(entry.Span, diag.UnusedName, "names: %q names nothing that is generated", entry.Path)
		if similar := diag.Suggest(entry.Path, l.asked[documentOf(entry.Path)]); similar != "" {
			finding.Hint("did you mean %q?", similar)
		} else {
			finding.Hint("correct the path, or remove the entry")
		}
	}
}

// isBroken reports whether a path leads into something that could not be read.
func (l *lowerer) isBroken(path string) bool {
	id, rest, _ := strings.Cut(path, "#")
	doc := l.catalog.Document(syntax.NSID(id))
	if doc == nil {
		return false
	}
	name, _, _ := strings.Cut(rest, "/")
	def := doc.Def(strings.NewReplacer("~1", "/", "~0", "~").Replace(name))
	return doc.Broken || def != nil && lexicon.IsBroken(def.Schema)
}
