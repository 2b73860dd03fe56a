package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lexgen-go/lexgen/lexgen/internal/diag"
	"github.com/lexgen-go/lexgen/lexicons"
)

// TestModel compares a generated file with the model that was there first. What the generator
// writes is what a person would have written. The model's document is the createSession of 2023.
func TestModel(t *testing.T) {
	t.Parallel()
	const document, name = "com/atproto/server/createSession.json", "server_create_session_gen.go"
	models := os.DirFS(filepath.Join("testdata", "handwritten"))
	want, err := fs.ReadFile(models, name)
	if err != nil {
		t.Fatal(err)
	}
	got := generateAll(t, models, map[string]string{document: path.Base(document)})["comatproto/"+name]
	if diff := cmp.Diff(got, string(want)); diff != "" {
		t.Errorf("%s differs from the model (-got +want):\n%s", name, diff)
	}
}

// TestCommittedCode demands that the generated code of this repository is what the compiler makes of
// the lexicons now.
func TestCommittedCode(t *testing.T) {
	t.Parallel()
	root, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	for _, config := range []string{"generated/lexgen.json", "server/internal/client2023/lexgen.json"} {
		var stdout, stderr bytes.Buffer
		if status := run(t.Context(), root, []string{"check", "-c", config}, streams{stdout: &stdout, stderr: &stderr}); status != exitFine {
			t.Errorf("%s: got exit status %d:\n%s%s", config, status, &stdout, &stderr)
		}
	}
}

// TestOrderOfFiles demands that the output does not depend on the names of the files, nor on the
// order in which they are found.
func TestOrderOfFiles(t *testing.T) {
	t.Parallel()
	paths := lexiconPaths(t)
	want := generateAll(t, lexicons.FS, paths)
	for seed := range uint64(3) {
		random := rand.New(rand.NewPCG(seed, 0))
		shuffled := map[string]string{}
		for _, path := range paths {
			shuffled[fmt.Sprintf("%d/%d.json", random.IntN(3), random.Uint32())] = path
		}
		if diff := cmp.Diff(generateAll(t, lexicons.FS, shuffled), want); diff != "" {
			t.Errorf("seed %d changes the output (-got +want):\n%s", seed, diff)
		}
	}
}

// lexiconPaths returns the documents of this repository, by where they are put.
func lexiconPaths(t *testing.T) map[string]string {
	t.Helper()
	paths := map[string]string{}
	err := fs.WalkDir(lexicons.FS, ".", func(path string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			paths[path] = path
		}
		return err
	})
	if err != nil || len(paths) == 0 {
		t.Fatalf("got %d lexicons: %v", len(paths), err)
	}
	return paths
}

// generateAll compiles documents of a file system, each put at a path of its own, and returns the
// generated files.
func generateAll(t *testing.T, files fs.FS, documents map[string]string) map[string]string {
	t.Helper()
	dir := t.TempDir()
	for to, from := range documents {
		text, err := fs.ReadFile(files, from)
		if err != nil {
			t.Fatal(err)
		}
		writeFile(t, filepath.Join(dir, "lexicons", filepath.FromSlash(to)), text)
	}
	writeFile(t, filepath.Join(dir, "go.mod"), []byte("module golden.test\n"))
	writeFile(t, filepath.Join(dir, "lexgen.json"), []byte(`{"version": 1}`))
	var stderr bytes.Buffer
	if status := run(context.Background(), dir, nil, streams{stdout: io.Discard, stderr: &stderr}); status != exitFine {
		t.Fatalf("got exit status %d: %s", status, &stderr)
	}
	texts := map[string]string{}
	generated, err := filepath.Glob(filepath.Join(dir, "*", "*_gen.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range generated {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		relative, err := filepath.Rel(dir, path)
		if err != nil {
			t.Fatal(err)
		}
		texts[filepath.ToSlash(relative)] = string(text)
	}
	return texts
}

// TestArchives demands that every archive says what it is for, and that every rule is in one.
func TestArchives(t *testing.T) {
	t.Parallel()
	archives, err := filepath.Glob(filepath.Join(scriptDir, "*.txtar"))
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for _, path := range archives {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.HasPrefix(text, []byte("# ")) {
			t.Errorf("%s does not begin with a comment", path)
		}
		all.Write(text)
	}
	for _, rule := range diag.Rules() {
		if !strings.Contains(all.String(), fmt.Sprintf("[%s]", rule.ID)) {
			t.Errorf("no archive shows the rule %s", rule.ID)
		}
	}
}

// TestInterrupted demands that an interrupted run says so.
func TestInterrupted(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	var stderr bytes.Buffer
	root, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	status := run(ctx, root, []string{"-c", "generated/lexgen.json"}, streams{stdout: io.Discard, stderr: &stderr})
	if got, want := stderr.String(), "lexgen: interrupted; no file was changed\n"; status != exitFault || got != want {
		t.Errorf("got exit status %d and %q, want %d and %q", status, got, exitFault, want)
	}
}

// brokenWriter is a writer that panics or fails.
type brokenWriter struct{ fault any }

func (w brokenWriter) Write([]byte) (int, error) {
	if err, ok := w.fault.(error); ok {
		return 0, err
	}
	panic(w.fault)
}

// TestFault demands that a fault of lexgen is told apart from the user's mistakes, and how to report it.
func TestFault(t *testing.T) {
	t.Setenv("LEXGEN_DEBUG", "1")
	var stderr bytes.Buffer
	status := run(context.Background(), t.TempDir(), []string{"version"}, streams{stdout: brokenWriter{"no such invariant"}, stderr: &stderr})
	if status != exitFault {
		t.Errorf("got exit status %d, want %d", status, exitFault)
	}
	for _, want := range []string{"a fault in lexgen", "no such invariant", "goroutine", "/issues"} {
		if !strings.Contains(stderr.String(), want) {
			t.Errorf("got %q, want %q in it", &stderr, want)
		}
	}
}

// TestUnwritable demands that findings which cannot be printed are no success.
func TestUnwritable(t *testing.T) {
	t.Parallel()
	root, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	var stderr bytes.Buffer
	args := []string{"check", "--format=json", "-c", "generated/lexgen.json"}
	status := run(context.Background(), root, args, streams{stdout: brokenWriter{io.ErrClosedPipe}, stderr: &stderr})
	if status != exitFault || !strings.Contains(stderr.String(), "closed pipe") {
		t.Errorf("got exit status %d and %q, want %d and the cause", status, &stderr, exitFault)
	}
}
