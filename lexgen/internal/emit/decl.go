package emit

import (
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

// emitToken writes
//
//	// ModerationReasonSpam is the token com.atproto.moderation.defs#reasonSpam.
//	const ModerationReasonSpam = "com.atproto.moderation.defs#reasonSpam"
func emitToken(file *File, decl *ir.Token) {
	file.Add(doc(decl.Name+" "+decl.About, decl.Doc))
	file.Const().Id(decl.Name).Op("=").Lit(decl.Value)
}

// emitAlias writes
//
//	// ServerCreateAppPasswordOutput is the output of com.atproto.server.createAppPassword.
//	type ServerCreateAppPasswordOutput = ServerCreateAppPasswordAppPassword
func emitAlias(file *File, decl *ir.Alias) {
	file.Add(doc(decl.Name+" "+decl.About, decl.Doc))
	file.Type().Id(decl.Name).Op("=").Add(goType(decl.Type))
}
