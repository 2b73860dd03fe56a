package catalog_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lexgen-go/lexgen/lexgen/internal/catalog"
	"github.com/lexgen-go/lexgen/lexgen/internal/lexicon"
)

// required is an object with one required property.
func required(name, schema string) string {
	return `"` + name + `": {"type": "object", "required": ["p"], "properties": {"p": ` + schema + `}}`
}

func TestRequiredCycles(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		docs   files
		groups [][]string
		cyclic []string // texts of the references on a circle
		want   []string
	}{
		{
			"itself", docs("com.example.a", required("a", ref("#a"))),
			[][]string{{"com.example.a#a"}},
			[]string{"#a"},
			[]string{`"#a" warning [required-cycle] a value of com.example.a#a must contain another one without end (make a property optional or nullable in com.example.a#a -> com.example.a#a)`},
		},
		{
			"across documents", docs(
				"com.example.b", required("x", ref("com.example.a#y"))+","+required("outside", ref("#x")),
				"com.example.a", required("y", `{"type": "object", "required": ["q"], "properties": {"q": `+ref("com.example.b#x")+`}}`),
			),
			[][]string{{"com.example.a#y", "com.example.b#x"}},
			[]string{"com.example.b#x", "com.example.a#y"},
			[]string{`"com.example.b#x" warning [required-cycle] a value of com.example.a#y must contain another one without end (make a property optional or nullable in com.example.a#y -> com.example.b#x -> com.example.a#y)`},
		},
		{
			"record", docs("com.example.a", `"main": {"type": "record", "key": "tid", "record": {"type": "object", "required": ["p"], "properties": {"p": `+ref("com.example.a")+`}}}`),
			[][]string{{"com.example.a"}},
			[]string{"com.example.a"},
			[]string{`"com.example.a" warning [required-cycle] a value of com.example.a must contain another one without end (make a property optional or nullable in com.example.a -> com.example.a)`},
		},
		{
			"two groups", docs("com.example.a", required("c", ref("#d"))+","+required("d", ref("#c"))+","+required("a", ref("#a"))+","+required("in", ref("#c"))),
			[][]string{{"com.example.a#c", "com.example.a#d"}, {"com.example.a#a"}},
			[]string{"#d", "#c", "#a"},
			[]string{
				`"#d" warning [required-cycle] a value of com.example.a#c must contain another one without end (make a property optional or nullable in com.example.a#c -> com.example.a#d -> com.example.a#c)`,
				`"#a" warning [required-cycle] a value of com.example.a#a must contain another one without end (make a property optional or nullable in com.example.a#a -> com.example.a#a)`,
			},
		},
		{"optional", docs("com.example.a", object("a", ref("#a"))), nil, nil, nil},
		{
			"nullable", docs("com.example.a", `"a": {"type": "object", "required": ["p"], "nullable": ["p"], "properties": {"p": `+ref("#a")+`}}`),
			nil, nil, nil,
		},
		{"array", docs("com.example.a", required("a", `{"type": "array", "items": `+ref("#a")+`}`)), nil, nil, nil},
		{"named array", docs("com.example.a", required("a", ref("#as"))+`, "as": {"type": "array", "items": `+ref("#a")+`}`), nil, nil, nil},
		{"union", docs("com.example.a", required("a", union("#a"))), nil, nil, nil},
		{"chain", docs("com.example.a", required("a", ref("#b"))+","+required("b", ref("#c"))+`, "c": {"type": "string"}`), nil, nil, nil},
		{
			"optional way back", docs("com.example.a", required("a", ref("#b"))+","+object("b", ref("#a"))),
			nil, nil, nil,
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			cat, list := link(t, test.docs)
			var groups [][]string
			for _, group := range cat.RequiredCycles() {
				var keys []string
				for _, def := range group {
					keys = append(keys, def.Key())
				}
				groups = append(groups, keys)
			}
			if diff := cmp.Diff(test.groups, groups); diff != "" {
				t.Errorf("groups (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(test.cyclic, cyclicRefs(cat)); diff != "" {
				t.Errorf("references on a circle (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(test.want, findings(list)); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
		})
	}
}

// cyclicRefs returns the references on a circle in the order of the catalog.
func cyclicRefs(cat *catalog.Catalog) []string {
	var texts []string
	for _, doc := range cat.Documents() {
		for _, def := range doc.Defs {
			lexicon.Walk(def.Schema, func(n lexicon.Node) bool {
				if r, ok := n.(*lexicon.Ref); ok && cat.OnRequiredCycle(r.To) {
					texts = append(texts, r.To.Text)
				}
				return true
			})
		}
	}
	return texts
}
