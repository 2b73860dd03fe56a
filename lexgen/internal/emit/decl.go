package emit

import (
	"fmt"

	. "github.com/dave/jennifer/jen"

	"github.com/lexgen-go/lexgen/lexgen/internal/ir"
)

// emitHandshake writes
//
//	// Package comatproto holds the types, services and clients of the lexicons com.atproto.*.
//	package comatproto
//
//	// This code needs a runtime that is recent enough to have the constant.
//	const _ = runtime.SupportsGenerated1
func emitHandshake(file *File, decl *ir.Handshake) {
	for i, paragraph := range decl.Doc {
		if i > 0 {
			file.PackageComment("//")
		}
		for _, line := range wrap(paragraph) {
			file.PackageComment("// " + line)
		}
	}
	file.Add(doc("This code needs a runtime that is recent enough to have the constant."))
	file.Const().Id("_").Op("=").Add(qual(decl.Name))
}

// emitNSID writes
//
//	// ServerCreateSessionNSID names the procedure com.atproto.server.createSession.
//	//
//	// Create an authentication session.
//	const ServerCreateSessionNSID = "com.atproto.server.createSession"
func emitNSID(file *File, decl *ir.NSID) {
	file.Add(doc(decl.Name+" names the "+decl.Kind+" "+decl.Value+".", decl.Doc))
	file.Const().Id(decl.Name).Op("=").Lit(decl.Value)
}

// emitErrors writes
//
//	// The errors that com.atproto.server.createSession declares.
//	const (
//		ServerCreateSessionErrAccountTakedown xrpc.ErrorName = "AccountTakedown"
//	)
func emitErrors(file *File, decl *ir.Errors) {
	file.Add(doc("The errors that " + decl.Endpoint + " declares."))
	file.Const().DefsFunc(func(g *Group) {
		for _, name := range decl.Names {
			if name.Doc != "" {
				g.Add(doc(name.Doc))
			}
			g.Id(name.Name).Qual(xrpcPath, "ErrorName").Op("=").Lit(name.Value)
		}
	})
}

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
			if field.Doc != "" || field.Default != nil {
				g.Add(doc(field.Doc, defaultDoc(field)))
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
func defaultDoc(field *ir.Field) string {
	if field.Default == nil {
		return ""
	}
	return "The default is " + literal(field.Default).GoString() + "."
}

// emitAlias writes
//
//	// ServerCreateAppPasswordOutput is the output of com.atproto.server.createAppPassword.
//	type ServerCreateAppPasswordOutput = ServerCreateAppPasswordAppPassword
func emitAlias(file *File, decl *ir.Alias) {
	file.Add(doc(decl.Name+" "+decl.About, decl.Doc))
	file.Type().Id(decl.Name).Op("=").Add(qual(decl.Type))
}

// fieldType writes the Go type of a field: string, lexdata.Opt[syntax.DID], *Links, []Code.
func fieldType(field *ir.Field) *Statement {
	switch {
	case field.Presence == ir.Optional:
		return Qual(lexdataPath, "Opt").Index(goType(field.Type))
	case field.Presence == ir.OptionalNil && !isSlice(field.Type):
		return Op("*").Add(goType(field.Type))
	}
	return goType(field.Type)
}

// goType writes a type.
func goType(t ir.Type) *Statement {
	switch t := t.(type) {
	case ir.Scalar:
		if t.Named.Ident != "" {
			return qual(t.Named)
		}
		return Id(plainType(t.Kind))
	case ir.StructType:
		return qual(t.Name)
	case ir.Slice:
		return Index().Add(goType(t.Elem))
	}
	panic(fmt.Sprintf("emit: type %T", t))
}

// plainType returns the type that the JSON reader and writer have for a kind.
func plainType(kind ir.ScalarKind) string {
	switch kind {
	case ir.Bool:
		return "bool"
	case ir.Int:
		return "int64"
	}
	return "string"
}

func isSlice(t ir.Type) bool {
	_, ok := t.(ir.Slice)
	return ok
}
