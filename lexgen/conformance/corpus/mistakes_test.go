package corpus_test

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lexgen-go/lexgen/lexgen/conformance/internal/gotest"
	"github.com/lexgen-go/lexgen/lexgen/conformance/internal/scratch"
)

// finding matches the first line of a diagnostic.
var finding = regexp.MustCompile(`(?m)^(\S+:\d+:\d+): (?:error|warning): .* (\[[a-z-]+\])$`)

// E12: of a schema with the properties fooBar and FooBar, two generators for Go made a struct with
// two fields FooBar, and said that all went well.
func TestPropertiesInTwoCases(t *testing.T) {
	t.Parallel()
	t.Attr(gotest.Row, "E12: fooBar beside FooBar is a diagnostic, and the entry that it shows cures it")
	m := newModule(t, "twins.test")
	writeFile(t, m, "lexicons/com/example/twins.json", []byte(`{
  "lexicon": 1,
  "id": "com.example.twins",
  "defs": {
    "main": {
      "type": "object",
      "properties": {
        "fooBar": {"type": "string"},
        "FooBar": {"type": "string"}
      }
    }
  }
}
`))
	configure(t, m, ".", config{})
	output := checkFindings(t, m, "lexicons/com/example/twins.json:9:9 [name-collision]")
	for _, want := range []string{"lexicons/com/example/twins.json:8:9", `"com.example.twins#main/properties/FooBar"`} {
		if !strings.Contains(output, want) {
			t.Errorf("got %s\nwant %s in it", output, want)
		}
	}
	configure(t, m, ".", config{Names: map[string]string{"com.example.twins#main/properties/FooBar": "FooBarUpper"}})
	checkCompiles(t, m)
}

// E13: of two authorities whose records refer to each other, a generator made two packages that
// import each other, which no Go compiler takes, and said that all went well.
func TestMutualReferences(t *testing.T) {
	t.Parallel()
	t.Attr(gotest.Row, "E13: authorities that refer to each other are a diagnostic, and a shared folder cures it")
	m := newModule(t, "mutual.test")
	for _, pair := range [][2]string{{"com", "net"}, {"net", "com"}} {
		writeFile(t, m, "lexicons/"+pair[0]+"/example/page.json", fmt.Appendf(nil, `{
  "lexicon": 1,
  "id": "%s.example.page",
  "defs": {
    "main": {
      "type": "record",
      "key": "tid",
      "record": {
        "type": "object",
        "properties": {
          "next": {"type": "ref", "ref": "%s.example.page"}
        }
      }
    }
  }
}
`, pair[0], pair[1]))
	}
	configure(t, m, ".", config{})
	output := checkFindings(t, m, "lexicons/net/example/page.json:11:42 [import-cycle]")
	if want := "lexicons/com/example/page.json:11:42"; !strings.Contains(output, want) {
		t.Errorf("got %s\nwant %s in it", output, want)
	}
	configure(t, m, ".", config{Packages: []configPackage{
		{NSID: "com.example", Dir: "example"},
		{NSID: "net.example", Dir: "example", Prefix: "Net"},
	}})
	checkCompiles(t, m)
}

// E14: of several bad schemas, a generator reported the first only, with its file and no line;
// neither it nor a linter noticed an id that is not the path, a reference to nowhere, or a default
// that the schema itself forbids.
func TestBadSchemas(t *testing.T) {
	t.Parallel()
	t.Attr(gotest.Row, "E14: all bad schemas are reported in one run, each with its line and column")
	m := newModule(t, "bad.test")
	for name, text := range map[string]string{
		"type":     `"type": "objekt"`,
		"range":    `"type": "integer", "minimum": 7, "maximum": 3`,
		"comma":    `"type": "integer", }`,
		"path":     `"type": "integer"`,
		"ref":      `"type": "array", "items": {"type": "ref", "ref": "com.example.gone#view"}`,
		"enum":     `"type": "string", "enum": ["a"], "default": "b"`,
		"interval": `"type": "integer", "maximum": 3, "default": 4`,
		"good":     `"type": "object", "properties": {}`,
	} {
		id := name
		if name == "path" {
			id = "other"
		}
		writeFile(t, m, "lexicons/com/example/bad/"+name+".json", fmt.Appendf(nil, "{\n  \"lexicon\": 1,\n"+
			"  \"id\": \"com.example.bad.%s\",\n  \"defs\": {\n    \"main\": {%s}\n  }\n}\n", id, text))
	}
	configure(t, m, ".", config{})
	checkFindings(t, m,
		"lexicons/com/example/bad/comma.json:5:31 [schema-json-parse]",
		"lexicons/com/example/bad/enum.json:5:58 [invalid-value]",
		"lexicons/com/example/bad/interval.json:5:58 [invalid-value]",
		"lexicons/com/example/bad/path.json:3:9 [path-mismatch]",
		"lexicons/com/example/bad/range.json:5:44 [empty-range]",
		"lexicons/com/example/bad/ref.json:5:63 [unresolved-ref]",
		"lexicons/com/example/bad/type.json:5:22 [unknown-type]",
	)
	if files := generatedFiles(t, m.Dir); len(files) > 0 {
		t.Errorf("a failed run wrote %v", slices.Sorted(maps.Keys(files)))
	}
}

// checkFindings demands that lexgen fails and reports exactly this, each as the place and the rule,
// and returns what it printed.
func checkFindings(t *testing.T, m *scratch.Module, want ...string) string {
	t.Helper()
	output, err := m.Lexgen(".")
	if err == nil {
		t.Error("lexgen reports success")
	}
	var got []string
	for _, match := range finding.FindAllStringSubmatch(output, -1) {
		got = append(got, match[1]+" "+match[2])
	}
	if diff := cmp.Diff(got, want); diff != "" {
		t.Errorf("findings differ (-got +want):\n%s\n%s", diff, output)
	}
	return output
}

// checkCompiles demands that lexgen generates code in the module and that this compiles.
func checkCompiles(t *testing.T, m *scratch.Module) {
	t.Helper()
	if _, err := m.Lexgen("."); err != nil {
		t.Error(err)
		return
	}
	checkGo(t, m, "vet", "./...")
}
