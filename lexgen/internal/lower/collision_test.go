package lower_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lexgen-go/lexgen/lexgen/internal/diag"
	"github.com/lexgen-go/lexgen/lexgen/internal/lower"
)

// The defs of documents in the tests of collisions.
const (
	object = `"main": {"type": "object", "properties": {}}`
	query  = `"main": {"type": "query", "output": {"encoding": "application/json", "schema": {"type": "object", "properties": {}}}}`
)

func TestCollisions(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name      string
		documents [][2]string
		want      []string
	}{
		{
			"documents",
			[][2]string{{"com.example.app.getIt", query}, {"com.example.app.GetIt", query}},
			[]string{"com.example.app.getIt and com.example.app.GetIt both get the file app_get_it_gen.go"},
		},
		{
			"segments",
			[][2]string{{"com.example.a.b", object}, {"com.example.aB", object}},
			[]string{"com.example.aB and com.example.a.b both get the file a_b_gen.go"},
		},
		{
			"group and object",
			[][2]string{{"com.example.app.get", query}, {"com.example.app.handler", object}},
			[]string{"com.example.app.handler and the handler of the group com.example.app both get the Go name AppHandler"},
		},
		{
			"groups",
			[][2]string{{"com.example.a-b.get", query}, {"com.example.a.b.put", query}},
			[]string{"the handler of the group com.example.a.b and the handler of the group com.example.a-b both get the Go name ABHandler"},
		},
		{
			"package file",
			[][2]string{{"com.example.lexgen", object}},
			[]string{"com.example.lexgen and the package itself both get the file lexgen_gen.go"},
		},
		{
			"document without main",
			[][2]string{{"com.example.a.b", `"x": {"type": "token"}`}, {"com.example.aB", `"y": {"type": "token"}`}},
			[]string{"com.example.aB and com.example.a.b both get the file a_b_gen.go"},
		},
		{
			"fields",
			[][2]string{{"com.example.app.x", `"main": {"type": "object", "properties": {"fooBar": {"type": "string"}, "foo_bar": {"type": "string"}, "foo-bar": {"type": "blob"}}}`}},
			[]string{
				`property "foo_bar" of com.example.app.x and property "fooBar" of com.example.app.x both get the field AppX.FooBar`,
				`property "foo-bar" of com.example.app.x and property "fooBar" of com.example.app.x both get the field AppX.FooBar`,
			},
		},
		{
			"union and object",
			[][2]string{{"com.example.app.x", `"main": {"type": "object", "properties": {"y": {"type": "union", "refs": []}}}, "yUnion": {"type": "object", "properties": {}}`}},
			[]string{`com.example.app.x#yUnion and property "y" of com.example.app.x both get the Go name AppXYUnion`},
		},
		{
			"constructor and token",
			[][2]string{{"com.example.x", `"main": {"type": "object", "properties": {"y": {"type": "union", "refs": []}}}`}, {"com.example.newXYUnion", `"main": {"type": "token"}`}},
			[]string{`property "y" of com.example.x and com.example.newXYUnion both get the Go name NewXYUnion`},
		},
		{
			"values",
			[][2]string{{"com.example.app.x", `"kind": {"type": "string", "enum": ["+1", "-1", "1", "a", "A"]}`}},
			[]string{
				`value "-1" of com.example.app.x#kind and value "+1" of com.example.app.x#kind both get the Go name AppXKind1`,
				`value "1" of com.example.app.x#kind and value "+1" of com.example.app.x#kind both get the Go name AppXKind1`,
				`value "A" of com.example.app.x#kind and value "a" of com.example.app.x#kind both get the Go name AppXKindA`,
			},
		},
		{
			"errors",
			[][2]string{{"com.example.app.get", `"main": {"type": "query", "errors": [{"name": "NotFound"}, {"name": "notFound"}]}`}},
			[]string{"error notFound of com.example.app.get and error NotFound of com.example.app.get both get the Go name AppGetErrNotFound"},
		},
		{
			"parameters and object",
			[][2]string{{"com.example.app.get", `"main": {"type": "query", "parameters": {"type": "params", "properties": {}}}, "params": {"type": "object", "properties": {}}`}},
			[]string{"com.example.app.get#params and com.example.app.get both get the Go name AppGetParams"},
		},
		{
			"object before the main def",
			[][2]string{{"com.example.app.get", `"params": {"type": "object", "properties": {}}, "main": {"type": "query", "parameters": {"type": "params", "properties": {}}}`}},
			[]string{"com.example.app.get#params and com.example.app.get both get the Go name AppGetParams"},
		},
		{
			"client and endpoint",
			[][2]string{{"com.example.app.client", query}},
			[]string{"com.example.app.client and the client of the group com.example.app both get the file app_client_gen.go"},
		},
		{
			"groups of two segments",
			[][2]string{{"com.example.get", query}, {"com.example.handler", object}},
			[]string{"com.example.handler and the handler of the group com.example both get the Go name Handler"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			checkCollisions(t, test.documents, test.want)
		})
	}
}

// TestOneCause demands that a name which makes several others collide is reported once.
func TestOneCause(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name      string
		documents [][2]string
		want      []string
	}{
		{
			"documents of groups",
			[][2]string{
				{"com.example.my-foo.get", query + `, "view": {"type": "object", "properties": {}}`},
				{"com.example.my.foo.get", query + `, "view": {"type": "object", "properties": {}}`},
			},
			[]string{"com.example.my.foo.get and com.example.my-foo.get both get the file my_foo_get_gen.go"},
		},
		{
			"defs of different files",
			[][2]string{
				{"com.example.app.a", `"bc": {"type": "object", "properties": {}}, "d": {"type": "object", "properties": {}}`},
				{"com.example.app.ab", `"c": {"type": "object", "properties": {}}`},
				{"com.example.app.aBc", object},
				{"com.example.app.ad", object},
				{"com.example.app.aD", object},
			},
			[]string{
				"com.example.app.aBc and com.example.app.a#bc both get the Go name AppABc",
				"com.example.app.aD and com.example.app.a#d both get the Go name AppAD",
			},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			checkCollisions(t, test.documents, test.want)
		})
	}
}

// checkCollisions compares what is said about documents whose names collide, and demands that the
// entries which the help lines show are cures.
func checkCollisions(t *testing.T, documents [][2]string, want []string) {
	t.Helper()
	options := lower.Options{Server: true, Client: true}
	_, diags := compile(t, options, documents...)
	var got []string
	for _, d := range diags {
		got = append(got, d.Message)
	}
	if diff := cmp.Diff(got, want); diff != "" {
		t.Errorf("-got +want:\n%s", diff)
	}
	for round := 0; len(diags) > 0; round++ {
		if round > 4 {
			t.Fatalf("what the help lines show is no cure: %+v", diags)
		}
		for _, d := range diags {
			options.Names = append(options.Names, cureOf(t, d))
		}
		_, diags = compile(t, options, documents...)
	}
}

// cureOf returns the entry that a help line shows.
func cureOf(t *testing.T, d diag.Diagnostic) lower.NameEntry {
	t.Helper()
	var entry lower.NameEntry
	if _, err := fmt.Sscanf(d.Help, `add "names": {%q: %q}`, &entry.Path, &entry.Ident); err != nil {
		t.Fatalf("%s: the help line %q: %v", d.Message, d.Help, err)
	}
	return entry
}

// TestCure reads one help line in full.
func TestCure(t *testing.T) {
	t.Parallel()
	_, diags := compile(t, lower.Options{}, [2]string{"com.example.thing", `"main": {"type": "object", "properties": {"foo_bar": {"type": "string"}, "fooBar": {"type": "boolean"}}}`})
	want := `add "names": {"com.example.thing#main/properties/fooBar": "FooBarBoolean"} to lexgen.json; ` +
		`the other is property "foo_bar" of com.example.thing (com/example/thing.json:1:94)`
	if len(diags) != 1 || diags[0].Help != want {
		t.Errorf("got %+v, want the help %q", diags, want)
	}
}
