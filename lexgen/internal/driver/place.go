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
}

// newPlaces returns the places of a file that holds well-formed JSON.
func newPlaces(file *source.File) *places {
	root, _ := source.Parse(file)
	return &places{file: file, root: root, duplicates: map[string]int{}}
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
			return s.key(node, p.duplicates[violation.Path])
		}
		inner := s.value(node)
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

// value returns the value that the step leads to, or nil.
func (s pathStep) value(node *source.Node) *source.Node {
	if node == nil {
		return nil
	}
	if s.isIndex {
		if s.index < len(node.Elems) {
			return node.Elems[s.index]
		}
		return nil
	}
	members := s.members(node)
	if len(members) == 0 || members[0].Key != members[len(members)-1].Key {
		return nil // two keys that look the same because they are cut
	}
	return members[0].Value
}

// key returns the place of the n-th key that repeats an earlier one, or of the whole object.
func (s pathStep) key(node *source.Node, n int) source.Span {
	seen := map[string]bool{}
	for _, member := range s.members(node) {
		if seen[member.Key] {
			if n--; n == 0 {
				return member.KeySpan
			}
		}
		seen[member.Key] = true
	}
	return node.Span
}

// members returns the members of an object that the step may mean.
func (s pathStep) members(node *source.Node) []source.Member {
	var list []source.Member
	for _, member := range node.Members {
		if shown(member.Key) == s.name {
			list = append(list, member)
		}
	}
	return list
}

// shown returns a key as a path shows it.
func shown(key string) string {
	if len(key) <= maxPathName {
		return key
	}
	return strings.ToValidUTF8(key[:maxPathName], "") + cutMark
}
