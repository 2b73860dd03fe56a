package source

import (
	"bytes"
	"fmt"
	"unicode/utf8"
)

// MaxDepth is how deep arrays and objects may be nested. Lexicons in use stay
// far below it, and checking one takes time that grows faster than its depth.
const MaxDepth = 128

// ProblemKind says what a [Problem] is about.
type ProblemKind uint8

// The kinds of problems.
const (
	// Syntax is text that is not JSON.
	Syntax ProblemKind = iota + 1
	// Encoding is text that is not valid Unicode: bytes that are not UTF-8, or
	// half of a surrogate pair in an escape.
	Encoding
	// Depth is nesting beyond [MaxDepth].
	Depth
	// DuplicateKey is a second member with the same key in one object.
	DuplicateKey
)

// Problem is a mistake in the text of a JSON file.
type Problem struct {
	Kind    ProblemKind
	Span    Span
	Message string
	// Help says how to cure the problem. It is never empty.
	Help string
}

// Parse reads a file that holds one JSON value. It is as strict as
// https://www.rfc-editor.org/rfc/rfc8259 and, beyond it, refuses a byte order
// mark, invalid UTF-8, lone surrogates and nesting beyond [MaxDepth].
//
// Any of these stops the parser: the node is nil and the last problem says
// why. Duplicate keys do not; the node then holds all of them.
func Parse(f *File) (*Node, []Problem) {
	return parse(&parser{file: f, data: f.Data})
}

// ParseRelaxed is like [Parse] and also allows // and /* */ comments and a
// comma after the last element or member.
func ParseRelaxed(f *File) (*Node, []Problem) {
	return parse(&parser{file: f, data: f.Data, relaxed: true})
}

func parse(p *parser) (*Node, []Problem) {
	if !p.checkEncoding() || !p.skipSpace() {
		return nil, p.problems
	}
	root := p.value()
	if root == nil || !p.skipSpace() {
		return nil, p.problems
	}
	if p.pos < len(p.data) {
		p.fail(Syntax, "a file holds one value; remove what follows it", "unexpected %s after the end of the document", p.found())
		return nil, p.problems
	}
	return root, p.problems
}

// parser reads one value after the other. A method that returns nil or false
// has reported a problem that ends the parse.
type parser struct {
	file     *File
	data     []byte
	pos      int
	depth    int
	relaxed  bool
	problems []Problem
}

func (p *parser) value() *Node {
	switch c := p.peek(); {
	case c == '{':
		return p.nested(p.object)
	case c == '[':
		return p.nested(p.array)
	case c == '"':
		start := p.pos
		text, ok := p.text()
		if !ok {
			return nil
		}
		return p.node(String, start, text)
	case c == '-' || isDigit(c):
		return p.number()
	default:
		return p.literal()
	}
}

func (p *parser) nested(parse func() *Node) *Node {
	if p.depth == MaxDepth {
		p.fail(Depth, "move inner objects out; a lexicon can refer to them as defs", "nested more than %d levels deep", MaxDepth)
		return nil
	}
	p.depth++
	defer func() { p.depth-- }()
	return parse()
}

func (p *parser) object() *Node {
	start := p.pos
	p.pos++
	var members []Member
	seen := map[string]Span{}
	for {
		more, ok := p.next('}', len(members) > 0)
		if !ok {
			return nil
		}
		if !more {
			n := p.node(Object, start, "")
			n.Members = members
			return n
		}
		m, ok := p.member()
		if !ok {
			return nil
		}
		if first, dup := seen[m.Key]; dup {
			at := first.Position()
			p.report(DuplicateKey, m.KeySpan.Start, m.KeySpan.End, fmt.Sprintf("duplicate key %q", m.Key),
				fmt.Sprintf("it is given first in line %d, column %d", at.Line, at.Column))
		} else {
			seen[m.Key] = m.KeySpan
		}
		members = append(members, m)
	}
}

func (p *parser) member() (Member, bool) {
	if p.peek() != '"' {
		p.fail(Syntax, p.keyHelp(), "expected a key in double quotes, found %s", p.found())
		return Member{}, false
	}
	start := p.pos
	key, ok := p.text()
	if !ok {
		return Member{}, false
	}
	m := Member{Key: key, KeySpan: p.file.Span(start, p.pos)}
	if !p.skipSpace() {
		return Member{}, false
	}
	if p.peek() != ':' {
		p.fail(Syntax, "write a colon between the key and its value", "expected ':' after the key %q, found %s", key, p.found())
		return Member{}, false
	}
	p.pos++
	if !p.skipSpace() {
		return Member{}, false
	}
	m.Value = p.value()
	return m, m.Value != nil
}

func (p *parser) array() *Node {
	start := p.pos
	p.pos++
	var elems []*Node
	for {
		more, ok := p.next(']', len(elems) > 0)
		if !ok {
			return nil
		}
		if !more {
			n := p.node(Array, start, "")
			n.Elems = elems
			return n
		}
		elem := p.value()
		if elem == nil {
			return nil
		}
		elems = append(elems, elem)
	}
}

// next moves to the next element or member, or behind the closing bracket.
func (p *parser) next(closing byte, afterElement bool) (more, ok bool) {
	if !p.skipSpace() {
		return false, false
	}
	if p.peek() == closing {
		p.pos++
		return false, true
	}
	if !afterElement {
		return true, true
	}
	if p.peek() != ',' {
		p.fail(Syntax, p.separatorHelp(closing), "expected ',' or '%c', found %s", closing, p.found())
		return false, false
	}
	comma := p.pos
	p.pos++
	if !p.skipSpace() {
		return false, false
	}
	if p.peek() != closing {
		return true, true
	}
	if !p.relaxed {
		p.report(Syntax, comma, comma+1, fmt.Sprintf("unexpected ',' before '%c'", closing), "remove the comma")
		return false, false
	}
	p.pos++
	return false, true
}

func (p *parser) number() *Node {
	start := p.pos
	if p.peek() == '-' {
		p.pos++
	}
	leadingZero := p.peek() == '0'
	first := p.pos
	if !p.digits() {
		return nil
	}
	if leadingZero && p.pos > first+1 {
		p.report(Syntax, start, p.pos, "a number must not start with 0", "remove the leading zeros")
		return nil
	}
	if p.peek() == '.' {
		p.pos++
		if !p.digits() {
			return nil
		}
	}
	if c := p.peek(); c == 'e' || c == 'E' {
		p.pos++
		if c := p.peek(); c == '+' || c == '-' {
			p.pos++
		}
		if !p.digits() {
			return nil
		}
	}
	return p.node(Number, start, string(p.data[start:p.pos]))
}

func (p *parser) digits() bool {
	start := p.pos
	for isDigit(p.peek()) {
		p.pos++
	}
	if p.pos == start {
		p.fail(Syntax, "write a number such as 10, -1 or 0.5", "expected a digit, found %s", p.found())
		return false
	}
	return true
}

func (p *parser) literal() *Node {
	start := p.pos
	for isLetter(p.peek()) {
		p.pos++
	}
	word := string(p.data[start:p.pos])
	switch word {
	case "null":
		return p.node(Null, start, word)
	case "true", "false":
		return p.node(Bool, start, word)
	case "":
		p.fail(Syntax, p.valueHelp(), "expected a value, found %s", p.found())
	default:
		p.report(Syntax, start, p.pos, fmt.Sprintf("unexpected %s", word), "a string needs double quotes")
	}
	return nil
}

func (p *parser) node(kind Kind, start int, text string) *Node {
	return &Node{Kind: kind, Span: p.file.Span(start, p.pos), Text: text}
}

// peek returns the current byte, or 0 at the end. A NUL byte is nowhere
// allowed in JSON, so the two need not be told apart.
func (p *parser) peek() byte {
	if p.pos < len(p.data) {
		return p.data[p.pos]
	}
	return 0
}

// skipSpace moves behind white space and, if allowed, comments.
func (p *parser) skipSpace() bool {
	for {
		switch p.peek() {
		case ' ', '\t', '\n', '\r':
			p.pos++
		case '/':
			if !p.comment() {
				return false
			}
		default:
			return true
		}
	}
}

func (p *parser) comment() bool {
	start, opening := p.pos, string(p.data[p.pos:min(len(p.data), p.pos+2)])
	isComment := opening == "//" || opening == "/*"
	if !p.relaxed || !isComment {
		p.fail(Syntax, p.slashHelp(isComment), "unexpected '/'")
		return false
	}
	closing := "\n"
	if opening == "/*" {
		closing = "*/"
	}
	length := bytes.Index(p.data[start+2:], []byte(closing))
	switch {
	case length >= 0:
		p.pos = start + 2 + length + len(closing)
	case opening == "//":
		p.pos = len(p.data)
	default:
		p.report(Syntax, start, start+2, "the comment is never closed", "add */ where it ends")
		return false
	}
	return true
}

// found describes what stands at the current position.
func (p *parser) found() string {
	if p.pos >= len(p.data) {
		return "the end of the file"
	}
	r, _ := utf8.DecodeRune(p.data[p.pos:])
	if r == '"' {
		return "a string"
	}
	return fmt.Sprintf("%q", r)
}

// fail reports a problem with the character at the current position.
func (p *parser) fail(kind ProblemKind, help, format string, args ...any) {
	_, size := utf8.DecodeRune(p.data[p.pos:])
	p.report(kind, p.pos, p.pos+size, fmt.Sprintf(format, args...), help)
}

func (p *parser) report(kind ProblemKind, start, end int, message, help string) {
	p.problems = append(p.problems, Problem{Kind: kind, Span: p.file.Span(start, end), Message: message, Help: help})
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }
