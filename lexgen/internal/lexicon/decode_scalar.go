package lexicon

import (
	"slices"
	"strings"

	"github.com/lexgen-go/lexgen/lexgen/internal/diag"
	"github.com/lexgen-go/lexgen/lexgen/internal/source"
)

func (d *decoder) boolean(b Base) Node {
	v := &Boolean{Base: b, Default: optionalBool(b.JSON, "default"), Const: optionalBool(b.JSON, "const")}
	d.defaultOrConst(b, v.Default != nil && v.Const != nil)
	return v
}

// defaultOrConst reports a schema that has a default and a const.
func (d *decoder) defaultOrConst(b Base, both bool) {
	if both {
		d.diags.Errorf(b.JSON.Member("default").KeySpan, diag.DefaultAndConst, "a default beside a const has no meaning").
			Hint("keep one of the two")
	}
}

func (d *decoder) bytes(b Base) Node {
	v := &Bytes{
		Base:      b,
		MinLength: length(b.JSON, "minLength", 0),
		MaxLength: length(b.JSON, "maxLength", 0),
	}
	d.bounds(b, "minLength", v.MinLength, "maxLength", v.MaxLength)
	return v
}

func (d *decoder) blob(b Base) Node {
	v := &Blob{Base: b, MaxSize: length(b.JSON, "maxSize", 1)}
	for _, elem := range elements(b.JSON, "accept", source.String) {
		if !isMediaRange(elem.Text) {
			d.diags.Errorf(elem.Span, diag.InvalidAccept, "%q is not a media type", elem.Text).
				Hint("use a media type such as image/png, or a glob: image/*, */*")
			continue
		}
		v.Accept = append(v.Accept, elem.Text)
	}
	d.duplicates(b, "accept")
	return v
}

// duplicates warns about strings that an array lists more than once.
func (d *decoder) duplicates(b Base, key string) {
	seen := map[string]bool{}
	for _, elem := range elements(b.JSON, key, source.String) {
		if seen[elem.Text] {
			d.diags.Warningf(elem.Span, diag.DuplicateValue, "%s lists %q twice", key, elem.Text).
				Hint("remove one of them")
		}
		seen[elem.Text] = true
	}
}

// isMediaRange reports whether s is a media type without parameters, type/*,
// or */*.
func isMediaRange(s string) bool {
	major, minor, found := strings.Cut(s, "/")
	if !found || major == "*" && minor != "*" {
		return false
	}
	return (major == "*" || isMediaName(major)) && (minor == "*" || isMediaName(minor))
}

// isMediaName reports whether s is half of a media type. See
// https://www.rfc-editor.org/rfc/rfc6838#section-4.2.
func isMediaName(s string) bool {
	for i := range len(s) {
		c := s[i]
		alphanumeric := 'a' <= c|0x20 && c|0x20 <= 'z' || '0' <= c && c <= '9'
		if !alphanumeric && (i == 0 || !strings.ContainsRune("!#$&-^_.+", rune(c))) {
			return false
		}
	}
	return s != ""
}

// MaxSafeInteger is the greatest integer that implementations with 64-bit
// floating-point numbers read exactly.
const MaxSafeInteger = 1<<53 - 1

func (d *decoder) integer(b Base) Node {
	v := &Integer{
		Base:    b,
		Minimum: optionalInt(b.JSON, "minimum"),
		Maximum: optionalInt(b.JSON, "maximum"),
		Default: optionalInt(b.JSON, "default"),
		Const:   optionalInt(b.JSON, "const"),
	}
	for _, elem := range elements(b.JSON, "enum", source.Number) {
		if i, err := elem.Int(); err == nil {
			if slices.Contains(v.Enum, i) {
				d.diags.Warningf(elem.Span, diag.DuplicateValue, "enum lists %d twice", i).Hint("remove one of them")
			}
			v.Enum = append(v.Enum, i)
		}
	}
	if d.emptyEnum(b) {
		return &Broken{b}
	}
	d.defaultOrConst(b, v.Default != nil && v.Const != nil)
	d.unsafeIntegers(b)
	if d.bounds(b, "minimum", v.Minimum, "maximum", v.Maximum) {
		d.values(b, func(n *source.Node, inEnum bool) string { return v.problem(n, inEnum) })
	}
	return v
}

// emptyEnum reports an enum that allows no value and returns whether there is
// one.
func (d *decoder) emptyEnum(b Base) bool {
	enum := b.JSON.Get("enum")
	if !enum.Is(source.Array) || len(enum.Elems) > 0 {
		return false
	}
	d.diags.Errorf(enum.Span, diag.EmptyEnum, "enum lists no value, so nothing is valid").
		Hint("list the values, or remove enum")
	return true
}

func (d *decoder) unsafeIntegers(b Base) {
	for _, n := range valuesOf(b, "minimum", "maximum", "enum", "default", "const") {
		if i, err := n.Int(); err == nil && (i > MaxSafeInteger || i < -MaxSafeInteger) {
			d.diags.Warningf(n.Span, diag.UnsafeInteger, "%d is not exact in all JSON implementations", i).
				Hint("stay between -(2^53-1) and 2^53-1")
		}
	}
}

// valuesOf returns the values of keys; of an array, its elements.
func valuesOf(b Base, keys ...string) []*source.Node {
	var list []*source.Node
	for _, key := range keys {
		switch v := b.JSON.Get(key); {
		case v.Is(source.Array):
			list = append(list, v.Elems...)
		case v != nil:
			list = append(list, v)
		}
	}
	return list
}

// values reports members of enum, and the default and const, that problem
// finds fault with. Problem returns the end of a sentence, or "".
func (d *decoder) values(b Base, problem func(n *source.Node, inEnum bool) string) {
	report := func(key string, n *source.Node, text string) {
		if text != "" {
			d.diags.Errorf(n.Span, diag.InvalidValue, "%s %s %s", key, n.Span.Text(), text).
				Hint("the value must satisfy its own schema")
		}
	}
	for _, n := range valuesOf(b, "enum") {
		report("enum value", n, problem(n, true))
	}
	for _, key := range []string{"default", "const"} {
		if n := b.JSON.Get(key); n != nil {
			report(key, n, problem(n, false))
		}
	}
}

// problem says which constraint an integer breaks. A value that is not an
// integer breaks none; its shape is wrong already.
func (v *Integer) problem(n *source.Node, inEnum bool) string {
	i, err := n.Int()
	switch {
	case err != nil:
		return ""
	case v.Minimum != nil && i < *v.Minimum:
		return "is below minimum"
	case v.Maximum != nil && i > *v.Maximum:
		return "is above maximum"
	case !inEnum && len(v.Enum) > 0 && !slices.Contains(v.Enum, i):
		return "is not in enum"
	}
	return ""
}
