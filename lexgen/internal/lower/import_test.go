package lower_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lexgen-go/lexgen/lexgen/internal/lower"
)

// TestImportNames demands that packages of one name get aliases that a person would choose.
func TestImportNames(t *testing.T) {
	t.Parallel()
	options := lower.Options{Targets: []lower.Target{
		{Prefix: "com.a", Name: "lex", ImportPath: "example.test/old/lex", Dir: "a"},
		{Prefix: "com.b", Name: "lex", ImportPath: "example.test/new-1/lex", Dir: "b"},
		{Prefix: "com.c", Name: "lex", ImportPath: "example.test/2/lex", Dir: "c"},
		{Prefix: "com.d", Name: "lex", ImportPath: "lex", Dir: "d"},
		{Prefix: "com.e", Name: "lex", ImportPath: "example.test/gen/e", Dir: "e"},
		{Prefix: "com.f", Name: "oldlex", ImportPath: "example.test/f", Dir: "f"},
	}}
	documents := [][2]string{
		{"org.x.y.defs", refTo("com.a.y.defs#view", "com.b.y.defs#view", "com.c.y.defs#view", "com.d.y.defs#view", "com.e.y.defs#view", "com.f.y.defs#view")},
		{"org.z.y.defs", refTo("com.a.y.defs#view")},
	}
	for _, target := range options.Targets {
		documents = append(documents, [2]string{target.Prefix + ".y.defs", refTo()})
	}
	packages, diags := compile(t, options, documents...)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	got := map[string]string{}
	for _, p := range packages {
		for _, imported := range p.Imports {
			got[p.Name+" imports "+imported.Path] = imported.Alias
		}
	}
	want := map[string]string{
		"orgx imports example.test/old/lex":   "exampletestoldlex",
		"orgx imports example.test/new-1/lex": "new1lex",
		"orgx imports example.test/2/lex":     "exampletest2lex",
		"orgx imports lex":                    "",
		"orgx imports example.test/gen/e":     "elex",
		"orgx imports example.test/f":         "",
		"orgz imports example.test/old/lex":   "",
	}
	if diff := cmp.Diff(got, want); diff != "" {
		t.Errorf("-got +want:\n%s", diff)
	}
}

// refTo is an object called view that refers to others.
func refTo(refs ...string) string {
	var properties []string
	for i, ref := range refs {
		properties = append(properties, fmt.Sprintf(`"p%d": {"type": "ref", "ref": %q}`, i, ref))
	}
	return `"view": {"type": "object", "properties": {` + strings.Join(properties, ", ") + `}}`
}

func TestImportCycles(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name      string
		documents [][2]string
		want      []string
	}{
		{"none", [][2]string{{"com.a.x.defs", refTo("com.b.x.defs#view")}, {"com.b.x.defs", refTo("#view")}}, nil},
		{
			"diamond",
			[][2]string{
				{"com.a.x.defs", refTo("com.b.x.defs#view", "com.c.x.defs#view")},
				{"com.b.x.defs", refTo("com.d.x.defs#view")},
				{"com.c.x.defs", refTo("com.d.x.defs#view")},
				{"com.d.x.defs", refTo()},
			},
			nil,
		},
		{
			"two",
			[][2]string{{"com.a.x.defs", refTo("com.b.x.defs#view")}, {"com.b.x.defs", refTo("com.a.x.defs#view")}},
			[]string{"the packages coma, comb import each other in a circle"},
		},
		{
			"two circles",
			[][2]string{
				{"com.a.x.defs", refTo("com.b.x.defs#view", "com.c.x.defs#view")},
				{"com.b.x.defs", refTo("com.a.x.defs#view")},
				{"com.c.x.defs", refTo("com.a.x.defs#view")},
			},
			[]string{"the packages coma, comb import each other in a circle", "the packages coma, comc import each other in a circle"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			_, diags := compile(t, lower.Options{}, test.documents...)
			var got []string
			for _, d := range diags {
				message, _, _ := strings.Cut(d.Message, ":")
				got = append(got, message)
			}
			if diff := cmp.Diff(got, test.want); diff != "" {
				t.Errorf("-got +want:\n%s", diff)
			}
		})
	}
}

// TestImportCycleCure demands that the entries which the help line shows break the circle.
func TestImportCycleCure(t *testing.T) {
	t.Parallel()
	documents := [][2]string{
		{"com.a.x.defs", refTo("com.b.x.defs#view")},
		{"com.b.x.defs", refTo("org.a.x.defs#view")},
		{"org.a.x.defs", refTo("net.a.x.defs#view", "com.a.x.defs#view")},
		{"net.a.x.defs", refTo()},
	}
	_, diags := compile(t, lower.Options{}, documents...)
	if len(diags) != 1 {
		t.Fatalf("got %v", diags)
	}
	const want = `make them one package in lexgen.json: "packages": [{"nsid": "com.a", "dir": "coma"}, ` +
		`{"nsid": "com.b", "dir": "coma", "prefix": "B"}, {"nsid": "org.a", "dir": "coma", "prefix": "A"}]`
	if diags[0].Help != want {
		t.Errorf("got the help %q, want %q", diags[0].Help, want)
	}
	_, entries, _ := strings.Cut(diags[0].Help, `"packages": `)
	var packages []struct{ NSID, Dir, Prefix string }
	if err := json.Unmarshal([]byte(entries), &packages); err != nil {
		t.Fatal(err)
	}
	var options lower.Options
	for _, p := range packages {
		options.Targets = append(options.Targets, lower.Target{
			Prefix: p.NSID, Name: p.Dir, ImportPath: "example.test/" + p.Dir, Dir: p.Dir, NamePrefix: p.Prefix,
		})
	}
	if _, diags := compile(t, options, documents...); len(diags) > 0 {
		t.Errorf("got %v", diags)
	}
}
