package metaschema_test

import (
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/lexgen-go/lexgen/lexgen/internal/metaschema"
	"github.com/lexgen-go/lexgen/lexgen/internal/source"
)

// everything is a document in which each keyword of the Lexicon language occurs.
const everything = `{"lexicon": 1, "id": "com.example.a", "description": "d", "defs": {
	"record": {"type": "record", "key": "tid", "record": {"type": "object", "required": ["s"], "nullable": ["s"], "properties": {
		"s": {"type": "string", "format": "did", "minLength": 1, "maxLength": 9, "minGraphemes": 1, "maxGraphemes": 9},
		"e": {"type": "string", "enum": ["a", "b"], "default": "a"},
		"k": {"type": "string", "knownValues": ["a"], "const": "a"},
		"i": {"type": "integer", "minimum": -1, "maximum": 9, "enum": [1, 2], "default": 1, "const": 1},
		"b": {"type": "boolean", "default": true, "const": true},
		"y": {"type": "bytes", "minLength": 0, "maxLength": 9},
		"l": {"type": "array", "minLength": 0, "maxLength": 9, "items": {"type": "array", "items": {"type": "cid-link"}}},
		"m": {"type": "blob", "accept": ["*/*"], "maxSize": 1},
		"r": {"type": "ref", "ref": "#token", "description": "d"},
		"u": {"type": "union", "refs": ["#token"], "closed": true},
		"o": {"type": "object", "properties": {"x": {"type": "unknown"}}}
	}}},
	"query": {"type": "query", "parameters": {"type": "params", "required": ["a"], "properties": {
		"a": {"type": "array", "minLength": 1, "maxLength": 2, "items": {"type": "string", "maxLength": 3}},
		"b": {"type": "boolean"}, "i": {"type": "integer", "minimum": 1}
	}}, "output": {"encoding": "application/json", "schema": {"type": "ref", "ref": "#token"}}, "errors": [{"name": "A", "description": "d"}]},
	"procedure": {"type": "procedure", "input": {"encoding": "*/*", "description": "d"}, "output": {"encoding": "a/b", "schema": {"type": "object"}}},
	"subscription": {"type": "subscription", "parameters": {"type": "params", "properties": {}},
		"message": {"description": "d", "schema": {"type": "union", "refs": []}}, "errors": []},
	"set": {"type": "permission-set", "title": "t", "title:lang": {"de": "t"}, "detail": "d", "detail:lang": {"de": "d"}, "permissions": [
		{"type": "permission", "resource": "repo", "collection": ["a"], "action": ["create"]},
		{"type": "permission", "resource": "rpc", "lxm": ["a"], "aud": "*", "inheritAud": true},
		{"type": "permission", "resource": "other", "x": 1, "y": ["z", 1, true]}
	]},
	"token": {"type": "token"}
}}`

// TestPlainlyValid demands that what Check accepts without asking the library is accepted by the library:
// good documents, and ones that come of them by changes at random places.
func TestPlainlyValid(t *testing.T) {
	t.Parallel()
	checker, good, random := metaschema.New(), documents(t), rand.New(rand.NewPCG(1, 2))
	var accepted, refused int
	for range 600 {
		text := good[random.IntN(len(good))]
		for range 1 + random.IntN(3) {
			text = change(random, text)
		}
		tree, _ := source.Parse(source.NewFile("test.json", []byte(text)))
		plainly, valid := checker.PlainlyValid(tree), checker.LibraryAccepts(tree)
		switch {
		case plainly && !valid:
			t.Fatalf("plainly valid, but not to the library: %s", text)
		case plainly:
			accepted++
		case !valid:
			refused++
		}
	}
	if accepted < 50 || refused < 50 {
		t.Errorf("%d documents were plainly valid and %d were not valid, want many of both", accepted, refused)
	}
}

// TestGoodDocumentsArePlainlyValid demands that the library is not asked about documents without mistakes.
func TestGoodDocumentsArePlainlyValid(t *testing.T) {
	t.Parallel()
	checker := metaschema.New()
	for _, text := range documents(t) {
		tree, problems := source.Parse(source.NewFile("test.json", []byte(text)))
		if len(problems) > 0 || !checker.PlainlyValid(tree) || !checker.LibraryAccepts(tree) {
			t.Errorf("not plainly valid: %s", text)
		}
	}
}

// TestTypeThatOccursTwice demands that the first of two types counts, as it does to the library.
func TestTypeThatOccursTwice(t *testing.T) {
	t.Parallel()
	checker := metaschema.New()
	for text, want := range map[string]bool{
		`{"type": "token", "type": "array"}`: true,
		`{"type": "array", "type": "token"}`: false, // it has no items
	} {
		tree, _ := source.Parse(source.NewFile("test.json", []byte(document(`{"a": `+text+`}`))))
		if got := checker.PlainlyValid(tree); got != want || got != checker.LibraryAccepts(tree) {
			t.Errorf("%s: got %v, want %v", text, got, want)
		}
	}
}

// documents returns documents without mistakes: everything, and those of the repository.
func documents(t *testing.T) []string {
	t.Helper()
	list := []string{everything}
	err := filepath.WalkDir("../../../lexicons", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || filepath.Ext(path) != ".json" {
			return err
		}
		text, err := os.ReadFile(path)
		list = append(list, string(text), everything) // half of the changes are to everything
		return err
	})
	if err != nil || len(list) < 10 {
		t.Fatalf("%d documents, error %v", len(list), err)
	}
	return list
}

// change replaces a value or a key at a random place, by one of the document or one of its own. A key
// may occur twice then, for which there is a tree as well.
func change(random *rand.Rand, text string) string {
	tree, _ := source.Parse(source.NewFile("test.json", []byte(text)))
	values, keys := spans(tree)
	list, others := values, []string{
		"null", "true", "0", "-0.0", "1", "-1", "1.5", "1e2", "1e99", "-9223372036854775809", `""`, `"x"`, "{}", "[]", `[""]`,
		`{"": 1, "\ue000": null}`, `"object"`, `"array"`, `"string"`, `"integer"`, `"ref"`, `"params"`, `"record"`, `"repo"`,
	}
	if random.IntN(2) == 0 {
		list, others = keys, []string{`""`, `"x"`, `"\ue000"`, `"type"`, `"items"`, `"properties"`, `"required"`, `"resource"`, `"lxm"`}
	}
	if len(list) == 0 {
		return text
	}
	place, other := list[random.IntN(len(list))], list[random.IntN(len(list))].Text()
	if random.IntN(2) == 0 {
		other = others[random.IntN(len(others))]
	}
	return text[:place.Start] + other + text[place.End:]
}

// spans returns where the values and the keys of a tree are.
func spans(n *source.Node) (values, keys []source.Span) {
	values = append(values, n.Span)
	inside := slices.Clone(n.Elems)
	for _, m := range n.Members {
		keys = append(keys, m.KeySpan)
		inside = append(inside, m.Value)
	}
	for _, child := range inside {
		more, moreKeys := spans(child)
		values, keys = append(values, more...), append(keys, moreKeys...)
	}
	return values, keys
}
