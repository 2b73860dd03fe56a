package driver_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lexgen-go/lexgen/lexgen/internal/diag"
	"github.com/lexgen-go/lexgen/lexgen/internal/driver"
)

// documented returns a project of which a group has a page.
func documented(t *testing.T, files map[string]string) string {
	t.Helper()
	all := map[string]string{
		"lexgen.json":                       `{"version": 1, "docs": {"com.example.app": "docs/app.md"}}`,
		"lexicons/com/example/app/get.json": query,
	}
	for name, text := range files {
		all[name] = text
	}
	return project(t, all)
}

func TestDocs(t *testing.T) {
	t.Parallel()
	dir := documented(t, nil)
	options := driver.Options{Dir: dir, Command: "lexgen docs"}
	checked, err := driver.CheckDocs(t.Context(), options)
	if err != nil || len(checked.Diags) != 1 || checked.Diags[0].Rule != diag.StaleOutput || checked.Diags[0].Help != "run lexgen docs" {
		t.Errorf("check of nothing: got %v, %v", checked.Diags, err)
	}
	first, err := driver.Docs(t.Context(), options)
	if err != nil || first.Documents != 1 || first.Files != 1 || first.Packages != 0 {
		t.Fatalf("got %+v, %v", first, err)
	}
	if diff := cmp.Diff(first.Changes, driver.Changes{Missing: []string{"docs/app.md"}}); diff != "" {
		t.Errorf("-got +want:\n%s", diff)
	}
	page, err := os.ReadFile(filepath.Join(dir, "docs", "app.md"))
	if err != nil || !strings.Contains(string(page), "\n"+query+"\n") {
		t.Errorf("got %s, %v", page, err)
	}
	second, err := driver.Docs(t.Context(), options)
	if err != nil || !second.Changes.Empty() {
		t.Errorf("second run: got %+v, %v", second.Changes, err)
	}
	if checked, err = driver.CheckDocs(t.Context(), options); err != nil || len(checked.Diags) > 0 {
		t.Errorf("check: got %v, %v", checked.Diags, err)
	}
}

// TestDocsWithMistakes demands that a mistake in a lexicon, or in a page, keeps all pages as they are.
func TestDocsWithMistakes(t *testing.T) {
	t.Parallel()
	for name, files := range map[string]map[string]string{
		"lexicon": {"lexicons/com/example/other/get.json": `{"lexicon": 1, "id": "com.example.other.get", "defs": {"main": {"type": "quary"}}}`},
		"page": {
			"lexgen.json":                   `{"version": 1, "docs": {"com.example.app": "docs/app.md", "com.example": "broken.md"}}`,
			"lexicons/com/example/get.json": strings.ReplaceAll(query, "com.example.app", "com.example"),
			"broken.md":                     "<!-- END lex -->\n",
		},
		"lexicons that are not there": {"lexgen.json": `{"version": 1, "lexicons": ["gone"], "docs": {"com.example.app": "docs/app.md"}}`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := documented(t, files)
			result, err := driver.Docs(t.Context(), driver.Options{Dir: dir})
			if err != nil || !result.Diags.HasErrors() || result.Documents+result.Files != 0 || !result.Changes.Empty() {
				t.Errorf("got %+v, %v", result, err)
			}
			if _, err := os.Stat(filepath.Join(dir, "docs")); !os.IsNotExist(err) {
				t.Errorf("got %v, want no folder", err)
			}
		})
	}
}

func TestDocsWithoutPages(t *testing.T) {
	t.Parallel()
	dir := documented(t, map[string]string{"lexgen.json": `{"version": 1, "docs": {}}`})
	if _, err := driver.Docs(t.Context(), driver.Options{Dir: dir}); !errors.As(err, new(*driver.UsageError)) {
		t.Errorf("got %v", err)
	}
}

func TestDocsCanceled(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := driver.Docs(ctx, driver.Options{Dir: documented(t, nil)}); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want %v", err, context.Canceled)
	}
}
