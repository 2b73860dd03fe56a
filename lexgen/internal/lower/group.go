package lower

import (
	"strings"

	"github.com/lexgen-go/lexgen/lexgen/internal/ir"
	"github.com/lexgen-go/lexgen/lexgen/internal/lexicon"
	"github.com/lexgen-go/lexgen/lexgen/internal/naming"
)

// group is an NSID group while it grows.
type group struct {
	ir.Group
	prefix  string            // of the names of its declarations
	methods scope             // the endpoints' methods must differ
	first   *lexicon.Document // of the group
}

// addEndpoint adds an endpoint to its group.
func (f *file) addEndpoint(e *ir.Endpoint, o owner) {
	nsid := f.doc.ID.Group()
	g := f.pkg.byNSID[nsid]
	if g == nil {
		prefix := f.groupName(f.doc.ID)
		g = &group{
			Group: ir.Group{
				NSID:          nsid,
				Handler:       prefix + "Handler",
				Unimplemented: "Unimplemented" + prefix + "Handler",
				EndpointList:  prefix + "Endpoints",
				Client:        prefix + "Client",
			},
			prefix:  prefix,
			methods: newScope("method", f.pkg.reported),
			first:   f.doc,
		}
		f.pkg.byNSID[nsid] = g
		f.pkg.groups = append(f.pkg.groups, g)
	}
	g.methods.declare(f.lowerer, e.Method, o)
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
	group := owner{
		what: "the " + file + " of the group " + g.NSID, group: g.NSID, span: g.first.IDSpan, whole: true,
		cure: cure{path: groupPath(g.first.ID), ident: g.prefix, better: betterGroups(g)},
	}
	for _, ident := range idents {
		p.idents.declare(l, ident, group)
	}
	decl := g.Group
	decl.Part = part
	if !l.options.Server {
		decl.Handler = ""
	}
	name := l.groupFile(g.first.ID, file)
	p.files.declare(l, name, group)
	p.ir.Files = append(p.ir.Files, &ir.File{Name: name, Source: g.NSID + ".*", Decls: []ir.Decl{&decl}})
}

// betterGroups returns what the names of a group could begin with to be told from another.
func betterGroups(g *group) []string {
	if g.prefix != "" {
		return []string{g.prefix + "Group"}
	}
	return []string{naming.Property(g.NSID[strings.LastIndexByte(g.NSID, '.')+1:]), "Group"}
}
