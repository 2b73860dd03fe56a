package metaschema

import (
	"fmt"
	"slices"
	"strings"

	"github.com/lexgen-go/lexgen/lexgen/internal/diag"
	"github.com/lexgen-go/lexgen/lexgen/internal/source"
)

// report adds the violation to a list in words for people.
func (v violation) report(list *diag.List) {
	span := v.value.Span
	switch v.keyword {
	case "type":
		list.Errorf(span, diag.Shape, "%s must be %s, not %s", v.name(), v.types(), v.actual()).
			Hint("%s", v.typeHint())
	case "required":
		for _, key := range v.texts() {
			if v.value.Get(key) == nil {
				list.Errorf(opening(v.value), diag.Shape, "%s needs %q", v.title(v.schema), key).
					Hint("add %q: …", key)
			}
		}
	case "enum":
		v.reportEnum(list)
	case "const":
		list.Errorf(span, diag.LexiconVersion, "%s must be %s", v.name(), v.demand.Text).
			Hint("1 is the only version of the Lexicon language")
	case "minimum", "maximum":
		list.Errorf(span, diag.Shape, "%s %s", v.name(), v.bound()).Hint("it is %s", v.value.Text)
	case "minItems":
		list.Errorf(span, diag.Shape, "%s must not be empty", v.name()).Hint("list at least one entry")
	case "minProperties":
		list.Errorf(span, diag.Shape, "%s must not be empty", v.name()).Hint(`define something, such as "main"`)
	case "minLength":
		list.Errorf(span, diag.Shape, "%s must not be empty", v.name()).Hint("it needs at least one character")
	default:
		panic("metaschema: no message for the keyword " + v.keyword)
	}
}

// reportEnum reports a type that is unknown or may not stand here, or another
// word from a fixed list.
func (v violation) reportEnum(list *diag.List) {
	span, allowed := v.value.Span, v.texts()
	choice := orList(allowed)
	switch {
	case v.value.Kind != source.String:
		list.Errorf(span, diag.Shape, "%s must be a string, not %s", v.name(), v.actual()).Hint("use %s", choice)
	case !v.isWrongType():
		list.Errorf(span, diag.Shape, "%s must be %s, not %q", v.name(), choice, v.value.Text).
			Hint("use %s", choice)
	case slices.Contains(typeNames(), v.value.Text):
		list.Errorf(span, diag.MisplacedType, "type %q is not possible for %s", v.value.Text, v.title(v.owner)).
			Hint("possible here: %s", strings.Join(allowed, ", "))
	default:
		d := list.Errorf(span, diag.UnknownType, "unknown type %q", v.value.Text)
		if name := diag.Suggest(v.value.Text, typeNames()); name != "" {
			d.Hint("did you mean %q?", name)
		} else {
			d.Hint("possible here: %s", strings.Join(allowed, ", "))
		}
	}
}

// typeNames returns every type of the Lexicon language.
func typeNames() []string {
	return []string{
		"record", "query", "procedure", "subscription", "permission-set", "permission", "params",
		"object", "array", "string", "integer", "boolean", "bytes", "cid-link", "blob",
		"ref", "union", "unknown", "token",
	}
}

// name returns what the user calls the value: its key, or the key of its array
// with an index.
func (v violation) name() string {
	dir, key := splitPointer(v.pointer)
	key = strings.NewReplacer("~1", "/", "~0", "~").Replace(key)
	switch {
	case v.pointer == "":
		return v.title(v.schema)
	case v.parent.Is(source.Array):
		_, array := splitPointer(dir)
		return fmt.Sprintf("%s[%s]", array, key)
	case key == "":
		return `""`
	}
	return key
}

// title returns the name of what a schema describes.
func (v violation) title(schema *source.Node) string {
	if title := schema.Get("title"); title != nil {
		return title.Text
	}
	return v.name()
}

// texts returns the strings that the keyword lists.
func (v violation) texts() []string {
	return texts(v.demand)
}

func (v violation) types() string {
	var names []string
	for _, name := range v.texts() {
		names = append(names, article(name)+" "+name)
	}
	return orList(names)
}

// actual describes a value that is not what it should be.
func (v violation) actual() string {
	if v.value.Kind == source.Number {
		return v.value.Text
	}
	return v.value.Kind.String()
}

func (v violation) bound() string {
	switch v.demand.Text {
	case "0":
		if strings.HasPrefix(v.value.Text, "-") {
			return "must not be negative"
		}
	case "1":
		return "must be at least 1"
	}
	return "does not fit into 64 bits"
}

// typeHint says how to turn the value into one of the right type.
func (v violation) typeHint() string {
	value, wanted := v.value, v.texts()[0]
	switch {
	case value.Kind == source.Null && v.pointer == "":
		return `write {"lexicon": 1, "id": …, "defs": …}`
	case value.Kind == source.Null && v.parent.Is(source.Array):
		return "remove the entry; only data may be null"
	case value.Kind == source.Null:
		return "leave the key out; only data may be null"
	case wanted == "integer" && value.Kind == source.Number:
		return "the data model has no fractions"
	case wanted == "integer" && value.Kind == source.String, wanted == "boolean" && value.Kind == source.String:
		return "write it without quotes"
	case wanted == "string":
		return "write it in double quotes"
	case wanted == "array":
		return "write it in square brackets"
	case wanted == "object":
		return "write it in braces"
	}
	return "see https://atproto.com/specs/lexicon"
}

func article(noun string) string {
	if strings.ContainsAny(noun[:1], "aeio") {
		return "an"
	}
	return "a"
}

func orList(words []string) string {
	last := len(words) - 1
	if last <= 0 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:last], ", ") + " or " + words[last]
}

// opening returns the opening brace of an object, which stands for the object
// in a message about what it lacks.
func opening(n *source.Node) source.Span {
	span := n.Span
	if n.Kind == source.Object {
		span.End = span.Start + 1
	}
	return span
}
