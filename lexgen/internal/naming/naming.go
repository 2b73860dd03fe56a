// Package naming maps the names of lexicons to Go identifiers, package names and file names. All
// of it is pure: two modules that generate the same lexicon agree on the names without talking.
//
// The package does not resolve collisions. Different names may map to one identifier; whoever puts
// identifiers in one scope has to find out.
package naming

import (
	"go/token"
	"go/types"
	"slices"
	"strings"

	"github.com/lexgen-go/lexgen/runtime/syntax"
)

// defs is the name of the documents that hold the shared defs of a group. It says nothing and is
// left out of Go names.
const defs = "defs"

// main is the name of a document's main def.
const main = "main"

// Prefix returns the first two segments of an NSID, which name the package that it belongs to
// unless the configuration says otherwise.
func Prefix(id syntax.NSID) string {
	segments := strings.SplitN(id.Group(), ".", 3)
	return strings.Join(segments[:min(2, len(segments))], ".")
}

// Package returns the package name of an NSID prefix: com.atproto becomes comatproto.
func Package(prefix string) string {
	name := strings.Map(func(r rune) rune {
		switch {
		case 'a' <= r && r <= 'z', '0' <= r && r <= '9':
			return r
		case 'A' <= r && r <= 'Z':
			return r + 'a' - 'A'
		}
		return -1
	}, prefix)
	if IsReservedPackage(name) {
		return name + "lex"
	}
	return name
}

// IsReservedPackage reports whether generated code could not be, or could not refer to, a package
// with that name: the go command or the language gives it a meaning, or generated code uses the
// name for something else.
func IsReservedPackage(name string) bool {
	switch name {
	case "main", "init", "documentation", "internal", "testdata", "vendor": // to the go command
		return true
	case "context", "lexdata", "lexjson", "runtime", "syntax", "validate", "xrpc": // imported
		return true
	case "array", "c", "call", "ctx", "data", "err", "h", "i", "input", "item", "object", "ok", "output", "params",
		"q", "r", "u", "v", "value", "w": // variables
		return true
	}
	return token.IsKeyword(name) || types.Universe.Lookup(name) != nil
}

// HasPrefix reports whether an NSID begins with the segments of a prefix, in any case.
func HasPrefix(id syntax.NSID, prefix string) bool {
	if len(id) > len(prefix) && id[len(prefix)] != '.' {
		return false
	}
	return len(id) >= len(prefix) && strings.EqualFold(string(id[:len(prefix)]), prefix)
}

// Type returns the name of the type for a def: the NSID without its first two segments, and the
// name of the def unless that is main. A document called defs does not show in it.
func Type(id syntax.NSID, def string) string { return TypeIn(Group(id), id, def) }

// TypeIn returns the name of the type for a def of a group whose declarations begin with another
// name than [Group] returns.
func TypeIn(group string, id syntax.NSID, def string) string {
	name := id.Name()
	switch {
	case def == main:
		return Within(group, name)
	case name == defs:
		return Within(group, def)
	}
	return Within(group, name, def)
}

// Within returns the name of something that belongs to what has the name outer, such as a def to a
// document. Outer is an identifier or empty.
func Within(outer string, names ...string) string {
	ident := outer + joined(names...)
	if ident == typeParameter {
		return ident + "_"
	}
	return asExported(ident)
}

// typeParameter is the name of the type parameter of generated functions.
const typeParameter = "T"

// Group returns what the names of all declarations of an NSID's group begin with: Server for
// com.atproto.server, and nothing for a group of two segments.
func Group(id syntax.NSID) string {
	words := groupWords(id)
	if len(words) == 0 {
		return ""
	}
	return asExported(joined(words...))
}

// groupWords returns the segments of an NSID between the first two and the last.
func groupWords(id syntax.NSID) []string {
	segments := strings.Split(id.Group(), ".")
	return segments[min(2, len(segments)):]
}

// Prefixed returns what the declarations of a package begin with to be told from those of another
// prefix in it: Example for com.example.
func Prefixed(prefix string) string {
	return asExported(joined(prefix[strings.LastIndexByte(prefix, '.')+1:]))
}

// Method returns the name of the method that serves, or calls, an endpoint, which is that of its
// type without that of its group. It differs from the name of the field that clients have.
func Method(group, typ string) string {
	name, ok := strings.CutPrefix(typ, group)
	if !ok || !token.IsExported(name) {
		name = typ
	}
	if name == "Client" {
		return name + "_"
	}
	return name
}

// Property returns what the name of a type for the value of a property ends with.
func Property(property string) string { return asExported(joined(property)) }

// Field returns the name of the field for a property. It differs from the names of the methods
// that generated types have.
func Field(property string) string {
	name := Property(property)
	if IsReservedField(name) {
		return name + "_"
	}
	return name
}

// IsReservedField reports whether a generated type has a method or a field of its own with that
// name.
func IsReservedField(name string) bool {
	switch name {
	case "Check", "DecodeJSON", "DecodeQuery", "EncodeJSON", "EncodeQuery", "Extra", "IsZero",
		"LexiconType", "MarshalJSON", "UnmarshalJSON", "Validate":
		return true
	}
	return false
}

// ErrorName returns what the name of a constant for a declared error ends with, after the type
// name of the endpoint and Err.
func ErrorName(name string) string { return joined(name) }

// Value returns what the name of a constant for a value of a string ends with, after the name of
// the type. A value that is the name of a def gives that of its type, without that of the document
// in the document itself.
func Value(document syntax.NSID, value string) string {
	id, def, isDef := strings.Cut(value, "#")
	switch {
	case !isDef || def == "" || strings.Contains(def, "#") || !syntax.NSID(id).Valid():
		return joined(value)
	case syntax.NSID(id).Normalize() == document:
		return joined(def)
	}
	return Type(syntax.NSID(id), def)
}

// Spelled returns a name for a value in which each character shows. It tells apart values that
// [Value] does not, such as +1 and -1.
func Spelled(value string) string {
	var b strings.Builder
	for _, part := range parts(value) {
		b.WriteString(part)
	}
	return b.String()
}

// File returns the file name for a document: com.atproto.server.createSession becomes
// server_create_session_gen.go, after the words of what its names begin with. The ending keeps a
// document called listWindows or runTest from becoming a file with a build constraint or a test.
func File(prefix string, id syntax.NSID) string {
	return FileOf(slices.Concat([]string{prefix}, groupWords(id), []string{id.Name()})...)
}

// GroupFile returns the file name for a part, such as handler, of an NSID's group.
func GroupFile(prefix string, id syntax.NSID, part string) string {
	return FileOf(slices.Concat([]string{prefix}, groupWords(id), []string{part})...)
}

// FileOf returns a file name of the words of names.
func FileOf(names ...string) string {
	var words []string
	for _, name := range names {
		for _, word := range split(name) {
			words = append(words, strings.ToLower(word))
		}
	}
	return strings.Join(words, "_") + suffix
}

// PackageFile is the name of the file that describes a package.
const PackageFile = "lexgen" + suffix

const suffix = "_gen.go"
