package emit

import (
	"strconv"

	. "github.com/dave/jennifer/jen"

	"github.com/lexgen-go/lexgen/lexgen/internal/ir"
)

// callWidth is how many characters a list of arguments or values has at most on one line.
const callWidth = 76

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

// arguments writes the arguments of a call, one a line if there are many.
func arguments(list ...Code) *Statement {
	return enclosed("(", ")", list)
}

// values writes the values of a composite literal, one a line if there are many.
func values(list ...Code) *Statement {
	return enclosed("{", "}", list)
}

func enclosed(opening, closing string, list []Code) *Statement {
	layout := Options{Open: opening, Close: closing, Separator: ","}
	layout.Multi = len(list) > 0 && len(Id("f").Custom(layout, list...).GoString()) > len("f")+callWidth
	return Custom(layout, list...)
}

// texts writes the arguments of a call, which are strings, as arguments does, and need not print them to
// know how wide they are.
func texts(list ...string) *Statement {
	layout, width := Options{Open: "(", Close: ")", Separator: ","}, 0
	var args []Code
	for _, text := range list {
		args = append(args, Lit(text))
		width += len(strconv.Quote(text)) + len(", ") // of the last, the parentheses
	}
	layout.Multi = width > callWidth
	return Custom(layout, args...)
}

// qual writes a name, with its package if it is another one.
func qual(name ir.Name) *Statement {
	if name.ImportPath == "" {
		return Id(name.Ident)
	}
	return Qual(name.ImportPath, name.Ident)
}

// literal writes a bool, an int64 or a string as an untyped constant.
func literal(value any) *Statement {
	if n, ok := value.(int64); ok { // Lit takes no int64 for one, and an int does not hold each
		return Op(strconv.FormatInt(n, 10))
	}
	return Lit(value)
}
