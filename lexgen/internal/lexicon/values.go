package lexicon

import "github.com/lexgen-go/lexgen/lexgen/internal/source"

// The functions of this file read the value of a key. A value of the wrong
// shape counts as absent.

func text(n *source.Node, key string) string {
	if v := n.Get(key); v.Is(source.String) {
		return v.Text
	}
	return ""
}

func optionalText(n *source.Node, key string) *string {
	v := n.Get(key)
	if !v.Is(source.String) {
		return nil
	}
	return &v.Text
}

func optionalBool(n *source.Node, key string) *bool {
	v := n.Get(key)
	if !v.Is(source.Bool) {
		return nil
	}
	b := v.Bool()
	return &b
}

func optionalInt(n *source.Node, key string) *int64 {
	i, err := n.Get(key).Int()
	if err != nil {
		return nil
	}
	return &i
}

// length reads an integer that must not be below least.
func length(n *source.Node, key string, least int64) *int64 {
	if i := optionalInt(n, key); i != nil && *i >= least {
		return i
	}
	return nil
}

// elements returns the elements of an array that have the given kind.
func elements(n *source.Node, key string, kind source.Kind) []*source.Node {
	v := n.Get(key)
	if !v.Is(source.Array) {
		return nil
	}
	list := make([]*source.Node, 0, len(v.Elems))
	for _, elem := range v.Elems {
		if elem.Kind == kind {
			list = append(list, elem)
		}
	}
	return list
}

// members returns the members of an object, each key once: the parser reports
// duplicates.
func members(n *source.Node, key string) []source.Member {
	v := n.Get(key)
	if !v.Is(source.Object) {
		return nil
	}
	seen := make(map[string]bool, len(v.Members))
	list := make([]source.Member, 0, len(v.Members))
	for _, m := range v.Members {
		if !seen[m.Key] {
			seen[m.Key] = true
			list = append(list, m)
		}
	}
	return list
}
