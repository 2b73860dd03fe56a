package validate

import (
	"iter"
	"strconv"
	"strings"
)

// How many bytes of a property's name, and about how many in all, a path shows.
const (
	maxPathName = 64
	maxPath     = 1 << 10
)

// step is one part of a path: a property, and an item of the array in it if index is not noItem. Without
// a name it is the value itself, or an item of it.
type step struct {
	name  string
	index int
}

const noItem = -1

// at returns the path of the property called name at the present place. It has the form of the
// paths of a lexjson.Reader: names that are no plain words are quoted in brackets, and long ones
// are cut.
func (c *Checker) at(name string) string {
	var path []byte
	for _, s := range c.path {
		if len(path) > maxPath {
			path = append(path, "…"...)
			break
		}
		path = appendStep(path, s)
	}
	return string(appendStep(path, step{name: name, index: noItem}))
}

func appendStep(path []byte, s step) []byte {
	path = appendName(path, s.name)
	if s.index == noItem {
		return path
	}
	path = append(path, '[')
	path = strconv.AppendInt(path, int64(s.index), 10)
	return append(path, ']')
}

func appendName(path []byte, name string) []byte {
	switch {
	case name == "":
		return path
	case !isPlain(name):
		path = append(path, '[')
		path = strconv.AppendQuote(path, cut(name))
		return append(path, ']')
	case len(path) > 0:
		path = append(path, '.')
	}
	return append(path, name...)
}

// isPlain reports whether a name can stand in a path as it is.
func isPlain(name string) bool {
	for i := range len(name) {
		c := name[i]
		letter := 'a' <= c|0x20 && c|0x20 <= 'z'
		digit := '0' <= c && c <= '9'
		if !letter && !digit && c != '_' && c != '-' && c != '$' {
			return false
		}
	}
	return len(name) <= maxPathName
}

func cut(name string) string {
	if len(name) <= maxPathName {
		return name
	}
	return strings.ToValidUTF8(name[:maxPathName], "") + "…"
}

// around yields the paths of what a place lies inside of, the whole value first.
func around(path string) iter.Seq[string] {
	return func(yield func(string) bool) {
		if path == "" || !yield("") {
			return
		}
		for i := 1; i < len(path); i++ {
			if (path[i] == '.' || path[i] == '[') && !yield(path[:i]) {
				return
			}
		}
	}
}
