package emit

import (
	. "github.com/dave/jennifer/jen"

	"github.com/lexgen-go/lexgen/lexgen/internal/ir"
)

// emitList writes
//
//	// ActorPreferences is app.bsky.actor.defs#preferences.
//	type ActorPreferences []ActorPreferencesItemUnion
func emitList(file *File, l *ir.List) {
	file.Add(doc(l.Name+" "+l.About, l.Doc))
	file.Type().Id(l.Name).Add(goType(l.Type))
}

// emitListMethods prints the codec and the checks of a list, which are those of an array, and
// begin with
//
//	*v = ActorPreferences{}
//
//	w.BeginArray()
//
//	c.MaxLength("", len(*v), 10)
func emitListMethods(file *File, l *ir.List) {
	v, list := receiver{"v", l.Name}, Op("*").Id("v")
	items := array{list, Parens(list.Clone()).Index(Id("i"))}
	checks := checkCalls(l.Checks, l.Type, Lit(""), list)
	emitDecoder(file, v, append([]Code{list.Clone().Op("=").Id(l.Name).Values()}, decodeItems(list, l.Type.Elem)...)...)
	emitEncoder(file, v, encodeArray(Id("w"), l.Type, items)...)
	emitChecks(file, v, append(checks, checkItems(Lit(""), l.Type, items)...)...)
	emitMarshalers(file, v)
}
