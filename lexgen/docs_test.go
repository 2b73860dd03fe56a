package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestDocsOfPublishedPage runs docs on a page that the protocol's own documentation has published,
// without its generated section, and demands the page as it was published.
func TestDocsOfPublishedPage(t *testing.T) {
	t.Parallel()
	const name = "com.atproto.account.md"
	want, err := os.ReadFile(filepath.Join("testdata/docs", name))
	if err != nil {
		t.Fatal(err)
	}
	before, rest, _ := bytes.Cut(want, []byte("<!-- DON'T EDIT"))
	_, after, _ := bytes.Cut(rest, []byte("<!-- END lex"))
	dir := t.TempDir()
	writeFile(t, filepath.Join(dir, name), []byte(string(before)+"<!-- END lex"+string(after)))
	writeFile(t, filepath.Join(dir, "lexgen.json"), []byte(`{"version": 1, "docs": {"com.atproto.account": "`+name+`"}}`))
	if err := os.CopyFS(filepath.Join(dir, "lexicons"), os.DirFS("../lexicons")); err != nil {
		t.Fatal(err)
	}
	var stdout, stderr strings.Builder
	if status := run(t.Context(), dir, []string{"docs"}, streams{strings.NewReader(""), &stdout, &stderr}); status != exitFine {
		t.Fatalf("got exit status %d\n%s%s", status, &stdout, &stderr)
	}
	got, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(got), string(want)); diff != "" {
		t.Errorf("-got +want:\n%s", diff)
	}
}
