package lower

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/lexgen-go/lexgen/lexgen/internal/diag"
	"github.com/lexgen-go/lexgen/lexgen/internal/source"
	"github.com/lexgen-go/lexgen/runtime/syntax"
)

// scope is a set of names that must differ.
type scope struct {
	kind     string // what the names are
	names    map[string]owner
	reported reportedPairs
	// renamed returns what a name becomes if the identifier that it derives from is another.
	renamed func(name, old, ident string) string
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
	cure  cure
}

// isDocument reports whether the name is that of a document, from which those of its defs derive.
func (o owner) isDocument() bool { return o.cure.path == string(o.doc) }

// cure is the entry of lexgen.json that gives something another name.
type cure struct {
	path string
	// ident is the identifier as it is.
	ident string
	// better are others to choose from.
	better []string
}

// reportedPairs are the pairs that were reported. Scopes share them if two things that collide in
// one of them are sure to collide in others.
type reportedPairs map[[2]string]bool

// isNew takes down that two owners collide and reports whether that is news. It is none if the
// documents that they belong to were reported, or if they are of two groups as a whole and the
// groups, or documents of these, were reported: one name in the lexicons is the cause of all.
func (r reportedPairs) isNew(a, b owner) bool {
	pairs := [][2]string{{a.what, b.what}}
	groups := [2]string{"group " + a.group, "group " + b.group}
	switch {
	case a.whole && b.whole:
		pairs = append(pairs, groups)
	case a.doc != b.doc:
		pairs = append(pairs, [2]string{string(a.doc), string(b.doc)})
	}
	for _, pair := range pairs {
		if r[pair] || r[[2]string{pair[1], pair[0]}] {
			return false
		}
	}
	r[pairs[0]] = true
	if a.whole == b.whole && a.group != b.group {
		r[groups] = true
	}
	return true
}

func newScope(kind string, reported reportedPairs) scope {
	return scope{kind: kind, names: map[string]owner{}, reported: reported, renamed: replaceLast}
}

// replaceLast puts an identifier in the place of another one in a name.
func replaceLast(name, old, ident string) string {
	i := strings.LastIndex(name, old)
	if i < 0 {
		return ident
	}
	return name[:i] + ident + name[i+len(old):]
}

// declare takes a name, or takes down who has it already.
func (s *scope) declare(l *lowerer, name string, o owner) {
	first, taken := s.names[name]
	if !taken {
		s.names[name] = o
		return
	}
	if o.whole && !first.whole || o.isDocument() && first.doc == o.doc {
		first, o = o, first // the mistake is where a person can change it, and nothing else with it
	}
	if s.reported.isNew(first, o) {
		l.collisions = append(l.collisions, collision{scope: s, name: name, first: first, second: o})
	}
}

// collision is two owners of one name.
type collision struct {
	scope         *scope
	name          string
	first, second owner
}

// reportCollisions reports what declare found.
func (l *lowerer) reportCollisions() {
	for _, c := range l.collisions {
		other := c.first.what
		if !c.first.whole {
			p := c.first.span.Position()
			other += fmt.Sprintf(" (%s:%d:%d)", c.first.span.File.Name, p.Line, p.Column)
		}
		l.diags.Errorf(c.second.span, diag.NameCollision, "%s and %s both get the %s %s", c.second.what, c.first.what, c.scope.kind, c.name).
			Hint(`add "names": {%s: %s} to lexgen.json; the other is %s`, quoted(c.second.cure.path), quoted(c.suggestion()), other)
	}
}

// quoted returns a string as it stands in JSON.
func quoted(s string) string {
	var b bytes.Buffer
	writeString(&b, s)
	return b.String()
}

// suggestion returns an identifier for the second owner that is free, and takes it.
func (c collision) suggestion() string {
	better := c.second.cure.better
	for _, ident := range better {
		if c.take(ident) {
			return ident
		}
	}
	for i := 2; ; i++ {
		if ident := fmt.Sprint(better[len(better)-1], i); c.take(ident) {
			return ident
		}
	}
}

// take takes an identifier for the second owner and reports whether it was free.
func (c collision) take(ident string) bool {
	name := c.scope.renamed(c.name, c.second.cure.ident, ident)
	if _, taken := c.scope.names[name]; taken {
		return false
	}
	c.scope.names[name] = c.second
	return true
}
