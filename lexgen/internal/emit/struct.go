package emit

import (
	. "github.com/dave/jennifer/jen"

	"github.com/lexgen-go/lexgen/lexgen/internal/ir"
)

// emitStruct writes
//
//	// ServerCreateSessionInput is the input of com.atproto.server.createSession.
//	type ServerCreateSessionInput struct {
//		Identifier string `json:"identifier"`
//	}
func emitStruct(file *File, s *ir.Struct) {
	file.Add(doc(s.Name+" "+s.About, s.Doc))
	file.Type().Id(s.Name).StructFunc(func(g *Group) {
		for _, field := range s.Fields {
			if text := docLines(field.Doc, defaultDoc(s, field)); len(text) > 0 {
				g.Add(comment(text))
			}
			g.Id(field.Name).Add(fieldType(field)).Add(jsonTag(field))
		}
		if s.Role == ir.Object {
			g.Comment("// Extra holds the properties that the lexicon does not know.")
			g.Id("Extra").Qual(lexdataPath, "Extra").Tag(map[string]string{"json": "-"})
		}
	})
}

// defaultDoc says what an absent property stands for.
func defaultDoc(s *ir.Struct, field *ir.Field) string {
	switch {
	case field.Default == nil:
		return ""
	case s.Role == ir.Input || s.Role == ir.Params:
		return "The default is " + literal(field.Default).GoString() + "."
	case field.Presence == ir.Required:
		return ""
	}
	return "Absence means " + literal(field.Default).GoString() + "."
}

// emitStructMethods prints the codec and the checks of a struct.
func emitStructMethods(file *File, s *ir.Struct) {
	v := receiver{"v", s.Name}
	if s.Role == ir.Params {
		emitDecodeQuery(file, v, s)
		emitEncodeQuery(file, v, s)
		emitChecks(file, v, checkStruct(s)...)
		return
	}
	if s.LexiconType != "" {
		emitLexiconType(file, v, s)
	}
	emitDecoder(file, v, decodeStruct(s)...)
	emitEncoder(file, v, encodeStruct(s)...)
	emitChecks(file, v, checkStruct(s)...)
	emitMarshalers(file, v)
}

// emitLexiconType writes
//
//	// LexiconType implements [lexdata.Typed].
//	func (v *FeedPost) LexiconType() string {
//		return FeedPostNSID
//	}
func emitLexiconType(file *File, v receiver, s *ir.Struct) {
	file.Comment("// LexiconType implements [lexdata.Typed].")
	file.Add(v.method("LexiconType").String().Block(Return(lexiconType(s))))
}

// lexiconType writes the $type of a struct: the constant of a record, or a literal.
func lexiconType(s *ir.Struct) *Statement {
	if s.Record != "" {
		return Id(s.Record)
	}
	return Lit(s.LexiconType)
}
