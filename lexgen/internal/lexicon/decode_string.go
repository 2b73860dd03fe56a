package lexicon

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/lexgen-go/lexgen/lexgen/internal/diag"
	"github.com/lexgen-go/lexgen/lexgen/internal/source"
	"github.com/lexgen-go/lexgen/runtime/syntax"
)

func (d *decoder) string(b Base) Node {
	v := &String{
		Base:         b,
		Format:       d.format(b),
		MinLength:    length(b.JSON, "minLength", 0),
		MaxLength:    length(b.JSON, "maxLength", 0),
		MinGraphemes: length(b.JSON, "minGraphemes", 0),
		MaxGraphemes: length(b.JSON, "maxGraphemes", 0),
		Enum:         texts(b, "enum"),
		KnownValues:  texts(b, "knownValues"),
		Default:      optionalText(b.JSON, "default"),
		Const:        optionalText(b.JSON, "const"),
	}
	if d.emptyEnum(b) {
		return &Broken{b}
	}
	d.duplicates(b, "enum")
	d.duplicates(b, "knownValues")
	d.defaultOrConst(b, v.Default != nil && v.Const != nil)
	bytes := d.bounds(b, "minLength", v.MinLength, "maxLength", v.MaxLength)
	graphemes := d.bounds(b, "minGraphemes", v.MinGraphemes, "maxGraphemes", v.MaxGraphemes)
	if bytes && graphemes {
		d.values(b, func(n *source.Node, inEnum bool) string { return v.problem(n, inEnum) })
	}
	return v
}

func (d *decoder) format(b Base) string {
	node := b.JSON.Get("format")
	if !node.Is(source.String) {
		return ""
	}
	if syntax.IsFormat(node.Text) {
		return node.Text
	}
	finding := d.diags.Warningf(node.Span, diag.UnknownFormat, "unknown string format %q", node.Text)
	if similar := diag.Suggest(node.Text, syntax.Formats()); similar != "" {
		finding.Hint("did you mean %q? as it is, any string is accepted", similar)
	} else {
		finding.Hint("any string is accepted; the formats are %s", strings.Join(syntax.Formats(), ", "))
	}
	return ""
}

// texts returns the strings of an array, nil if there are none.
func texts(b Base, key string) []string {
	var list []string
	for _, elem := range elements(b.JSON, key, source.String) {
		list = append(list, elem.Text)
	}
	return list
}

// problem says which constraint a string breaks. A value that is not a string
// breaks none; its shape is wrong already.
func (v *String) problem(n *source.Node, inEnum bool) string {
	if n.Kind != source.String {
		return ""
	}
	s := n.Text
	size := int64(len(s))
	fewest, most := graphemes(s)
	switch {
	case v.MinLength != nil && size < *v.MinLength:
		return "is shorter than minLength"
	case v.MaxLength != nil && size > *v.MaxLength:
		return "is longer than maxLength"
	case v.MinGraphemes != nil && most < *v.MinGraphemes:
		return "has fewer graphemes than minGraphemes"
	case v.MaxGraphemes != nil && fewest > *v.MaxGraphemes:
		return "has more graphemes than maxGraphemes"
	case v.Format != "" && !validFormat(v.Format, s):
		return "is not a valid " + v.Format
	case !inEnum && len(v.Enum) > 0 && !slices.Contains(v.Enum, s):
		return "is not in enum"
	}
	return ""
}

func validFormat(format, s string) bool {
	ok, _ := syntax.ValidLenient(format, s)
	return ok
}

// graphemes bounds the number of grapheme clusters of a string. The bounds
// meet for visible ASCII text; beyond it, counting needs the tables of
// Unicode, which belong to the runtime.
func graphemes(s string) (fewest, most int64) {
	runes := int64(utf8.RuneCountInString(s))
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return min(runes, 1), runes
		}
	}
	return runes, runes
}
