// Package metaschema checks the shape of lexicon documents: the JSON type of
// every value, the keys that must exist, and which type may stand where. It
// does so with a JSON Schema, which is embedded, and tells its findings in
// words of its own with the position of the mistake.
//
// Most documents have no mistakes. That is found by a shape of the same schema,
// which takes a fraction of the time; the library judges what is left.
//
// What a JSON Schema cannot say is checked by the lexicon package.
package metaschema

import (
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"net/url"
	"slices"
	"strings"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v5"

	"github.com/lexgen-go/lexgen/lexgen/internal/diag"
	"github.com/lexgen-go/lexgen/lexgen/internal/source"
)

//go:embed lexicon.schema.json
var schemaText string

const schemaURL = "https://lexgen.invalid/lexicon.schema.json"

// Checker checks documents against the schema. It may be used by several
// goroutines.
type Checker struct {
	shape    *shape // accepts most documents
	compiled func() *jsonschema.Schema
	text     *source.Node // the same schema as a tree, to look up keywords
}

// New compiles the schema.
func New() *Checker {
	tree, problems := source.Parse(source.NewFile(schemaURL, []byte(schemaText)))
	if len(problems) > 0 {
		panic("metaschema: the embedded schema is not JSON: " + problems[0].Message)
	}
	shapes := compiler{root: tree, done: map[*source.Node]*shape{}}
	return &Checker{shape: shapes.compile(tree), compiled: sync.OnceValue(compileLibrary), text: tree}
}

// compileLibrary compiles the schema with the library.
func compileLibrary() *jsonschema.Schema {
	c := jsonschema.NewCompiler()
	c.Draft = jsonschema.Draft2020
	if err := c.AddResource(schemaURL, strings.NewReader(schemaText)); err != nil {
		panic(fmt.Sprintf("metaschema: the embedded schema cannot be loaded: %v", err))
	}
	compiled, err := c.Compile(schemaURL)
	if err != nil {
		panic(fmt.Sprintf("metaschema: the embedded schema does not compile: %v", err))
	}
	return compiled
}

// Check reports every place where a document has the wrong shape, sorted by
// offset. It accepts nil, the document that could not be parsed, and reports
// nothing about it.
func (c *Checker) Check(document *source.Node) diag.List {
	if document == nil || c.shape.accepts(document) {
		return nil
	}
	return c.findings(document)
}

// findings is Check for a document that may be valid after all, and takes its time.
func (c *Checker) findings(document *source.Node) diag.List {
	var list diag.List
	var failure *jsonschema.ValidationError
	if err := c.compiled().Validate(plain(document)); err == nil {
		return nil
	} else if !errors.As(err, &failure) {
		panic(fmt.Sprintf("metaschema: %v", err))
	}
	var violations []violation
	for _, leaf := range leaves(failure) {
		violations = append(violations, c.violation(document, leaf))
	}
	for _, v := range distinct(violations) {
		v.report(&list)
	}
	list.Sort()
	return list
}

// distinct leaves out what repeats or follows from another violation: two
// branches of the schema may demand the same of one value, and a schema whose
// type is wrong is not checked as if it were right.
func distinct(violations []violation) []violation {
	wrongType := map[string]bool{} // pointers of the schemas
	for _, v := range violations {
		if v.isWrongType() {
			schema, _ := splitPointer(v.pointer)
			wrongType[schema] = true
		}
	}
	seen := map[[2]string]bool{}
	return slices.DeleteFunc(violations, func(v violation) bool {
		key := [2]string{v.pointer, v.keyword}
		repeated := seen[key]
		seen[key] = true
		return repeated || v.follows(wrongType)
	})
}

// violation is a keyword of the schema that a value fails.
type violation struct {
	pointer string       // where the value is in the document
	value   *source.Node // the value
	keyword string       // such as "required"
	demand  *source.Node // the value of the keyword in the schema
	schema  *source.Node // the schema that has the keyword
	parent  *source.Node // the object or array that holds the value, or nil
	owner   *source.Node // the schema that has this schema as a property, or nil
}

// isWrongType reports whether the value is a type that may not stand there.
func (v violation) isWrongType() bool {
	_, key := splitPointer(v.pointer)
	return key == "type" && v.keyword == "enum"
}

// follows reports whether the value belongs to a schema of a wrong type.
func (v violation) follows(wrongType map[string]bool) bool {
	at := v.pointer
	if v.isWrongType() {
		at, _ = splitPointer(at)
		at, _ = splitPointer(at)
	}
	for ; at != ""; at, _ = splitPointer(at) {
		if wrongType[at] {
			return true
		}
	}
	return false
}

func (c *Checker) violation(document *source.Node, leaf *jsonschema.ValidationError) violation {
	_, location, _ := strings.Cut(leaf.AbsoluteKeywordLocation, "#")
	location, pointer := unescape(location), unescape(leaf.InstanceLocation)
	dir, keyword := splitPointer(location)
	v := violation{
		pointer: pointer,
		value:   document.Lookup(pointer),
		keyword: keyword,
		demand:  c.text.Lookup(location),
		schema:  c.text.Lookup(dir),
	}
	for v.value == nil { // a key is spelled like emptyKey: take the object around it
		v.pointer, _ = splitPointer(v.pointer)
		v.value = document.Lookup(v.pointer)
	}
	if v.pointer != "" {
		parent, _ := splitPointer(v.pointer)
		v.parent = document.Lookup(parent)
	}
	if properties, _ := splitPointer(dir); strings.HasSuffix(properties, "/properties") {
		v.owner = c.text.Lookup(strings.TrimSuffix(properties, "/properties"))
	}
	if v.demand == nil {
		panic(fmt.Sprintf("metaschema: no keyword at %q", location))
	}
	return v
}

// emptyKey stands for the key "", which the library leaves out of its JSON
// pointers.
const emptyKey = "\ue000"

// unescape undoes the percent-encoding that the library adds to the tokens of
// its JSON pointers.
func unescape(pointer string) string {
	plain, err := url.PathUnescape(pointer)
	if err != nil {
		panic(fmt.Sprintf("metaschema: bad pointer %q: %v", pointer, err))
	}
	tokens := strings.Split(plain, "/")
	for i, token := range tokens {
		if token == emptyKey {
			tokens[i] = ""
		}
	}
	return strings.Join(tokens, "/")
}

// splitPointer separates the last token of a JSON pointer from the rest.
func splitPointer(pointer string) (dir, last string) {
	i := strings.LastIndexByte(pointer, '/')
	if i < 0 {
		return "", pointer
	}
	return pointer[:i], pointer[i+1:]
}

// leaves returns the failures that have no deeper cause.
func leaves(e *jsonschema.ValidationError) []*jsonschema.ValidationError {
	if len(e.Causes) == 0 {
		return []*jsonschema.ValidationError{e}
	}
	var list []*jsonschema.ValidationError
	for _, cause := range e.Causes {
		list = append(list, leaves(cause)...)
	}
	return list
}

// plain converts a tree to the values that the library takes. Numbers are
// represented by what the schema asks about them: exact if they are integers
// of 64 bits, otherwise any fraction or any integer that is too large.
func plain(n *source.Node) any {
	switch n.Kind {
	case source.Object:
		object := make(map[string]any, len(n.Members))
		for _, m := range n.Members {
			key := m.Key
			if key == "" {
				key = emptyKey
			}
			if _, dup := object[key]; !dup {
				object[key] = plain(m.Value)
			}
		}
		return object
	case source.Array:
		array := make([]any, len(n.Elems))
		for i, elem := range n.Elems {
			array[i] = plain(elem)
		}
		return array
	case source.String:
		return n.Text
	case source.Bool:
		return n.Bool()
	case source.Number:
		return plainNumber(n)
	}
	return nil
}

func plainNumber(n *source.Node) any {
	v, err := n.Int()
	switch {
	case err == nil:
		return v
	case errors.Is(err, source.ErrNotInteger):
		return 0.5
	case strings.HasPrefix(n.Text, "-"):
		return json.Number(fmt.Sprint("-", uint64(math.MaxUint64)))
	}
	return json.Number(fmt.Sprint(uint64(math.MaxUint64)))
}
