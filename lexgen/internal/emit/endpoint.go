package emit

import (
	. "github.com/dave/jennifer/jen"

	"github.com/lexgen-go/lexgen/lexgen/internal/ir"
)

// emitEndpoints writes
//
//	// ServerEndpoints lists the endpoints of com.atproto.server, served by h.
//	func ServerEndpoints(h ServerHandler) []xrpc.Endpoint {
//		return []xrpc.Endpoint{
//			{
//				NSID: ServerCreateSessionNSID,
//				...
//			},
//		}
//	}
func emitEndpoints(file *File, group *ir.Group) {
	var list []Code
	for _, e := range group.Endpoints {
		list = append(list, endpointLiteral(e))
	}
	file.Add(doc(group.EndpointList + " lists the endpoints of " + group.NSID + ", served by h."))
	file.Func().Id(group.EndpointList).Params(Id("h").Id(group.Handler)).Index().Qual(xrpcPath, "Endpoint").Block(
		Return(Index().Qual(xrpcPath, "Endpoint").Add(keyed(list...))),
	)
}

// endpointLiteral writes
//
//	{
//		NSID:           ServerCreateSessionNSID,
//		Kind:           xrpc.Procedure,
//		InputEncoding:  "application/json",
//		OutputEncoding: "application/json",
//		Errors:         []xrpc.ErrorName{ServerCreateSessionErrAccountTakedown},
//		NewInput:       func() xrpc.Body { return new(ServerCreateSessionInput) },
//		Invoke:         func(ctx context.Context, call *xrpc.Call) (any, error) { ... },
//	}
func endpointLiteral(e *ir.Endpoint) *Statement {
	members := []Code{member("NSID", Id(e.Const)), member("Kind", kind(e))}
	if e.InputEncoding != "" {
		members = append(members, member("InputEncoding", Lit(e.InputEncoding)))
	}
	if e.OutputEncoding != "" {
		members = append(members, member("OutputEncoding", Lit(e.OutputEncoding)))
	}
	if len(e.Errors) > 0 {
		var names []Code
		for _, name := range e.Errors {
			names = append(names, Id(name.Name))
		}
		members = append(members, member("Errors", Index().Qual(xrpcPath, "ErrorName").Add(keyed(names...))))
	}
	if e.Params != "" {
		members = append(members, member("NewParams", maker("Params", e.Params)))
	}
	if e.Input != "" {
		members = append(members, member("NewInput", maker("Body", e.Input)))
	}
	return keyed(append(members, member("Invoke", invocation(e)))...)
}

// maker writes
//
//	func() xrpc.Body { return new(ServerCreateSessionInput) }
func maker(result, typ string) *Statement {
	return Func().Params().Qual(xrpcPath, result).Custom(Options{Open: "{", Close: "}"}, Return(New(Id(typ))))
}

// invocation writes
//
//	func(ctx context.Context, call *xrpc.Call) (any, error) {
//		return h.CreateSession(ctx, call.Input.(*ServerCreateSessionInput))
//	}
func invocation(e *ir.Endpoint) *Statement {
	var args []Code
	if e.Params != "" {
		args = append(args, Id("call").Dot("Params").Assert(Op("*").Id(e.Params)))
	}
	switch {
	case e.Input != "":
		args = append(args, Id("call").Dot("Input").Assert(Op("*").Id(e.Input)))
	case e.InputEncoding != "":
		args = append(args, Id("call").Dot("Stream"))
	}
	call := Id("call")
	if len(args) == 0 {
		call = Id("_")
	}
	results := []Code{Id("h").Dot(e.Method).Call(append([]Code{Id("ctx")}, args...)...)}
	if e.OutputEncoding == "" {
		results = []Code{Nil(), results[0]}
	}
	params := []Code{Id("ctx").Qual("context", "Context"), call.Op("*").Qual(xrpcPath, "Call")}
	return Func().Params(params...).Params(Any(), Error()).Block(Return(results...))
}

// kind writes
//
//	xrpc.Procedure
func kind(e *ir.Endpoint) *Statement {
	if e.Kind == ir.Query {
		return Qual(xrpcPath, "Query")
	}
	return Qual(xrpcPath, "Procedure")
}
