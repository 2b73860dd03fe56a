package lower

import (
	"slices"
	"strings"

	"github.com/lexgen-go/lexgen/lexgen/internal/ir"
	"github.com/lexgen-go/lexgen/lexgen/internal/lexicon"
	"github.com/lexgen-go/lexgen/lexgen/internal/naming"
)

// mediaJSON is the encoding of the bodies that have a schema.
const mediaJSON = "application/json"

// endpoint is what queries and procedures have in common.
type endpoint struct {
	kind          ir.Kind
	description   string
	params        *lexicon.Params
	input, output *lexicon.Body
	errors        []*lexicon.ErrorDef
}

// lowerEndpoint adds the constants and types of an endpoint to the file, and the endpoint to its group.
func (f *file) lowerEndpoint(def *lexicon.Def, e endpoint) {
	nsid := string(f.doc.ID)
	name := naming.Type(f.doc.ID, def.Name)
	lowered := &ir.Endpoint{
		NSID: nsid, Const: name + "NSID", Kind: e.kind, Doc: e.description,
		Method: naming.Method(f.doc.ID),
	}
	f.declare(lowered.Const, def)
	f.ir.Decls = append(f.ir.Decls, &ir.NSID{
		Name: lowered.Const, Value: nsid, Kind: lexicon.TypeName(def.Schema), Doc: e.description,
	})
	lowered.Errors = f.lowerErrors(def, name, e.errors)
	if e.params != nil {
		lowered.Params = name + "Params"
		s := &ir.Struct{
			Name: lowered.Params, About: "holds the query parameters of " + nsid + ".",
			Doc: e.params.Description, Role: ir.Params,
		}
		s.Fields = f.lowerProperties(s, e.params.Properties)
		f.declare(s.Name, def)
		f.structs = append(f.structs, s)
	}
	if lowered.Input = f.lowerBody(def, e.input, ir.Input, name+"Input", "is the input of "+nsid+"."); lowered.Input != "" {
		lowered.InputEncoding = e.input.Encoding
	}
	if lowered.Output = f.lowerBody(def, e.output, ir.Output, name+"Output", "is the output of "+nsid+"."); lowered.Output != "" {
		lowered.OutputEncoding = e.output.Encoding
	}
	f.pkg.addEndpoint(f.lowerer, f.doc, lowered)
}

// lowerErrors adds the constants for the errors that an endpoint declares.
func (f *file) lowerErrors(def *lexicon.Def, prefix string, errors []*lexicon.ErrorDef) []*ir.ErrorName {
	if len(errors) == 0 {
		return nil
	}
	decl := &ir.Errors{Endpoint: string(f.doc.ID)}
	for _, e := range errors {
		name := prefix + "Err" + naming.ErrorName(e.Name)
		f.pkg.idents.declare(f.lowerer, name, f.owner("error "+e.Name+" of "+def.Key(), e.NameSpan))
		decl.Names = append(decl.Names, &ir.ErrorName{Name: name, Value: e.Name, Doc: e.Description})
	}
	f.ir.Decls = append(f.ir.Decls, decl)
	return decl.Names
}

// lowerBody adds the type of an input or output and returns its name, or "" if there is no body.
func (f *file) lowerBody(def *lexicon.Def, body *lexicon.Body, role ir.Role, name, about string) string {
	if body == nil {
		return ""
	}
	if body.Encoding == "" {
		return "" // reported by the lexicon package
	}
	if body.Encoding != mediaJSON {
		f.unsupported(body.SpanOf("encoding"), "a body of "+body.Encoding)
		return ""
	}
	if role == ir.Input {
		f.refuseDefaultsIn(body.Schema)
	}
	switch schema := body.Schema.(type) {
	case nil:
		f.unsupported(body.SpanOf("encoding"), "a body without a schema")
		return ""
	case *lexicon.Broken:
		return ""
	case *lexicon.Object:
		f.addStruct(def, schema, &ir.Struct{
			Name: name, About: about, Doc: description(body.Description, schema.Description), Role: role,
		})
	case *lexicon.Ref:
		target, ok := f.structName(schema.To)
		if !ok {
			return ""
		}
		f.declare(name, def)
		f.structs = append(f.structs, &ir.Alias{
			Name: name, About: about, Doc: description(body.Description, schema.Description), Type: target,
		})
	default:
		f.unsupported(typeSpan(schema), describe(schema)+" as a body")
		return ""
	}
	return name
}

// description joins the descriptions of a construct and of what is in it.
func description(parts ...string) string {
	parts = slices.DeleteFunc(parts, func(s string) bool { return s == "" })
	return strings.Join(parts, "\n\n")
}

// group is an NSID group while it grows.
type group struct {
	ir.Group
	methods scope             // the endpoints' methods must differ
	first   *lexicon.Document // of the group
}

// addEndpoint adds an endpoint to its group.
func (p *packageState) addEndpoint(l *lowerer, doc *lexicon.Document, e *ir.Endpoint) {
	nsid := doc.ID.Group()
	i := slices.IndexFunc(p.groups, func(g *group) bool { return g.NSID == nsid })
	if i < 0 {
		prefix := naming.Group(doc.ID)
		i = len(p.groups)
		p.groups = append(p.groups, &group{
			Group: ir.Group{
				NSID:          nsid,
				Handler:       prefix + "Handler",
				Unimplemented: "Unimplemented" + prefix + "Handler",
				EndpointList:  prefix + "Endpoints",
				Client:        prefix + "Client",
			},
			methods: newScope("method", p.reported),
			first:   doc,
		})
	}
	g := p.groups[i]
	g.methods.declare(l, e.Method, owner{what: e.NSID, doc: doc.ID, group: nsid, span: doc.IDSpan})
	g.Endpoints = append(g.Endpoints, e)
}

// finishGroups adds the files of a package's groups.
func (l *lowerer) finishGroups(p *packageState) {
	for _, g := range p.groups {
		if l.options.Server {
			l.addGroupFile(p, g, ir.Server, "handler", g.Handler, g.Unimplemented, g.EndpointList)
		}
		if l.options.Client {
			l.addGroupFile(p, g, ir.Client, "client", g.Client)
		}
	}
}

func (l *lowerer) addGroupFile(p *packageState, g *group, part ir.Part, file string, idents ...string) {
	group := owner{what: "the " + file + " of the group " + g.NSID, group: g.NSID, span: g.first.IDSpan, whole: true}
	for _, ident := range idents {
		p.idents.declare(l, ident, group)
	}
	decl := g.Group
	decl.Part = part
	if !l.options.Server {
		decl.Handler = ""
	}
	name := naming.GroupFile(g.first.ID, file)
	p.files.declare(l, name, group)
	p.ir.Files = append(p.ir.Files, &ir.File{Name: name, Source: g.NSID + ".*", Decls: []ir.Decl{&decl}})
}
