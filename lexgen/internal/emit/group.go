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
			g.Add(doc(e.Method+" answers "+e.NSID+".", e.Doc, inputDoc(e), outputDoc(e, "It is closed when it has been sent."), errorsDoc(e)))
			g.Id(e.Method).Add(signature(e))
		}
	})
}

// inputDoc says what media types the stream that an endpoint takes may have, if it takes one.
func inputDoc(e *ir.Endpoint) string {
	if e.Input != "" || e.InputEncoding == "" {
		return ""
	}
	return "The input is " + mediaType(e.InputEncoding) + ".\n\n" + e.InputDoc
}

// outputDoc says what media types the stream that an endpoint returns may have, if it returns one,
// and who closes it.
func outputDoc(e *ir.Endpoint, closing string) string {
	if e.Output != "" || e.OutputEncoding == "" {
		return ""
	}
	return "The output is " + mediaType(e.OutputEncoding) + ". " + closing + "\n\n" + e.OutputDoc
}

// mediaType returns a media type, or a pattern of media types, as a sentence has it.
func mediaType(encoding string) string {
	if encoding == "*/*" {
		return "of any media type"
	}
	return encoding
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
	if e.InputEncoding != "" {
		params = append(params, Id("input").Add(body(e.Input)))
	}
	return Params(params...).Add(results(e))
}

// results writes
//
//	(*ServerCreateSessionOutput, error)
func results(e *ir.Endpoint) *Statement {
	if e.OutputEncoding == "" {
		return Error()
	}
	return Params(body(e.Output), Error())
}

// body writes the type of a body that there is, which is a stream if it has no name: one of
//
//	*ServerCreateSessionInput
//
//	*xrpc.Stream
func body(name string) *Statement {
	if name == "" {
		return Op("*").Qual(xrpcPath, "Stream")
	}
	return Op("*").Id(name)
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
		if e.Params != "" {
			params = append(params, Op("*").Id(e.Params))
		}
		if e.InputEncoding != "" {
			params = append(params, body(e.Input))
		}
		failure := []Code{Qual(xrpcPath, "Unimplemented").Call()}
		if e.OutputEncoding != "" {
			failure = []Code{Nil(), failure[0]}
		}
		file.Comment("// " + e.Method + " implements [" + group.Handler + "].")
		file.Func().Params(Id(group.Unimplemented)).Id(e.Method).Params(params...).Add(results(e)).Block(Return(failure...))
	}
}
