package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lexgen-go/lexgen/lexgen/internal/diag"
	"github.com/lexgen-go/lexgen/lexicons"
)

// TestModel compares a generated file with the model that was there first. What the generator
// writes is what a person would have written.
func TestModel(t *testing.T) {
	t.Parallel()
	const name = "server_create_session_gen.go"
	want, err := os.ReadFile(filepath.Join("testdata", "handwritten", name))
	if err != nil {
		t.Fatal(err)
	}
	got := generateAll(t, lexiconPaths(t))["comatproto/"+name]
	if diff := cmp.Diff(got, string(want)); diff != "" {
		t.Errorf("%s differs from the model (-got +want):\n%s", name, diff)
	}
}

// TestCommittedCode demands that generated/ is what the compiler makes of lexicons/ now.
func TestCommittedCode(t *testing.T) {
	t.Parallel()
	root, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	var stdout, stderr bytes.Buffer
	if status := run(context.Background(), root, []string{"check", "-c", "generated/lexgen.json"}, streams{stdout: &stdout, stderr: &stderr}); status != exitFine {
		t.Errorf("got exit status %d:\n%s%s", status, &stdout, &stderr)
	}
}

// TestOrderOfFiles demands that the output does not depend on the names of the files, nor on the
// order in which they are found.
func TestOrderOfFiles(t *testing.T) {
	t.Parallel()
	paths := lexiconPaths(t)
	want := generateAll(t, paths)
	for seed := range uint64(3) {
		random := rand.New(rand.NewPCG(seed, 0))
		shuffled := map[string]string{}
		for _, path := range paths {
			shuffled[fmt.Sprintf("%d/%d.json", random.IntN(3), random.Uint32())] = path
		}
		if diff := cmp.Diff(generateAll(t, shuffled), want); diff != "" {
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

// generateAll compiles documents, each put at a path of its own, and returns the generated files.
func generateAll(t *testing.T, documents map[string]string) map[string]string {
	t.Helper()
	dir := t.TempDir()
	for to, from := range documents {
		text, err := fs.ReadFile(lexicons.FS, from)
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
	files := map[string]string{}
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
		files[filepath.ToSlash(relative)] = string(text)
	}
	return files
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
