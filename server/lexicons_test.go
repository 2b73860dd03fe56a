package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/lexgen-go/lexgen/lexicons"
)

// The lexicons have grown since 2023 without breaking the clients of that time: what their lexicons
// have is still there, and nothing is asked of them that was not asked then.
func TestLexiconsOf2023(t *testing.T) {
	t.Parallel()
	got, documents, err := compareLexicons(os.DirFS("testdata/lexicons-2023"), lexicons.FS)
	if err != nil || documents != 23 {
		t.Fatalf("compared %d documents, want 23 (%v)", documents, err)
	}
	want := []string{ // the server sends no link that is not a URI
		`com.atproto.server.describeServer#links/properties/privacyPolicy/format: is new: "uri"`,
		`com.atproto.server.describeServer#links/properties/termsOfService/format: is new: "uri"`,
	}
	if diff := cmp.Diff(got, want); diff != "" {
		t.Errorf("-got +want:\n%s", diff)
	}
}

// compareLexicons returns what of the documents in was a client can miss in those in is, each as a
// path and what has become of it, and the number of documents in was.
func compareLexicons(was, is fs.FS) (differences []string, documents int, err error) {
	var c comparison
	err = fs.WalkDir(was, ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		documents++
		old, err := readLexicon(was, path)
		if err != nil {
			return err
		}
		today, err := readLexicon(is, path)
		if errors.Is(err, fs.ErrNotExist) {
			c.report(path, "is gone")
			return nil
		}
		if err != nil {
			return err
		}
		c.members(fmt.Sprint(old["id"], "#"), old["defs"], today["defs"])
		for _, m := range []map[string]any{old, today} {
			delete(m, "defs")
		}
		c.object(path, old, today)
		return nil
	})
	return c.differences, documents, err
}

func readLexicon(files fs.FS, path string) (map[string]any, error) {
	text, err := fs.ReadFile(files, path)
	if err != nil {
		return nil, err
	}
	var document map[string]any
	if err := json.Unmarshal(text, &document); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return document, nil
}

// A comparison collects differences. A path is an NSID, a def and the keys that lead on from there.
type comparison struct{ differences []string }

func (c *comparison) report(path, format string, args ...any) {
	c.differences = append(c.differences, path+": "+fmt.Sprintf(format, args...))
}

// value compares two JSON values.
func (c *comparison) value(path string, was, is any) {
	wasObject, isObject := asObject(was), asObject(is)
	switch {
	case wasObject != nil && isObject != nil:
		c.object(path, wasObject, isObject)
	case !reflect.DeepEqual(was, is):
		c.report(path, "was %s, is %s", text(was), text(is))
	}
}

// object compares two objects whose keys are those of the Lexicon language: schemas, bodies, defs.
func (c *comparison) object(path string, was, is map[string]any) {
	keys := maps.Clone(was)
	maps.Copy(keys, is)
	for _, key := range slices.Sorted(maps.Keys(keys)) {
		old, before := was[key]
		today, still := is[key]
		below := path + "/" + key
		switch {
		case key == "description":
		case key == "required":
			c.required(below, names(old), names(today))
		case key == "errors":
			c.kept(below, errorNames(old), errorNames(today))
		case !before:
			c.report(below, "is new: %s", text(today))
		case !still:
			c.report(below, "is gone")
		case key == "properties":
			c.members(below+"/", old, today)
		default:
			c.value(below, old, today)
		}
	}
}

// members compares two objects whose keys are names: others may be added.
func (c *comparison) members(prefix string, was, is any) {
	old, today := asObject(was), asObject(is)
	for _, name := range slices.Sorted(maps.Keys(old)) {
		if _, still := today[name]; !still {
			c.report(prefix+name, "is gone")
			continue
		}
		c.value(prefix+name, old[name], today[name])
	}
}

// required compares what must be present. What a client sends may be relaxed, what it receives may be
// assured; a def other than main may be part of either.
func (c *comparison) required(path string, was, is []string) {
	if !strings.Contains(path, "#main/input/") && !strings.Contains(path, "#main/parameters/") {
		c.kept(path, was, is)
	}
	if !strings.Contains(path, "#main/output/") {
		for _, name := range is {
			if !slices.Contains(was, name) {
				c.report(path, "has become necessary: %s", name)
			}
		}
	}
}

// kept reports the names that are in was and not in is.
func (c *comparison) kept(path string, was, is []string) {
	for _, name := range was {
		if !slices.Contains(is, name) {
			c.report(path, "no longer has %s", name)
		}
	}
}

// asObject returns a JSON value that is an object, and nil for any other.
func asObject(value any) map[string]any {
	object, _ := value.(map[string]any)
	return object
}

// names returns an array of strings.
func names(value any) []string {
	array, _ := value.([]any)
	var list []string
	for _, item := range array {
		list = append(list, fmt.Sprint(item))
	}
	return list
}

// errorNames returns the names of the errors that an endpoint declares.
func errorNames(value any) []string {
	array, _ := value.([]any)
	var list []string
	for _, item := range array {
		list = append(list, fmt.Sprint(asObject(item)["name"]))
	}
	return list
}

// text returns a value as JSON.
func text(value any) string {
	encoded, err := json.Marshal(value)
	if err != nil {
		return err.Error()
	}
	return string(encoded)
}

// procedure and query are documents in which [TestCompareLexicons] makes changes.
const (
	procedure = `{"lexicon": 1, "id": "com.example.act", "defs": {
"main": {"type": "procedure",
"input": {"encoding": "application/json", "schema": {"type": "object", "required": ["name", "mail"], "properties": {
"name": {"type": "string", "format": "handle", "maxLength": 9},
"mail": {"type": "string"},
"list": {"type": "array", "items": {"type": "string", "format": "did"}}}}},
"output": {"encoding": "application/json", "schema": {"type": "object", "required": ["did"], "properties": {
"did": {"type": "string", "format": "did"},
"view": {"type": "ref", "ref": "#view"}}}},
"errors": [{"name": "Bad"}, {"name": "Worse"}]},
"view": {"type": "object", "required": ["a"], "properties": {"a": {"type": "boolean"}, "b": {"type": "integer"}}}}}`

	query = `{"lexicon": 1, "id": "com.example.ask", "defs": {
"main": {"type": "query",
"parameters": {"type": "params", "required": ["q"], "properties": {
"q": {"type": "string"}, "all": {"type": "boolean", "default": true}}}}}}`
)

// TestCompareLexicons changes documents and demands that the comparison tells what breaks a client from
// what does not.
func TestCompareLexicons(t *testing.T) {
	t.Parallel()
	const act, ask = "com.example.act#", "com.example.ask#main/parameters/"
	tests := []struct {
		name     string
		old, new string // what is replaced, and by what
		want     []string
	}{
		{"nothing", "", "", nil},
		{"description", `"mail": {`, `"mail": {"description": "Mail.", `, nil},
		{"optional property of the input", `"mail": {`, `"more": {"type": "string"}, "mail": {`, nil},
		{"optional parameter", `"q": {`, `"more": {"type": "string"}, "q": {`, nil},
		{"relaxed input", `["name", "mail"]`, `["name"]`, nil},
		{"relaxed parameters", `"required": ["q"], `, ``, nil},
		{"property of the output", `"required": ["did"], "properties": {`, `"required": ["did", "x"], "properties": {"x": {"type": "string"},`, nil},
		{"property of a def", `{"a": {`, `{"c": {"type": "string"}, "a": {`, nil},
		{"error", `{"name": "Bad"}`, `{"name": "New"}, {"name": "Bad", "description": "Bad."}`, nil},
		{"def", `"view": {"type": "object"`, `"other": {"type": "token"}, "view": {"type": "object"`, nil},

		{"version", `"lexicon": 1, "id": "com.example.act"`, `"lexicon": 2, "id": "com.example.act"`, []string{"com/example/act.json/lexicon: was 1, is 2"}},
		{"NSID", "com.example.act", "com.example.Act", []string{`com/example/act.json/id: was "com.example.act", is "com.example.Act"`}},
		{"def that is gone", `"view": {"type": "object"`, `"View": {"type": "object"`, []string{act + "view: is gone"}},
		{"kind of method", `"type": "procedure"`, `"type": "query"`, []string{act + `main/type: was "procedure", is "query"`}},
		{"encoding", `"output": {"encoding": "application/json"`, `"output": {"encoding": "*/*"`, []string{act + `main/output/encoding: was "application/json", is "*/*"`}},
		{"body that was not there", `"type": "query",`, `"type": "query", "output": {},`, []string{"com.example.ask#main/output: is new: {}"}},
		{"output that is gone", `"output": {`, `"description": {`, []string{act + "main/output: is gone"}},
		{"property of the input that is gone", `"mail": {"type"`, `"Mail": {"type"`, []string{act + "main/input/schema/properties/mail: is gone"}},
		{"property of the output that is gone", `"view": {"type": "ref"`, `"View": {"type": "ref"`, []string{act + "main/output/schema/properties/view: is gone"}},
		{"property of a def that is gone", `"b": {`, `"B": {`, []string{act + "view/properties/b: is gone"}},
		{"parameter that is gone", `"all": {`, `"some": {`, []string{ask + "properties/all: is gone"}},
		{"type", `"mail": {"type": "string"}`, `"mail": {"type": "integer"}`, []string{act + `main/input/schema/properties/mail/type: was "string", is "integer"`}},
		{"type of a def's property", `"a": {"type": "boolean"}`, `"a": {"type": "string"}`, []string{act + `view/properties/a/type: was "boolean", is "string"`}},
		{"format", `"format": "handle"`, `"format": "did"`, []string{act + `main/input/schema/properties/name/format: was "handle", is "did"`}},
		{"format that is gone", `"format": "handle", `, ``, []string{act + "main/input/schema/properties/name/format: is gone"}},
		{"format that is new", `"q": {`, `"q": {"format": "did", `, []string{ask + `properties/q/format: is new: "did"`}},
		{"format of items", `"format": "did"}}}}}`, `"format": "handle"}}}}}`, []string{act + `main/input/schema/properties/list/items/format: was "did", is "handle"`}},
		{"constraint", `"maxLength": 9`, `"maxLength": 8`, []string{act + "main/input/schema/properties/name/maxLength: was 9, is 8"}},
		{"constraint that is new", `"b": {"type": "integer"`, `"b": {"type": "integer", "maximum": 3`, []string{act + "view/properties/b/maximum: is new: 3"}},
		{"default", `"default": true`, `"default": false`, []string{ask + "properties/all/default: was true, is false"}},
		{"ref", `"ref": "#view"`, `"ref": "#main"`, []string{act + `main/output/schema/properties/view/ref: was "#view", is "#main"`}},
		{"schema of another kind", `"mail": {"type": "string"}`, `"mail": 1`, []string{act + `main/input/schema/properties/mail: was {"type":"string"}, is 1`}},
		{"stricter input", `["name", "mail"]`, `["name", "mail", "list"]`, []string{act + "main/input/schema/required: has become necessary: list"}},
		{"stricter parameters", `["q"]`, `["q", "all"]`, []string{ask + "required: has become necessary: all"}},
		{"weaker output", `"required": ["did"], `, ``, []string{act + "main/output/schema/required: no longer has did"}},
		{"stricter def", `["a"]`, `["a", "b"]`, []string{act + "view/required: has become necessary: b"}},
		{"weaker def", `["a"]`, `[]`, []string{act + "view/required: no longer has a"}},
		{"error that is gone", `{"name": "Bad"}, `, ``, []string{act + "main/errors: no longer has Bad"}},
		{"errors that are gone", `"errors": [{"name": "Bad"}, {"name": "Worse"}]`, `"errors": []`, []string{act + "main/errors: no longer has Bad", act + "main/errors: no longer has Worse"}},
	}
	was := fstest.MapFS{"com/example/act.json": {Data: []byte(procedure)}, "com/example/ask.json": {Data: []byte(query)}}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			is := fstest.MapFS{}
			for path, file := range was {
				is[path] = &fstest.MapFile{Data: []byte(strings.Replace(string(file.Data), test.old, test.new, 1))}
			}
			if test.old != "" && reflect.DeepEqual(is, was) {
				t.Fatalf("no document has %s", test.old)
			}
			if got, _, err := compareLexicons(was, is); err != nil || !slices.Equal(got, test.want) {
				t.Errorf("got %q, want %q (%v)", got, test.want, err)
			}
		})
	}
	t.Run("document that is gone", func(t *testing.T) {
		t.Parallel()
		is := maps.Clone(was)
		delete(is, "com/example/ask.json")
		want := []string{"com/example/ask.json: is gone"}
		if got, documents, err := compareLexicons(was, is); err != nil || documents != 2 || !slices.Equal(got, want) {
			t.Errorf("got %q of %d documents, want %q of 2 (%v)", got, documents, want, err)
		}
	})
}
