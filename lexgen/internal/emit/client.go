package emit

import (
	. "github.com/dave/jennifer/jen"

	"github.com/lexgen-go/lexgen/lexgen/internal/ir"
)

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
		file.Add(doc(e.Method+" calls "+e.NSID+".", e.Doc, inputDoc(e), outputDoc(e, "The caller closes it."), errorsDoc(e)))
		file.Func().Params(Id("c").Id(group.Client)).Id(e.Method).Add(signature(e)).Block(clientBody(e)...)
	}
}

// clientDoc says what a client does, and that it is a service too.
func clientDoc(group *ir.Group) string {
	text := group.Client + " calls the endpoints of " + group.NSID + ". It may be used by several goroutines at once. " +
		"Headers of single calls are the matter of [xrpc.WithRequestHeader] and [xrpc.WithResponseHeader]."
	if group.Handler != "" {
		text += " It implements [" + group.Handler + "], so that a test can put a service in its place."
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
//
// and for a stream
//
//	return c.Client.Open(ctx, &xrpc.Request{
//		NSID:           SyncGetBlobNSID,
//		Kind:           xrpc.Query,
//		Params:         params,
//		OutputEncoding: "*/*",
//	})
func clientBody(e *ir.Endpoint) []Code {
	if e.Output == "" && e.OutputEncoding != "" {
		return []Code{Return(clientCall("Open", e))}
	}
	if e.Output == "" {
		return []Code{Return(clientCall("Do", e))}
	}
	return []Code{
		Id("output").Op(":=").New(Id(e.Output)),
		Id("err").Op(":=").Add(clientCall("Do", e)),
		If(Err().Op("!=").Nil()).Block(Return(Nil(), Err())),
		Return(Id("output"), Nil()),
	}
}

// clientCall writes
//
//	c.Client.Do(ctx, &xrpc.Request{
//		NSID: ServerCreateSessionNSID,
//		...
//	})
func clientCall(method string, e *ir.Endpoint) *Statement {
	members := []Code{member("NSID", Id(e.Const)), member("Kind", kind(e))}
	if e.Params != "" {
		members = append(members, member("Params", Id("params")))
	}
	switch {
	case e.Input != "":
		members = append(members, member("Input", Id("input")))
	case e.InputEncoding != "":
		members = append(members, member("Stream", Id("input")), member("InputEncoding", Lit(e.InputEncoding)))
	}
	switch {
	case e.Output != "":
		members = append(members, member("Output", Id("output")))
	case e.OutputEncoding != "":
		members = append(members, member("OutputEncoding", Lit(e.OutputEncoding)))
	}
	return Id("c").Dot("Client").Dot(method).Call(Id("ctx"), Op("&").Qual(xrpcPath, "Request").Add(keyed(members...)))
}
