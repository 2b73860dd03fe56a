package lower

import (
	"fmt"

	"github.com/lexgen-go/lexgen/lexgen/internal/diag"
	"github.com/lexgen-go/lexgen/lexgen/internal/source"
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
	// span is where the lexicon gives rise to it; for what belongs to a whole group, that is some
	// document of the group, and for what belongs to the package it is nowhere.
	span  source.Span
	whole bool // whether it belongs to a group or a package
}

// collisions are the pairs that were reported. Scopes share them if two things that collide in one
// of them are sure to collide in others.
type collisions map[[2]string]bool

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
	pair := [2]string{first.what, o.what}
	if s.reported[pair] {
		return
	}
	s.reported[pair] = true
	where := ""
	if !first.whole {
		p := first.span.Position()
		where = fmt.Sprintf(" (%s:%d:%d)", first.span.File.Name, p.Line, p.Column)
	}
	l.diags.Errorf(o.span, diag.NameCollision, "%s and %s both get the %s %s", o.what, first.what, s.kind, name).
		Hint("rename one of the two, or leave one out; the other is %s%s", first.what, where)
}
