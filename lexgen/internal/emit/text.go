package emit

import (
	"strings"
	"unicode"
	"unicode/utf8"

	. "github.com/dave/jennifer/jen"

	"github.com/lexgen-go/lexgen/lexgen/internal/ir"
)

// lineWidth is how many characters of text a comment line has at most, unless one word is longer.
const lineWidth = 77

// doc writes paragraphs as a comment: each is wrapped, and separated from the next by an empty
// line. Whatever the text holds, the result is // lines and nothing else.
func doc(paragraphs ...string) *Statement {
	comment := Null()
	first := true
	line := func(text string) {
		if !first {
			comment.Line()
		}
		first = false
		comment.Comment(strings.TrimRight("// "+text, " "))
	}
	for _, paragraph := range paragraphs {
		for part := range strings.SplitSeq(clean(paragraph), "\n\n") {
			lines := wrap(part)
			if len(lines) > 0 && !first {
				line("")
			}
			for _, text := range lines {
				line(text)
			}
		}
	}
	return comment
}

// clean takes out of a text what could change how a reader or a compiler sees the lines around
// it: control characters, direction marks, and what is not text at all.
func clean(text string) string {
	text = strings.ReplaceAll(text, "\r\n", "\n")
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n':
			return r
		case r == utf8.RuneError || unicode.Is(unicode.Zl, r) || unicode.Is(unicode.Zp, r) || unicode.IsControl(r):
			return ' '
		case unicode.Is(unicode.Cf, r) && r != '\u200d': // formats, but for the joiner of emoji
			return -1
		}
		return r
	}, text)
}

// wrap breaks a paragraph into lines.
func wrap(paragraph string) []string {
	var lines []string
	line := ""
	for word := range strings.FieldsSeq(paragraph) {
		if line != "" && utf8.RuneCountInString(line)+1+utf8.RuneCountInString(word) > lineWidth {
			lines = append(lines, line)
			line = ""
		}
		if line != "" {
			line += " "
		}
		line += word
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines
}

// jsonTag writes
//
//	`json:"email,omitzero"`
func jsonTag(field *ir.Field) *Statement {
	tag := field.JSON
	if field.Presence != ir.Required {
		tag += ",omitzero"
	}
	return Tag(map[string]string{"json": tag})
}

// keyed writes the members of a composite literal, one a line, in the given order.
func keyed(members ...Code) *Statement {
	return Custom(Options{Open: "{", Close: "}", Separator: ",", Multi: true}, members...)
}

// member writes
//
//	NSID: value
func member(name string, value Code) *Statement {
	return Id(name).Op(":").Add(value)
}

// qual writes a name, with its package if it is another one.
func qual(name ir.Name) *Statement {
	if name.ImportPath == "" {
		return Id(name.Ident)
	}
	return Qual(name.ImportPath, name.Ident)
}

// literal writes a default as an untyped constant.
func literal(value any) *Statement {
	if n, ok := value.(int64); ok {
		return Lit(int(n))
	}
	return Lit(value)
}

// property writes the selector of a field: v.Email.
func property(field *ir.Field) *Statement {
	return Id("v").Dot(field.Name)
}

// method writes
//
//	func (v *Type) Name(params) { body }
func method(typ, name string, params Code, body ...Code) *Statement {
	return Func().Params(Id("v").Op("*").Id(typ)).Id(name).Params(params).Block(body...)
}
