package main

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/testscript"
	"golang.org/x/tools/txtar"
)

var update = flag.Bool("update", false, "rewrite what the archives in testdata/script want")

const scriptDir = "testdata/script"

// TestScripts runs the golden archives. Beside the commands of testscript they use
//
//	[!] lexgen arg...   runs lexgen; ! says that it fails
//	status n            demands the exit status of the last lexgen
//	want stdout         compares the standard output of the last lexgen with want/stdout
//	want stderr         likewise
//	want folder         compares the generated files of a folder with those in want/folder
//	write file 'text'   writes a text with escapes of Go, for what an archive cannot hold
//	remember folder     takes down all files of a folder, times included
//	untouched folder    demands that the folder is as it was remembered
//
// In the wanted texts, $WORK stands for the folder of the script.
func TestScripts(t *testing.T) {
	t.Parallel()
	testscript.Run(t, testscript.Params{
		Dir: scriptDir,
		Setup: func(env *testscript.Env) error {
			s := &script{}
			env.Values[scriptKey{}] = s
			env.Defer(func() { s.rewrite(t) })
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"lexgen":    runLexgen,
			"status":    checkStatus,
			"want":      compareWanted,
			"write":     writeText,
			"remember":  remember,
			"untouched": checkUntouched,
			"input":     setInput,
		},
		RequireUniqueNames: true,
	})
}

type scriptKey struct{}

// script is the state of a running script.
type script struct {
	stdin          string // of the next command
	status         int
	stdout, stderr bytes.Buffer
	remembered     map[string]string
	archive        string
	wanted         map[string][]byte // what -update writes, by name in the archive
	replaced       []string          // folders of the archive that wanted replaces
}

func stateOf(ts *testscript.TestScript) *script {
	s := ts.Value(scriptKey{}).(*script)
	s.archive = filepath.Join(scriptDir, ts.Name()+".txtar")
	return s
}

func runLexgen(ts *testscript.TestScript, neg bool, args []string) {
	s := stateOf(ts)
	s.stdout.Reset()
	s.stderr.Reset()
	s.status = run(context.Background(), ts.MkAbs("."), args, streams{strings.NewReader(s.stdin), &s.stdout, &s.stderr})
	s.stdin = ""
	ts.Stdout().Write(s.stdout.Bytes())
	ts.Stderr().Write(s.stderr.Bytes())
	if failed := s.status != exitFine; failed != neg {
		ts.Fatalf("lexgen: got exit status %d\n%s%s", s.status, &s.stdout, &s.stderr)
	}
}

// setInput makes a file the standard input of the next command.
func setInput(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: input file")
	}
	stateOf(ts).stdin = ts.ReadFile(args[0])
}

func checkStatus(ts *testscript.TestScript, neg bool, args []string) {
	if got := strconv.Itoa(stateOf(ts).status); neg || len(args) != 1 || got != args[0] {
		ts.Fatalf("got exit status %s, want %s", got, args)
	}
}

func compareWanted(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: want stdout|stderr|folder")
	}
	s := stateOf(ts)
	name := "want/" + args[0]
	got := map[string]string{}
	switch args[0] {
	case "stdout":
		got[name] = s.stdout.String()
	case "stderr":
		got[name] = s.stderr.String()
	default:
		got = generatedIn(ts, args[0])
		s.replaced = append(s.replaced, name+"/")
	}
	for file, text := range got {
		got[file] = strings.ReplaceAll(text, ts.Getenv("WORK"), "$WORK")
	}
	if *update {
		if s.wanted == nil {
			s.wanted = map[string][]byte{}
		}
		for file, text := range got {
			s.wanted[file] = []byte(text)
		}
		return
	}
	if diff := cmp.Diff(got, wantedOf(ts, name)); diff != "" {
		ts.Fatalf("%s differs (-got +want); go test ./lexgen -run Scripts -update rewrites it:\n%s", name, diff)
	}
}

// generatedIn returns the generated files in a folder, by name in the archive.
func generatedIn(ts *testscript.TestScript, folder string) map[string]string {
	files := map[string]string{}
	entries, err := os.ReadDir(ts.MkAbs(folder))
	ts.Check(err)
	for _, entry := range entries {
		if strings.HasSuffix(entry.Name(), "_gen.go") {
			files["want/"+folder+"/"+entry.Name()] = ts.ReadFile(filepath.Join(folder, entry.Name()))
		}
	}
	return files
}

// wantedOf returns the file, or the files in the folder, with the given name in the archive.
func wantedOf(ts *testscript.TestScript, name string) map[string]string {
	files := map[string]string{}
	root := filepath.Join(ts.Getenv("WORK"), filepath.FromSlash(name))
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		relative, _ := filepath.Rel(ts.Getenv("WORK"), path)
		files[filepath.ToSlash(relative)] = string(text)
		return err
	})
	if err != nil {
		ts.Logf("want: %v", err)
	}
	return files
}

func writeText(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: write file text")
	}
	text, err := strconv.Unquote(`"` + strings.ReplaceAll(args[1], `"`, `\"`) + `"`)
	ts.Check(err)
	ts.Check(os.MkdirAll(filepath.Dir(ts.MkAbs(args[0])), 0o777))
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(text), 0o666))
}

// remember takes down the names, texts and times of all files in a folder.
func remember(ts *testscript.TestScript, neg bool, args []string) {
	stateOf(ts).remembered = snapshot(ts, args[0])
}

// checkUntouched demands that the folder is as it was when it was remembered.
func checkUntouched(ts *testscript.TestScript, neg bool, args []string) {
	if diff := cmp.Diff(snapshot(ts, args[0]), stateOf(ts).remembered); diff != "" {
		ts.Fatalf("%s was changed (-got +want):\n%s", args[0], diff)
	}
}

func snapshot(ts *testscript.TestScript, folder string) map[string]string {
	files := map[string]string{}
	ts.Check(filepath.WalkDir(ts.MkAbs(folder), func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		files[path] = info.Mode().String()
		if info.Mode().IsRegular() {
			files[path] = fmt.Sprint(info.Mode(), info.ModTime().UnixNano(), ts.ReadFile(path))
		}
		return nil
	}))
	return files
}

// rewrite writes what the script wanted into its archive.
func (s *script) rewrite(t *testing.T) {
	if len(s.wanted) == 0 {
		return
	}
	archive, err := txtar.ParseFile(s.archive)
	if err != nil {
		t.Error(err)
		return
	}
	archive.Files = slices.DeleteFunc(archive.Files, func(f txtar.File) bool {
		inFolder := func(folder string) bool { return strings.HasPrefix(f.Name, folder) }
		return s.wanted[f.Name] != nil || slices.ContainsFunc(s.replaced, inFolder)
	})
	for _, name := range slices.Sorted(maps.Keys(s.wanted)) {
		archive.Files = append(archive.Files, txtar.File{Name: name, Data: s.wanted[name]})
	}
	if err := os.WriteFile(s.archive, txtar.Format(archive), 0o666); err != nil {
		t.Error(err)
	}
}
