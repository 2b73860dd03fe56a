package lower

import (
	"fmt"

	"github.com/lexgen-go/lexgen/lexgen/internal/diag"
	"github.com/lexgen-go/lexgen/lexgen/internal/source"
	"github.com/lexgen-go/lexgen/runtime/syntax"
)

// scope is a set of names that must differ.
type scope struct {
	kind     string // what the names are
	names    map[string]owner
	reported collisions
}

// owner is what has a name.
type owner struct {
	what string
	// doc and group are the document and the group that it belongs to, if there are such.
	doc   syntax.NSID
	group string
	// span is where the lexicon gives rise to it; for what belongs to a whole group, that is some
	// document of the group, and for what belongs to the package it is nowhere.
	span  source.Span
	whole bool // whether it belongs to a group or a package
}

// collisions are the pairs that were reported. Scopes share them if two things that collide in one
// of them are sure to collide in others.
type collisions map[[2]string]bool

// isNew takes down that two owners collide and reports whether that is news. It is none if the
// documents that they belong to were reported, or if they are of two groups as a whole and the
// groups, or documents of these, were reported: one name in the lexicons is the cause of all.
func (c collisions) isNew(a, b owner) bool {
	pairs := [][2]string{{a.what, b.what}}
	groups := [2]string{"group " + a.group, "group " + b.group}
	switch {
	case a.whole && b.whole:
		pairs = append(pairs, groups)
	case a.doc != b.doc:
		pairs = append(pairs, [2]string{string(a.doc), string(b.doc)})
	}
	for _, pair := range pairs {
		if c[pair] || c[[2]string{pair[1], pair[0]}] {
			return false
		}
	}
	c[pairs[0]] = true
	if a.whole == b.whole && a.group != b.group {
		c[groups] = true
	}
	return true
}

func newScope(kind string, reported collisions) scope {
	return scope{kind: kind, names: map[string]owner{}, reported: reported}
}

// declare takes a name, or reports who has it already.
func (s *scope) declare(l *lowerer, name string, o owner) {
	first, taken := s.names[name]
	if !taken {
		s.names[name] = o
		return
	}
	if o.whole && !first.whole { // the mistake is where a person can change something
		first, o = o, first
	}
	if !s.reported.isNew(first, o) {
		return
	}
	where := ""
	if !first.whole {
		p := first.span.Position()
		where = fmt.Sprintf(" (%s:%d:%d)", first.span.File.Name, p.Line, p.Column)
	}
	l.diags.Errorf(o.span, diag.NameCollision, "%s and %s both get the %s %s", o.what, first.what, s.kind, name).
		Hint("rename one of the two, or leave one out; the other is %s%s", first.what, where)
}
