package reach_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lexgen-go/lexgen/lexgen/internal/catalog"
	"github.com/lexgen-go/lexgen/lexgen/internal/lexicon"
	"github.com/lexgen-go/lexgen/lexgen/internal/reach"
	"github.com/lexgen-go/lexgen/lexgen/internal/source"
	"github.com/lexgen-go/lexgen/runtime/syntax"
)

// link makes a catalog of documents. Each is an NSID followed by its defs, which are objects: a name,
// which a colon and the refs of the object may follow.
func link(t testing.TB, lines ...string) *catalog.Catalog {
	t.Helper()
	var documents []*lexicon.Document
	for _, line := range lines {
		words := strings.Fields(line)
		var defs []string
		for _, word := range words[1:] {
			name, refs, _ := strings.Cut(word, ":")
			var properties []string
			for i, ref := range strings.FieldsFunc(refs, func(r rune) bool { return r == ',' }) {
				properties = append(properties, fmt.Sprintf(`"p%d": %s`, i, schemaTo(ref)))
			}
			defs = append(defs, fmt.Sprintf(`%q: {"type": "object", "properties": {%s}}`, name, strings.Join(properties, ", ")))
		}
		text := fmt.Sprintf(`{"lexicon": 1, "id": %q, "defs": {%s}}`, words[0], strings.Join(defs, ", "))
		file := source.NewFile(strings.ReplaceAll(words[0], ".", "/")+".json", []byte(text))
		tree, problems := source.Parse(file)
		document, list := lexicon.Decode(file, tree)
		if len(problems)+len(list) > 0 {
			t.Fatalf("%s: %v %v", text, problems, list)
		}
		documents = append(documents, document)
	}
	c, list := catalog.Link(documents)
	if len(list) > 0 {
		t.Fatalf("got findings %v", list)
	}
	return c
}

// schemaTo returns a schema with a reference: one in a union in an array if it ends with an asterisk.
func schemaTo(ref string) string {
	if inUnion, ok := strings.CutSuffix(ref, "*"); ok {
		return fmt.Sprintf(`{"type": "array", "items": {"type": "union", "refs": [%q]}}`, inUnion)
	}
	return fmt.Sprintf(`{"type": "ref", "ref": %q}`, ref)
}

// patterns makes patterns, each at a place of its own.
func patterns(texts ...string) []reach.Pattern {
	var list []reach.Pattern
	for _, text := range texts {
		list = append(list, reach.Pattern{Text: text, Span: source.NewFile(text, nil).Span(0, 0)})
	}
	return list
}

// kept returns the canonical names of the defs in a selection.
func kept(c *catalog.Catalog, s *reach.Selection) []string {
	var keys []string
	for _, document := range c.Documents() {
		for _, def := range document.Defs {
			if s.Keep(def) {
				keys = append(keys, def.Key())
			}
		}
	}
	return keys
}

func TestSelect(t *testing.T) {
	t.Parallel()
	documents := []string{
		"com.example.a main:com.example.defs#x helper",
		"com.example.defs x:#y,com.example.list.defs#z* y unused",
		"com.example.list.defs z:com.example.defs#x other",
		"com.example.list.Get main",
		"com.other.thing main:com.example.a",
	}
	all := []string{
		"com.example.a", "com.example.a#helper", "com.example.defs#x", "com.example.defs#y", "com.example.defs#unused",
		"com.example.list.Get", "com.example.list.defs#z", "com.example.list.defs#other", "com.other.thing",
	}
	tests := []struct {
		name             string
		include, exclude []string
		want, findings   []string
	}{
		{name: "default", want: all},
		{name: "everything", include: []string{"*"}, want: all},
		{name: "nothing", exclude: []string{"*"}, want: nil},
		{
			name: "document", include: []string{"com.example.a"},
			want: []string{"com.example.a", "com.example.a#helper", "com.example.defs#x", "com.example.defs#y", "com.example.list.defs#z"},
		},
		{
			name: "all below", include: []string{"com.example.list.*"},
			want: []string{"com.example.defs#x", "com.example.defs#y", "com.example.list.Get", "com.example.list.defs#z", "com.example.list.defs#other"},
		},
		{
			name: "excluded and referred to", include: []string{"com.*"}, exclude: []string{"com.example.*"},
			want: []string{"com.example.a", "com.example.defs#x", "com.example.defs#y", "com.example.list.defs#z", "com.other.thing"},
		},
		{name: "narrow in wide", exclude: []string{"com.example.*", "com.example.a", "com.other.*"}},
		{
			name: "unused", include: []string{"com.example.list.get", "com.exampel.*", "org.*", "com.other.thing.*", "com.example.list.Get"}, exclude: []string{"com.example.b"},
			want: []string{"com.example.list.Get"},
			findings: []string{
				`include: no lexicon matches "com.example.list.get" (did you mean "com.example.list.Get"?)`,
				`include: no lexicon matches "com.exampel.*" (did you mean "com.example.*"?)`,
				`include: no lexicon matches "org.*" (correct the pattern, or remove it)`,
				`include: no lexicon matches "com.other.thing.*" (correct the pattern, or remove it)`,
				`exclude: no lexicon matches "com.example.b" (did you mean "com.example.a"?)`,
			},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			c := link(t, documents...)
			selection, list := reach.Select(c, reach.Wanted{Include: patterns(test.include...), Exclude: patterns(test.exclude...)})
			if diff := cmp.Diff(kept(c, selection), test.want); diff != "" {
				t.Errorf("(-got +want):\n%s", diff)
			}
			var findings []string
			for _, d := range list {
				findings = append(findings, fmt.Sprintf("%s (%s)", d.Message, d.Help))
			}
			if diff := cmp.Diff(findings, test.findings); diff != "" {
				t.Errorf("findings (-got +want):\n%s", diff)
			}
			if list.HasErrors() {
				t.Errorf("got errors: %v", list)
			}
		})
	}
}

// TestElsewhere demands that documents of packages which are generated elsewhere are no start, and are
// kept.
func TestElsewhere(t *testing.T) {
	t.Parallel()
	c := link(t, "com.example.a main:net.far.defs#x", "net.far.defs x:#y,com.example.b y", "com.example.b main", "com.example.c main")
	selection, list := reach.Select(c, reach.Wanted{
		Include:   patterns("com.example.a", "net.far.*"),
		Elsewhere: func(d *lexicon.Document) bool { return strings.HasPrefix(string(d.ID), "net.far.") },
	})
	want := []string{"com.example.a", "net.far.defs#x", "net.far.defs#y"}
	if diff := cmp.Diff(kept(c, selection), want); diff != "" {
		t.Errorf("(-got +want):\n%s", diff)
	}
	const warning = `include: "net.far.*" matches only lexicons whose packages are generated elsewhere`
	if len(list) != 1 || list[0].Message != warning || list[0].Span.File.Name != "net.far.*" {
		t.Errorf("got %v, want %q", list, warning)
	}
	if chain := selection.Why(c.Def("net.far.defs", "y")); chain != nil {
		t.Errorf("got %v, want no chain through another module", chain)
	}
}

func TestWhy(t *testing.T) {
	t.Parallel()
	c := link(t,
		"com.example.a main:com.example.defs#long",
		"com.example.b main:com.example.defs#x*,com.example.defs#long",
		"com.example.c main",
		"com.example.defs long:#x x:#y y unused",
	)
	selection, _ := reach.Select(c, reach.Wanted{Include: patterns("com.example.a", "com.example.b", "com.*"), Exclude: patterns("com.example.defs", "com.example.c")})
	tests := []struct {
		name string
		id   syntax.NSID
		def  string
		want []string
	}{
		{"selected", "com.example.a", "main", []string{"com.example.a because of com.example.a"}},
		{"shortest chain", "com.example.defs", "y", []string{
			"com.example.defs#y because com.example.defs#x has #y",
			"com.example.defs#x because com.example.b has com.example.defs#x",
			"com.example.b because of com.example.b",
		}},
		{"not referred to", "com.example.defs", "unused", nil},
		{"excluded", "com.example.c", "main", nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			def := c.Def(test.id, test.def)
			var got []string
			for _, step := range selection.Why(def) {
				if step.From != nil {
					got = append(got, fmt.Sprintf("%s because %s has %s", step.Def.Key(), step.From.Key(), step.Ref.Text))
				} else {
					got = append(got, fmt.Sprintf("%s because of %s", step.Def.Key(), step.Pattern.Text))
				}
			}
			if diff := cmp.Diff(got, test.want); diff != "" {
				t.Errorf("(-got +want):\n%s", diff)
			}
		})
	}
	if pattern := selection.Excluded(c.Document("com.example.c")); pattern == nil || pattern.Text != "com.example.c" {
		t.Errorf("got %v, want the pattern that takes out com.example.c", pattern)
	}
	if pattern := selection.Excluded(c.Document("com.example.a")); pattern != nil {
		t.Errorf("got %v, want none", pattern)
	}
}

// BenchmarkSelect shows that the time grows with the documents and no faster: each refers to the next,
// and has a pattern of its own.
func BenchmarkSelect(b *testing.B) {
	for _, n := range []int{1000, 10000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			var lines, texts []string
			for i := range n {
				lines = append(lines, fmt.Sprintf("com.example.d%d main:com.example.d%d", i, (i+1)%n))
				texts = append(texts, fmt.Sprintf("com.example.d%d", i))
			}
			c, wanted := link(b, lines...), reach.Wanted{Include: patterns(texts...)}
			for b.Loop() {
				reach.Select(c, wanted)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*n), "ns/document")
		})
	}
}
