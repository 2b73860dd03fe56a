package driver

import (
	"strconv"
	"strings"

	"github.com/lexgen-go/lexgen/lexgen/internal/source"
	"github.com/lexgen-go/lexgen/runtime/validate"
)

// How the runtime writes what this file reads.
const (
	duplicateProblem = "occurs more than once" // of a key
	maxPathName      = 64                      // bytes of a key in a path; longer ones are cut
	cutMark          = "…"                     // stands at the end of a key that is cut
)

// places finds where in a file of data the violations are.
type places struct {
	file *source.File
	root *source.Node // nil if the data nests so deeply that it has no tree
	// duplicates counts the violations, by path, that are about a key that is there already.
	duplicates map[string]int
	// members are those of the objects that violations have led to, by the key as a path shows it.
	members map[*source.Node]map[string][]source.Member
}

// newPlaces returns the places of a file that holds well-formed JSON.
func newPlaces(file *source.File) *places {
	root, _ := source.Parse(file)
	return &places{file: file, root: root, duplicates: map[string]int{}, members: map[*source.Node]map[string][]source.Member{}}
}

// of returns the place of a violation: the value that its path leads to. For a member that is
// missing, that is the object that lacks it, and for one that is there twice, the second key.
func (p *places) of(violation *validate.Error) source.Span {
	if p.root == nil {
		return p.file.Span(0, 0)
	}
	node, path := p.root, violation.Path
	for path != "" {
		var s pathStep
		s, path = nextPathStep(path)
		if path == "" && violation.Problem == duplicateProblem {
			p.duplicates[violation.Path]++
			return p.key(s, node, p.duplicates[violation.Path])
		}
		inner := p.value(s, node)
		if inner == nil {
			break
		}
		node = inner
	}
	return node.Span
}

// pathStep is one part of a path: a key as a path shows it, or the index of an element.
type pathStep struct {
	name    string
	index   int
	isIndex bool
}

// nextPathStep splits the first step off a path that is not empty, such as "a.b[0]" or `["a b"].c`.
func nextPathStep(path string) (s pathStep, rest string) {
	path = strings.TrimPrefix(path, ".")
	if path[0] != '[' {
		end := strings.IndexAny(path, ".[")
		if end < 0 {
			end = len(path)
		}
		return pathStep{name: path[:end]}, path[end:]
	}
	if quoted, err := strconv.QuotedPrefix(path[1:]); err == nil {
		s.name, _ = strconv.Unquote(quoted)
		return s, path[len(quoted)+len("[]"):]
	}
	digits, rest, _ := strings.Cut(path[1:], "]")
	s.index, _ = strconv.Atoi(digits)
	s.isIndex = true
	return s, rest
}

// value returns the value that a step leads to, or nil.
func (p *places) value(s pathStep, node *source.Node) *source.Node {
	if node == nil {
		return nil
	}
	if s.isIndex {
		if s.index < len(node.Elems) {
			return node.Elems[s.index]
		}
		return nil
	}
	members := p.membersOf(s, node)
	if len(members) == 0 || members[0].Key != members[len(members)-1].Key {
		return nil // two keys that look the same because they are cut
	}
	return members[0].Value
}

// key returns the place of the n-th key that repeats an earlier one, or of the whole object.
func (p *places) key(s pathStep, node *source.Node, n int) source.Span {
	members := p.membersOf(s, node)
	if !strings.HasSuffix(s.name, cutMark) && n < len(members) { // all have the same key
		return members[n].KeySpan
	}
	seen := map[string]bool{}
	for _, member := range members {
		if seen[member.Key] {
			if n--; n == 0 {
				return member.KeySpan
			}
		}
		seen[member.Key] = true
	}
	return node.Span
}

// membersOf returns the members of an object that a step may mean.
func (p *places) membersOf(s pathStep, node *source.Node) []source.Member {
	index, ok := p.members[node]
	if !ok {
		index = map[string][]source.Member{}
		for _, member := range node.Members {
			key := shown(member.Key)
			index[key] = append(index[key], member)
		}
		p.members[node] = index
	}
	return index[s.name]
}

// shown returns a key as a path shows it.
func shown(key string) string {
	if len(key) <= maxPathName {
		return key
	}
	return strings.ToValidUTF8(key[:maxPathName], "") + cutMark
}
