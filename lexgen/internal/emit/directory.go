package emit

import (
	"strconv"
	"strings"
	"unicode"

	. "github.com/dave/jennifer/jen"

	"github.com/lexgen-go/lexgen/lexgen/internal/ir"
)

// emitDirectory writes
//
//	// What other modules that refer to this package need to know of it; lexgen reads it.
//	const (
//		lexgenPrefixes = "com.example net.example"
//		lexgenSymbols  = "" +
//			"com.example.defs#view View\n" +
//			"com.example.thing Thing\n"
//		lexgenDocuments = "" +
//			`{"lexicon":1,"id":"com.example.defs","defs":{}}` + "\n"
//	)
func emitDirectory(file *File, decl *ir.Directory) {
	symbols, documents := Lit(""), Lit("")
	for _, symbol := range decl.Symbols {
		symbols.Op("+").Line().Lit(symbol.Key + " " + symbol.Ident + "\n")
	}
	for _, document := range decl.Documents {
		documents.Op("+").Line().Add(raw(document)).Op("+").Lit("\n")
	}
	file.Add(doc("What other modules that refer to this package need to know of it; lexgen reads it."))
	file.Const().Defs(
		Id("lexgenPrefixes").Op("=").Lit(strings.Join(decl.Prefixes, " ")),
		Id("lexgenSymbols").Op("=").Add(symbols),
		Id("lexgenDocuments").Op("=").Add(documents),
	)
}

// raw writes a string between backquotes, unless it cannot stand there or would not be seen as it
// is.
func raw(text string) *Statement {
	if !strconv.CanBackquote(text) || strings.ContainsFunc(text, isInvisible) {
		return Lit(text)
	}
	return Op("`" + text + "`")
}

func isInvisible(r rune) bool { return !unicode.IsPrint(r) }
