package corpus_test

import (
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/lexgen-go/lexgen/lexgen/conformance/internal/indigo"
	"github.com/lexgen-go/lexgen/lexgen/conformance/internal/scratch"
)

// config is the part of lexgen.json that is needed here.
type config struct {
	Version  int               `json:"version"`
	Include  []string          `json:"include,omitempty"`
	Packages []configPackage   `json:"packages,omitempty"`
	Names    map[string]string `json:"names,omitempty"`
}

type configPackage struct {
	NSID   string `json:"nsid"`
	Dir    string `json:"dir"`
	Prefix string `json:"prefix,omitempty"`
}

// configure writes lexgen.json into a folder of the module.
func configure(t *testing.T, m *scratch.Module, folder string, c config) {
	t.Helper()
	c.Version = 1
	text, err := json.MarshalIndent(c, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	writeFile(t, m, folder+"/lexgen.json", text)
}

// writeFile writes a file of the module.
func writeFile(t *testing.T, m *scratch.Module, name string, text []byte) {
	t.Helper()
	if err := m.Write(name, text); err != nil {
		t.Fatal(err)
	}
}

// copyFolder copies a folder into the module.
func copyFolder(t *testing.T, m *scratch.Module, name, from string) {
	t.Helper()
	if err := m.Copy(name, from); err != nil {
		t.Fatal(err)
	}
}

// readFile returns the text of a file.
func readFile(t *testing.T, path string) []byte {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// newModule makes a module in a folder of the test's own.
func newModule(t *testing.T, path string) *scratch.Module {
	t.Helper()
	m, err := scratch.Create(t.TempDir(), path)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// indigoFolder returns a folder or file of the indigo module.
func indigoFolder(t *testing.T, elements ...string) string {
	t.Helper()
	folder, err := indigo.Folder(elements...)
	if err != nil {
		t.Fatal(err)
	}
	return folder
}

// checkGo runs the go command in the module.
func checkGo(t *testing.T, m *scratch.Module, args ...string) {
	t.Helper()
	if _, err := m.Go(args...); err != nil {
		t.Error(err)
	}
}

// documentIDs returns the NSIDs of the documents below a folder, as their files spell them.
func documentIDs(t *testing.T, folder string) map[string]bool {
	t.Helper()
	ids := map[string]bool{}
	walk(t, folder, func(path string, _ fs.DirEntry) {
		if name, ok := strings.CutSuffix(path, ".json"); ok {
			ids[strings.ReplaceAll(filepath.ToSlash(name), "/", ".")] = true
		}
	})
	return ids
}

// generatedFiles returns the text of the generated files below a folder, by path.
func generatedFiles(t *testing.T, folder string) map[string]string {
	t.Helper()
	files := map[string]string{}
	walk(t, folder, func(path string, _ fs.DirEntry) {
		if strings.HasSuffix(path, "_gen.go") {
			files[path] = string(readFile(t, filepath.Join(folder, path)))
		}
	})
	return files
}

// source returns what a generated file says that it comes from.
func source(text string) string {
	_, rest, _ := strings.Cut(text, "\n// Source: ")
	id, _, _ := strings.Cut(rest, "\n")
	return id
}

// modifications returns when the files below a folder were written.
func modifications(t *testing.T, folder string) map[string]int64 {
	t.Helper()
	times := map[string]int64{}
	walk(t, folder, func(path string, entry fs.DirEntry) {
		info, err := entry.Info()
		if err != nil {
			t.Fatal(err)
		}
		times[path] = info.ModTime().UnixNano()
	})
	return times
}

// walk calls visit with each file below a folder, and its path from there.
func walk(t *testing.T, folder string, visit func(path string, entry fs.DirEntry)) {
	t.Helper()
	err := fs.WalkDir(os.DirFS(folder), ".", func(path string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			visit(path, entry)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
