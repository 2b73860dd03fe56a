package emit

import (
	"strings"

	. "github.com/dave/jennifer/jen"

	"github.com/lexgen-go/lexgen/lexgen/internal/ir"
)

// emitGroup prints one side of a group of endpoints.
func emitGroup(file *File, group *ir.Group) {
	if group.Part == ir.Client {
		emitClient(file, group)
		return
	}
	emitHandler(file, group)
	emitUnimplemented(file, group)
	emitEndpoints(file, group)
}

// emitHandler writes
//
//	// ServerHandler is the service behind com.atproto.server. ...
//	type ServerHandler interface {
//		// CreateSession answers com.atproto.server.createSession.
//		//
//		// Create an authentication session.
//		//
//		// Declared errors: [ServerCreateSessionErrAccountTakedown].
//		CreateSession(ctx context.Context, input *ServerCreateSessionInput) (*ServerCreateSessionOutput, error)
//	}
func emitHandler(file *File, group *ir.Group) {
	file.Add(doc(
		group.Handler + " is the service behind " + group.NSID + ". Its methods may be called by several goroutines at once. " +
			"What they take is decoded and checked; what is not in their arguments, such as the caller, is in [xrpc.CallFrom]. " +
			"An error that is neither an [*xrpc.Error] nor an [xrpc.ErrorName] is a fault of the server, which the client sees without its text.",
	))
	file.Type().Id(group.Handler).InterfaceFunc(func(g *Group) {
		for i, e := range group.Endpoints {
			if i > 0 {
				g.Line()
			}
			g.Add(doc(e.Method+" answers "+e.NSID+".", e.Doc, errorsDoc(e)))
			g.Id(e.Method).Add(signature(e))
		}
	})
}

// errorsDoc lists the errors that an endpoint declares.
func errorsDoc(e *ir.Endpoint) string {
	if len(e.Errors) == 0 {
		return ""
	}
	var links []string
	for _, name := range e.Errors {
		links = append(links, "["+name.Name+"]")
	}
	return "Declared errors: " + strings.Join(links, ", ") + "."
}

// signature writes
//
//	(ctx context.Context, input *ServerCreateSessionInput) (*ServerCreateSessionOutput, error)
func signature(e *ir.Endpoint) *Statement {
	params := []Code{Id("ctx").Qual("context", "Context")}
	if e.Params != "" {
		params = append(params, Id("params").Op("*").Id(e.Params))
	}
	if e.Input != "" {
		params = append(params, Id("input").Op("*").Id(e.Input))
	}
	return Params(params...).Add(results(e))
}

// results writes
//
//	(*ServerCreateSessionOutput, error)
func results(e *ir.Endpoint) *Statement {
	if e.Output == "" {
		return Error()
	}
	return Params(Op("*").Id(e.Output), Error())
}

// emitUnimplemented writes
//
//	// UnimplementedServerHandler implements [ServerHandler] by answering everything with status 501. ...
//	type UnimplementedServerHandler struct{}
//
//	// CreateSession implements [ServerHandler].
//	func (UnimplementedServerHandler) CreateSession(context.Context, *ServerCreateSessionInput) (*ServerCreateSessionOutput, error) {
//		return nil, xrpc.Unimplemented()
//	}
func emitUnimplemented(file *File, group *ir.Group) {
	file.Add(doc(
		group.Unimplemented + " implements [" + group.Handler + "] by answering everything with status 501. " +
			"A service embeds it to serve a part of the group, and to go on compiling when the group grows.",
	))
	file.Type().Id(group.Unimplemented).Struct()
	for _, e := range group.Endpoints {
		params := []Code{Qual("context", "Context")}
		for _, name := range []string{e.Params, e.Input} {
			if name != "" {
				params = append(params, Op("*").Id(name))
			}
		}
		failure := []Code{Qual(xrpcPath, "Unimplemented").Call()}
		if e.Output != "" {
			failure = []Code{Nil(), failure[0]}
		}
		file.Comment("// " + e.Method + " implements [" + group.Handler + "].")
		file.Func().Params(Id(group.Unimplemented)).Id(e.Method).Params(params...).Add(results(e)).Block(Return(failure...))
	}
}

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
	if e.Input != "" {
		members = append(members, member("InputEncoding", Lit(e.InputEncoding)))
	}
	if e.Output != "" {
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
	args := []Code{Id("ctx")}
	call := Id("_")
	for _, part := range []struct{ field, typ string }{{"Params", e.Params}, {"Input", e.Input}} {
		if part.typ != "" {
			call = Id("call")
			args = append(args, Id("call").Dot(part.field).Assert(Op("*").Id(part.typ)))
		}
	}
	results := []Code{Id("h").Dot(e.Method).Call(args...)}
	if e.Output == "" {
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

// emitClient writes
//
//	// ServerClient calls com.atproto.server on the host of its Client. ...
//	type ServerClient struct {
//		Client *xrpc.Client
//	}
//
//	var _ ServerHandler = ServerClient{}
func emitClient(file *File, group *ir.Group) {
	file.Add(doc(clientDoc(group)))
	file.Type().Id(group.Client).Struct(
		Comment("// Client sends the requests. It must be set."),
		Id("Client").Op("*").Qual(xrpcPath, "Client"),
	)
	if group.Handler != "" {
		file.Var().Id("_").Id(group.Handler).Op("=").Id(group.Client).Values()
	}
	for _, e := range group.Endpoints {
		file.Add(doc(e.Method+" calls "+e.NSID+".", e.Doc, errorsDoc(e)))
		file.Func().Params(Id("c").Id(group.Client)).Id(e.Method).Add(signature(e)).Block(clientBody(e)...)
	}
}

// clientDoc says what a client does, and that it is a service too.
func clientDoc(group *ir.Group) string {
	text := group.Client + " calls the endpoints of " + group.NSID + ". It may be used by several goroutines at once. " +
		"Headers of single calls are the matter of [xrpc.WithRequestHeader] and [xrpc.WithResponseHeader]."
	if group.Handler != "" {
		text += " It is a [" + group.Handler + "], so that a test can put a service in its place."
	}
	return text
}

// clientBody writes
//
//	output := new(ServerCreateSessionOutput)
//	err := c.Client.Do(ctx, &xrpc.Request{
//		NSID:   ServerCreateSessionNSID,
//		Kind:   xrpc.Procedure,
//		Input:  input,
//		Output: output,
//	})
//	if err != nil {
//		return nil, err
//	}
//	return output, nil
func clientBody(e *ir.Endpoint) []Code {
	members := []Code{member("NSID", Id(e.Const)), member("Kind", kind(e))}
	if e.Params != "" {
		members = append(members, member("Params", Id("params")))
	}
	if e.Input != "" {
		members = append(members, member("Input", Id("input")))
	}
	if e.Output != "" {
		members = append(members, member("Output", Id("output")))
	}
	call := Id("c").Dot("Client").Dot("Do").Call(Id("ctx"), Op("&").Qual(xrpcPath, "Request").Add(keyed(members...)))
	if e.Output == "" {
		return []Code{Return(call)}
	}
	return []Code{
		Id("output").Op(":=").New(Id(e.Output)),
		Id("err").Op(":=").Add(call),
		If(Err().Op("!=").Nil()).Block(Return(Nil(), Err())),
		Return(Id("output"), Nil()),
	}
}
