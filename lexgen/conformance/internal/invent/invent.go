// Package invent makes up lexicon documents: random ones that use every construct of the Lexicon
// language (https://atproto.com/specs/lexicon) and are right, with names of which many collide once
// they become Go. Documents of one seed are always the same.
package invent

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
)

// The words that names are made of. Many are names in generated code, or become the same Go name.
var (
	authorities = []string{"com.alpha", "net.beta", "org.gamma"}
	segments    = []string{"example", "thing", "a", "b-c", "x1", "feed", "defs", "internal", "test", "linux", "did", "client", "7up"}
	names       = []string{
		"get", "getThing", "post", "defs", "list", "error", "string", "client", "input", "output", "view", "params",
		"union", "item", "ID", "didDoc", "type", "func", "runTest", "init", "endpoints", "message", "nsid", "extra", "value",
	}
	properties = []string{
		"id", "uri", "type", "error", "value", "text", "fooBar", "foo_bar", "fooID", "fooId", "validate", "extra", "items", "item",
		"union", "input", "output", "a-b", "a", "ab", "A", "x1", "1x", "func", "größe", "check", "message", "view", "record", "nsid",
		"lexiconType", "isZero", "new", "v", "r", "w", "c",
	}
	values       = []string{"a", "A", "b", "!x", "x y", "1", "", "com.alpha.defs#view", "-1", "+1", "a_b", "aB", "*/", "`"}
	formats      = []string{"did", "handle", "at-identifier", "nsid", "at-uri", "cid", "datetime", "language", "uri", "tid", "record-key"}
	encodings    = []string{"*/*", "application/json", "video/*", "text/plain", "application/jsonl"}
	errorNames   = []string{"NotFound", "Error", "type", "InvalidX", "X1"}
	descriptions = []string{"", "", "", "Short.", "*/ `x`\n//go:build no", "- a\n- b", "\u202ex"}
)

// object is a JSON object.
type object map[string]any

// def is a def to be: only its type is known.
type def struct{ document, name, typ string }

// key returns what refers to a def from any document.
func (d def) key() string {
	if d.name == "main" {
		return d.document
	}
	return d.document + "#" + d.name
}

// authority returns the index of the authority, which only refers to itself and to lower ones, lest
// the packages import each other in a circle.
func (d def) authority() int {
	for i, authority := range authorities {
		if strings.HasPrefix(d.document, authority+".") {
			return i
		}
	}
	panic("invent: no authority of " + d.document)
}

// inventor makes up documents.
type inventor struct {
	*rand.Rand
	defs []def
}

// Documents returns a number of documents by the paths that spell their NSIDs.
func Documents(seed uint64, count int) map[string][]byte {
	v := &inventor{Rand: rand.New(rand.NewPCG(seed, 0))}
	var ids []string
	for known := map[string]bool{}; len(ids) < count; {
		id := v.id()
		if !known[strings.ToLower(id)] {
			known[strings.ToLower(id)] = true
			ids = append(ids, id)
			v.declare(id)
		}
	}
	documents := map[string][]byte{}
	for _, id := range ids {
		defs := object{}
		for _, d := range v.defs {
			if d.document == id {
				defs[d.name] = v.describe(v.definition(d))
			}
		}
		text, err := json.MarshalIndent(object{"lexicon": 1, "id": id, "defs": defs}, "", "  ")
		if err != nil {
			panic(fmt.Sprintf("invent: %v", err))
		}
		documents[strings.ReplaceAll(id, ".", "/")+".json"] = text
	}
	return documents
}

// id makes up an NSID.
func (v *inventor) id() string {
	id := pick(v, authorities)
	for range v.IntN(3) {
		id += "." + pick(v, segments)
	}
	return id + "." + pick(v, names)
}

// declare decides which defs a document has.
func (v *inventor) declare(id string) {
	if !strings.HasSuffix(id, ".defs") {
		primary := pick(v, []string{"query", "query", "procedure", "procedure", "record", "object", "subscription", "permission-set"})
		v.defs = append(v.defs, def{id, "main", primary})
	}
	types := []string{"object", "object", "object", "string", "integer", "boolean", "array", "token", "bytes", "cid-link", "blob"}
	for _, name := range v.some(names, 4) {
		v.defs = append(v.defs, def{id, name, pick(v, types)})
	}
	if len(v.defs) == 0 || v.defs[len(v.defs)-1].document != id {
		v.defs = append(v.defs, def{id, "view", "object"})
	}
}

// definition makes up the rest of a def.
func (v *inventor) definition(d def) object {
	switch d.typ {
	case "query", "procedure":
		return v.endpoint(d)
	case "subscription":
		return v.maybe(0.5, object{"type": d.typ, "message": object{"schema": v.union(d)}}, "parameters", v.params())
	case "permission-set":
		permission := object{"type": "permission", "resource": "repo", "collection": []string{"com.alpha.note"}}
		return object{"type": d.typ, "title": "Title", "permissions": []object{permission}}
	case "record":
		return object{"type": d.typ, "key": pick(v, []string{"tid", "any", "nsid", "literal:self"}), "record": v.object(d, 0)}
	case "token":
		return object{"type": d.typ}
	}
	return v.schema(d, d.typ, 0)
}

// endpoint makes up a query or procedure.
func (v *inventor) endpoint(d def) object {
	o := v.maybe(0.5, object{"type": d.typ}, "parameters", v.params())
	if d.typ == "procedure" {
		v.maybe(0.7, o, "input", v.body(d))
	}
	errors := []object{}
	for _, name := range v.some(errorNames, 3) {
		errors = append(errors, v.describe(object{"name": name}))
	}
	return v.maybe(0.3, v.maybe(0.8, o, "output", v.body(d)), "errors", errors)
}

// body makes up the body of a request or a response.
func (v *inventor) body(d def) object {
	schema := object{"encoding": "application/json"}
	switch v.IntN(5) {
	case 0:
		return v.describe(object{"encoding": pick(v, encodings)})
	case 1:
		schema["schema"] = v.union(d)
	case 2:
		if to := v.reference(d, "object", "record"); to != "" {
			schema["schema"] = object{"type": "ref", "ref": to}
			break
		}
		fallthrough
	default:
		schema["schema"] = v.object(d, 0)
	}
	return v.describe(schema)
}

// params makes up the parameters of an endpoint.
func (v *inventor) params() object {
	members := object{}
	for _, name := range v.some(properties, 5) {
		members[name] = v.describe(v.scalar(pick(v, []string{"string", "integer", "boolean"})))
		if v.chance(0.3) {
			members[name] = object{"type": "array", "items": members[name]}
		}
	}
	return v.maybe(0.5, object{"type": "params", "properties": members}, "required", v.among(members))
}
