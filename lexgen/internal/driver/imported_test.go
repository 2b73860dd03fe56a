package driver_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/lexgen-go/lexgen/lexgen/internal/driver"
)

// TestImportedIsKept demands that a package which is only referred to is not taken for a leftover, even if
// it lies in the folder that the configuration claims.
func TestImportedIsKept(t *testing.T) {
	t.Parallel()
	const note = `{"lexicon": 1, "id": "com.shared.note", "defs": {"main": {"type": "object", "properties": {}}}}`
	dir := project(t, map[string]string{
		"go.mod":                            "module golden.test\n\ngo 1.26\n",
		"before.json":                       `{"version": 1, "lexicons": ["shared"], "packages": [{"nsid": "com.shared", "dir": "gen/shared"}]}`,
		"lexgen.json":                       `{"version": 1, "out": "gen", "packages": [{"nsid": "com.shared", "import": "golden.test/gen/shared"}]}`,
		"shared/com/shared/note.json":       note,
		"lexicons/com/example/app/get.json": query,
	})
	for _, config := range []string{"before.json", "lexgen.json"} {
		result, err := driver.Generate(t.Context(), driver.Options{Dir: dir, Config: config})
		if err != nil || result.Diags.HasErrors() {
			t.Fatalf("%s: got %v, %v", config, result.Diags, err)
		}
		if removed := result.Changes.Leftover; len(removed) > 0 {
			t.Errorf("%s: removed %v", config, removed)
		}
	}
	if _, err := os.Stat(filepath.Join(dir, "gen", "shared", "note_gen.go")); err != nil {
		t.Error(err)
	}
}
