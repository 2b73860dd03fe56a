package agreement_test

import (
	"fmt"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/lexgen-go/lexgen/lexgen/conformance/agreement"
	"github.com/lexgen-go/lexgen/lexgen/conformance/internal/gotest"
	"github.com/lexgen-go/lexgen/lexgen/conformance/internal/scratch"
)

// officialModule is the module that the official types are generated into. Its path lets it import
// the packages that are internal to lexgen.
const officialModule = "github.com/lexgen-go/lexgen/lexgen/official"

// officialTypes is fewer than the official types are, so that a list that is cut short is noticed.
const officialTypes = 400

// TestOfficial generates the official lexicons and compares each of their types, with fewer
// documents than the types that were made for this.
func TestOfficial(t *testing.T) {
	t.Parallel()
	t.Attr(gotest.Row, "generated code and the validator without it agree: all official types")
	m, err := scratch.Create(t.TempDir(), officialModule)
	if err != nil {
		t.Fatal(err)
	}
	for name, from := range map[string]string{"lexicons": officialFolder(t), ".": filepath.Join("testdata", "official")} {
		if err := m.Copy(name, from); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"agree.go", "lexicons.go"} {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if err := m.Write("agreement/"+name, text); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := m.Lexgen("."); err != nil {
		t.Fatal(err)
	}
	if err := m.Write("types.go", typesFile(t, m)); err != nil {
		t.Fatal(err)
	}
	output, err := m.Go("run", ".")
	if err != nil {
		t.Error(err)
	}
	t.Attr(gotest.Figures, strings.TrimSpace(output))
}

// symbol is a line of what a generated package says of itself: a def and its Go name.
var symbol = regexp.MustCompile(`"([^" ]+) (\w+)\\n"`)

// typesFile returns Go code that lists the types of all packages in a module.
func typesFile(t *testing.T, m *scratch.Module) []byte {
	t.Helper()
	c := link(t, m.Path("lexicons"))
	withCodec := map[string]bool{}
	for _, doc := range c.Documents() {
		for _, def := range doc.Defs {
			withCodec[def.Key()] = agreement.HasCodec(def)
		}
	}
	directories, err := filepath.Glob(m.Path("*", "lexgen_gen.go"))
	if err != nil {
		t.Fatal(err)
	}
	var imports, entries []string
	for _, directory := range directories {
		text, err := os.ReadFile(directory)
		if err != nil {
			t.Fatal(err)
		}
		folder := filepath.Base(filepath.Dir(directory))
		before := len(entries)
		for _, match := range symbol.FindAllStringSubmatch(string(text), -1) {
			if key, ident := match[1], match[2]; withCodec[key] {
				entries = append(entries, fmt.Sprintf("{%q, func() agreement.Value { return new(%s.%s) }},", key, folder, ident))
			}
		}
		if len(entries) > before {
			imports = append(imports, fmt.Sprintf("import %q", path.Join(officialModule, folder)))
		}
	}
	if len(entries) < officialTypes {
		t.Fatalf("found %d types, want at least %d", len(entries), officialTypes)
	}
	imports = append(imports, fmt.Sprintf("import %q", path.Join(officialModule, "agreement")))
	lines := slices.Concat([]string{"package main", ""}, imports,
		[]string{"", "func types() []agreement.Type {", "\treturn []agreement.Type{"}, entries, []string{"\t}", "}", ""})
	return []byte(strings.Join(lines, "\n"))
}
