package catalog_test

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lexgen-go/lexgen/lexgen/internal/catalog"
	"github.com/lexgen-go/lexgen/lexgen/internal/diag"
	"github.com/lexgen-go/lexgen/lexgen/internal/lexicon"
	"github.com/lexgen-go/lexgen/lexgen/internal/metaschema"
	"github.com/lexgen-go/lexgen/lexgen/internal/source"
	"github.com/lexgen-go/lexgen/runtime/syntax"
)

// files are documents by path.
type files map[string]string

// link decodes documents and links them. Names are visited in sorted order.
func link(t *testing.T, docs files) (*catalog.Catalog, diag.List) {
	t.Helper()
	var list []*lexicon.Document
	names := make([]string, 0, len(docs))
	for name := range docs {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		file := source.NewFile(name, []byte(docs[name]))
		if folder, path, ok := strings.Cut(name, "/"); ok && folder != "com" {
			file.Folder, file.Path = folder, path
		}
		tree, _ := source.Parse(file)
		doc, _ := lexicon.Decode(file, tree)
		list = append(list, doc)
	}
	return catalog.Link(list)
}

// doc returns a document and its path.
func doc(id, defs string) (path, text string) {
	return "lexicons/" + strings.ReplaceAll(id, ".", "/") + ".json", `{"lexicon": 1, "id": "` + id + `", "defs": {` + defs + `}}`
}

// docs builds documents from pairs of an id and defs.
func docs(pairs ...string) files {
	f := files{}
	for pair := range slices.Chunk(pairs, 2) {
		path, text := doc(pair[0], pair[1])
		f[path] = text
	}
	return f
}

func (f files) with(path, text string) files {
	f[path] = text
	return f
}

// findings returns one line for each finding: the text at its place, the
// severity, the rule, the message and the help.
func findings(list diag.List) []string {
	var lines []string
	for _, d := range list {
		lines = append(lines, fmt.Sprintf("%s %v [%s] %s (%s)", d.Span.Text(), d.Severity, d.Rule, d.Message, d.Help))
	}
	return lines
}

// object is an object with one property.
func object(name, schema string) string {
	return `"` + name + `": {"type": "object", "properties": {"p": ` + schema + `}}`
}

func ref(to string) string { return `{"type": "ref", "ref": "` + to + `"}` }

func union(to string) string { return `{"type": "union", "refs": ["` + to + `"]}` }

func body(schema string) string {
	return `"main": {"type": "query", "output": {"encoding": "application/json", "schema": ` + schema + `}}`
}

const record = `"main": {"type": "record", "key": "tid", "record": {"type": "object", "properties": {}}}`

func TestLink(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		docs files
		want []string
	}{
		{"local ref", docs("com.example.a", object("a", ref("#b"))+`, "b": {"type": "string"}`), nil},
		{"absolute ref to itself", docs("com.example.a", object("a", ref("com.example.a#a"))), nil},
		{"ref to main", docs("com.example.a", object("a", ref("com.example.b"))+","+object("c", ref("com.example.b#main")), "com.example.b", record), nil},
		{"authority in any case", docs("com.example.a", object("a", ref("COM.Example.B.c#x")), "com.EXAMPLE.b.c", `"x": {"type": "blob"}`), nil},
		{
			"unknown def", docs("com.example.a", object("a", ref("com.example.defs#vew")), "com.example.defs", object("view", ref("#view"))+`, "viewBasic": {"type": "string"}`),
			[]string{`"com.example.defs#vew" error [unresolved-ref] ref "com.example.defs#vew": no such def (com.example.defs has view, viewBasic)`},
		},
		{
			"def in another document", docs("com.example.a", object("a", ref("#view")), "com.example.defs", `"view": {"type": "string"}`),
			[]string{`"#view" error [unresolved-ref] ref "#view": no such def (did you mean com.example.defs#view?)`},
		},
		{
			"no main", docs("com.example.a", object("a", ref("com.example.defs")), "com.example.defs", `"x": {"type": "string"}`),
			[]string{`"com.example.defs" error [unresolved-ref] ref "com.example.defs": no such def (com.example.defs has x)`},
		},
		{
			"unknown document", docs("com.example.a", object("a", union("com.exmaple.defs#x")), "com.example.defs", `"x": {"type": "string"}`),
			[]string{`"com.exmaple.defs#x" error [unresolved-ref] ref "com.exmaple.defs#x": no such document (did you mean com.example.defs?)`},
		},
		{
			"document that is not there", docs("com.example.a", object("a", ref("org.other.thing"))),
			[]string{`"org.other.thing" error [unresolved-ref] ref "org.other.thing": no such document (add org/other/thing.json to the lexicons)`},
		},
		{
			"many defs", docs("com.example.a", object("a", ref("#d99"))+many(12)),
			[]string{`"#d99" error [unresolved-ref] ref "#d99": no such def (did you mean com.example.a#d9?)`},
		},
		{
			"many other defs", docs("com.example.a", object("a", ref("#thing"))+many(12)),
			[]string{`"#thing" error [unresolved-ref] ref "#thing": no such def (com.example.a has a, d0, d1, d2, d3, d4, d5, d6 and 5 more)`},
		},
		{
			"ref to a token", docs("com.example.a", object("a", ref("#t"))+`, "t": {"type": "token"}`),
			[]string{`"#t" error [ref-target] ref "#t": the type token holds no data (refer to a data type or a record; com.example.a#t is at lexicons/com/example/a.json:1:124)`},
		},
		{
			"ref to an endpoint", docs("com.example.a", object("a", ref("com.example.b")), "com.example.b", `"main": {"type": "query"}`),
			[]string{`"com.example.b" error [ref-target] ref "com.example.b": the type query holds no data (refer to a data type or a record; com.example.b is at lexicons/com/example/b.json:1:48)`},
		},
		{
			"variant that is no object", docs("com.example.a", object("a", union("#s"))+`, "s": {"type": "string"}`),
			[]string{`"#s" error [ref-target] ref "#s": a variant cannot be of type string (a variant is an object or a record; com.example.a#s is at lexicons/com/example/a.json:1:129)`},
		},
		{"variants", docs("com.example.a", object("a", union("#a"))+","+object("b", union("com.example.b")), "com.example.b", record), nil},
		{
			"body that is no object", docs("com.example.a", body(ref("#s"))+`, "s": {"type": "array", "items": {"type": "string"}}`),
			[]string{`"#s" error [ref-target] ref "#s": a body cannot be of type array (a body is an object or a record; com.example.a#s is at lexicons/com/example/a.json:1:159)`},
		},
		{"bodies", docs("com.example.a", body(ref("com.example.b")), "com.example.b", record, "com.example.c", body(union("com.example.b"))), nil},
		{
			"two documents with one id", docs("com.example.a", object("a", ref("#b"))+`, "b": {"type": "string"}`).with("other/com/example/a.json", `{"lexicon": 1, "id": "COM.example.a", "defs": {"c": {"type": "string"}}}`),
			[]string{`"COM.example.a" error [duplicate-id] the document com.example.a exists twice (the first is lexicons/com/example/a.json:1:22)`},
		},
		{
			"path",
			files{"lexicons/b.json": `{"lexicon": 1, "id": "com.example.a", "defs": {"c": {"type": "string"}}}`},
			[]string{`"com.example.a" warning [path-mismatch] the path of the file does not spell the id com.example.a (move the file to …/com/example/a.json)`},
		},
		{"path without folder", files{"com/example/a.json": `{"lexicon": 1, "id": "com.Example.a", "defs": {"c": {"type": "string"}}}`}, nil},
		{
			"case of the name",
			files{"com/example/getthing.json": `{"lexicon": 1, "id": "com.example.getThing", "defs": {"c": {"type": "string"}}}`},
			[]string{`"com.example.getThing" warning [path-mismatch] the path of the file does not spell the id com.example.getThing (move the file to …/com/example/getThing.json)`},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			_, list := link(t, test.docs)
			if diff := cmp.Diff(test.want, findings(list)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestPath checks which paths spell com.example.getThing. What the warning tells is also how a
// document that cannot be read is found again.
func TestPath(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, folder, path string
		want               bool
	}{
		{"whole path", "lexicons", "com/example/getThing.json", true},
		{"folder above the configuration", "../..", "com/example/getThing.json", true},
		{"authority in another case", "lexicons", "com/Example/getThing.json", true},
		{"name in another case", "lexicons", "com/example/getthing.json", false},
		{"one of several trees", "lexicons", "tree/com/example/getThing.json", true},
		{"folder in between", "lexicons", "com/example/junk/getThing.json", false},
		{"folder that spells the start", "lexicons/com/example", "getThing.json", true},
		{"folder that spells nothing", "lexicons", "getThing.json", false},
		{"half of a segment", "lexicons/xcom/example", "getThing.json", false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			link := func(text string) diag.List {
				file := source.NewFile("../anywhere.json", []byte(text))
				file.Folder, file.Path = test.folder, test.path
				other := source.NewFile("com/example/other.json", []byte(`{"id": "com.example.other", "defs": {`+
					object("a", ref("com.example.getThing"))+`}}`))
				var list []*lexicon.Document
				for _, f := range []*source.File{file, other} {
					tree, _ := source.Parse(f)
					doc, _ := lexicon.Decode(f, tree)
					list = append(list, doc)
				}
				_, found := catalog.Link(list)
				return found
			}
			if list := link(`{"id": "com.example.getThing", "defs": {"main": {"type": "string"}}}`); (len(list) == 0) != test.want {
				t.Errorf("got %q, want a warning: %v", findings(list), !test.want)
			}
			if list := link(`{`); (len(list) == 0) != test.want {
				t.Errorf("unreadable: got %q, want an unresolved ref: %v", findings(list), !test.want)
			}
		})
	}
}

// many returns n defs, with a comma in front.
func many(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `, "d%d": {"type": "string"}`, i)
	}
	return b.String()
}

// TestPlaceholdersHideFindings shows that what may be the fault of a document
// that could not be read is not reported a second time.
func TestPlaceholdersHideFindings(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, path, text string
	}{
		{"not JSON", "lexicons/com/example/b.json", `{`},
		{"no id", "lexicons/com/example/b.json", `{"defs": {}}`},
		{"bad id", "lexicons/com/example/b.json", `{"id": "b", "defs": {"x": {"type": "string"}}}`},
		{"no defs", "elsewhere.json", `{"id": "com.example.b"}`},
		{"broken def", "lexicons/com/example/b.json", `{"id": "com.example.b", "defs": {"x": {"type": "strnig"}}}`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			cat, list := link(t, docs("com.example.a", object("a", ref("com.example.b#x"))).with(test.path, test.text))
			list = slices.DeleteFunc(list, func(d diag.Diagnostic) bool { return d.Rule == diag.PathMismatch })
			if len(list) > 0 {
				t.Errorf("got %q, want no finding", findings(list))
			}
			to := cat.Def("com.example.a", "a").Schema.(*lexicon.Object).Properties[0].Schema.(*lexicon.Ref).To
			if target := cat.Target(to); target != nil {
				t.Errorf("got target %v, want none", target)
			}
		})
	}
	t.Run("other mistakes", func(t *testing.T) {
		t.Parallel()
		_, list := link(t, docs("com.example.a", object("a", ref("com.example.c"))).with("com/example/b.json", `{`).
			with("bad.json", `{"id": "bad", "defs": {`+object("a", ref("#nope"))+`}}`))
		want := []string{
			`"#nope" error [unresolved-ref] ref "#nope": no such def (the document has a)`,
			`"com.example.c" error [unresolved-ref] ref "com.example.c": no such document (did you mean com.example.a?)`,
		}
		if diff := cmp.Diff(want, findings(list)); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
}

func TestCatalog(t *testing.T) {
	t.Parallel()
	cat, _ := link(t, docs("com.example.c", `"x": {"type": "string"}`, "com.Example.a", object("a", ref("com.example.c#x")), "com.example.b", record))
	var ids []string
	for _, doc := range cat.Documents() {
		ids = append(ids, string(doc.ID))
	}
	if want := []string{"com.example.a", "com.example.b", "com.example.c"}; !slices.Equal(ids, want) {
		t.Errorf("got documents %v, want %v", ids, want)
	}
	a := cat.Def("COM.example.a", "a")
	if a == nil || a.Document != cat.Document("com.example.a") {
		t.Fatalf("got def %v, want one of com.example.a", a)
	}
	to := a.Schema.(*lexicon.Object).Properties[0].Schema.(*lexicon.Ref).To
	if got, want := cat.Target(to), cat.Def("com.example.c", "x"); got == nil || got != want {
		t.Errorf("got target %v, want %v", got, want)
	}
	if cat.Def("com.example.a", "b") != nil || cat.Def("com.example.z", "a") != nil || cat.Document("?") != nil {
		t.Error("found what does not exist")
	}
}

// TestLexiconsOfThisRepository reads the documents that the server implements.
func TestLexiconsOfThisRepository(t *testing.T) {
	t.Parallel()
	root := filepath.Join("..", "..", "..", "lexicons")
	shape := metaschema.New()
	var list diag.List
	var documents []*lexicon.Document
	err := filepath.WalkDir(root, func(path string, _ fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(path) != ".json" {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		file := source.NewFile(path, data)
		if file.Path, err = filepath.Rel(root, path); err != nil {
			return err
		}
		tree, problems := source.Parse(file)
		list.AddProblems(problems)
		list.Add(shape.Check(tree)...)
		doc, findings := lexicon.Decode(file, tree)
		list.Add(findings...)
		documents = append(documents, doc)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	cat, findings := catalog.Link(documents)
	list.Add(findings...)
	var text strings.Builder
	if err := diag.WriteText(&text, list); err != nil || text.Len() > 0 {
		t.Errorf("got findings:\n%s", text.String())
	}
	const least = 55
	if got := len(cat.Documents()); got < least {
		t.Errorf("got %d documents, want at least %d", got, least)
	}
}

// TestMissingInPackage demands that the help for a document which a package that is generated elsewhere
// does not have is about the package.
func TestMissingInPackage(t *testing.T) {
	t.Parallel()
	path, text := doc("com.example.defs", object("a", ref("org.other.thing"))+", "+object("b", ref("org.third.thing")))
	file := source.NewFile(path, []byte(text))
	tree, _ := source.Parse(file)
	document, _ := lexicon.Decode(file, tree)
	_, list := catalog.LinkWithPackages([]*lexicon.Document{document}, func(id syntax.NSID) string {
		if id == "org.other.thing" {
			return "golden.test/other"
		}
		return ""
	})
	want := []string{
		`"org.other.thing" error [unresolved-ref] ref "org.other.thing": no such document (the package golden.test/other lists no such lexicon; use a version of it that does)`,
		`"org.third.thing" error [unresolved-ref] ref "org.third.thing": no such document (add org/third/thing.json to the lexicons)`,
	}
	if diff := cmp.Diff(want, findings(list)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
