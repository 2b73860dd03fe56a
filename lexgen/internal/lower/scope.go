package lower

import (
	"fmt"

	"github.com/lexgen-go/lexgen/lexgen/internal/diag"
	"github.com/lexgen-go/lexgen/lexgen/internal/source"
)

// scope is a set of names that must differ.
type scope struct {
	kind  string // what the names are
	names map[string]owner
}

// owner is what has a name.
type owner struct {
	what string
	span source.Span
}

// declare takes a name, or reports who has it already.
func (s *scope) declare(l *lowerer, name, what string, span source.Span) {
	if s.names == nil {
		s.names = map[string]owner{}
	}
	first, taken := s.names[name]
	if !taken {
		s.names[name] = owner{what, span}
		return
	}
	where := ""
	if !first.span.IsZero() {
		p := first.span.Position()
		where = fmt.Sprintf(" (%s:%d:%d)", first.span.File.Name, p.Line, p.Column)
	}
	l.diags.Errorf(span, diag.NameCollision, "%s and %s both get the %s %s", what, first.what, s.kind, name).
		Hint("rename one of the two, or leave one out; the other is %s%s", first.what, where)
}
