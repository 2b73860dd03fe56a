package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// A block is a fenced block of README.md.
type block struct {
	line     int // of its fence
	section  string
	language string
	intro    string // the paragraph above
	text     string
}

// readmeBlocks returns the blocks of README.md.
func readmeBlocks(t *testing.T) []block {
	t.Helper()
	readme, err := os.ReadFile("../README.md")
	must(t, err)
	var blocks []block
	var section, intro string
	fenced := false
	number := 0
	for line := range strings.Lines(string(readme)) {
		number++
		language, isFence := strings.CutPrefix(line, "```")
		switch {
		case isFence && fenced:
			fenced, intro = false, ""
		case isFence:
			fenced = true
			blocks = append(blocks, block{line: number, section: section, language: strings.TrimSpace(language), intro: intro})
		case fenced:
			blocks[len(blocks)-1].text += line
		case strings.HasPrefix(line, "#"):
			section = strings.TrimSpace(strings.TrimLeft(line, "# "))
		case strings.TrimSpace(line) != "":
			intro += line
		case len(blocks) > 0 && !strings.HasSuffix(strings.TrimSpace(intro), ":"):
			intro = "" // a paragraph that introduces nothing
		}
	}
	return blocks
}

// blocksOf returns the blocks of a section, of which there must be some.
func blocksOf(t *testing.T, section string) []block {
	t.Helper()
	blocks := slices.DeleteFunc(readmeBlocks(t), func(b block) bool { return b.section != section })
	if len(blocks) == 0 {
		t.Fatalf("README.md has no block in a section %q", section)
	}
	return blocks
}

// The tour prints what README.md says, when its commands are pasted into one shell: with curl if the
// machine has it, and with what stands in for curl on one that has not.
func TestReadmeTour(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath(standInName); err == nil {
		t.Run("curl", func(t *testing.T) { takeTour(t, os.Getenv("PATH")) })
	}
	t.Run("stand-in", func(t *testing.T) {
		takeTour(t, installStandIn(t)+string(os.PathListSeparator)+os.Getenv("PATH"))
	})
}

// takeTour runs the commands of the tour with the given PATH.
func takeTour(t *testing.T, path string) {
	t.Parallel()
	const address = "http://localhost:2583"
	folder := t.TempDir()
	p := startProcess(t, filepath.Join(folder, "data"))
	installServer(t, folder)
	const separator = "==== end of a block ===="
	var script strings.Builder
	blocks := blocksOf(t, "Tour")
	for i, b := range blocks {
		if i%2 == 1 && b.language == "text" {
			continue
		}
		if b.language != "sh" || i+1 == len(blocks) {
			t.Fatalf("README.md:%d: the tour must alternate between sh and text", b.line)
		}
		fmt.Fprintf(&script, "%s\necho '%s'\n", b.text, separator)
	}
	if !strings.Contains(script.String(), address) {
		t.Fatalf("the tour does not mention %s", address)
	}
	bash := exec.CommandContext(t.Context(), "bash", "-u")
	bash.Dir = folder
	bash.Env = append(os.Environ(), "PATH="+path, asServer+"=1")
	bash.Stdin = strings.NewReader(strings.ReplaceAll(script.String(), address, p.url))
	printed, err := bash.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, printed)
	}
	outputs := strings.Split(string(printed), separator+"\n")
	for i := 1; i < len(blocks); i += 2 {
		if got, want := outputs[i/2], blocks[i]; !abbreviated(want.text).MatchString(got) {
			t.Errorf("README.md:%d: the commands print\n%s, want\n%s", want.line, got, want.text)
		}
	}
}

// installServer puts what `make run` builds, or rather what stands in for it, where that puts it.
func installServer(t *testing.T, folder string) {
	t.Helper()
	binary, err := os.Executable()
	must(t, err)
	must(t, os.Mkdir(filepath.Join(folder, "bin"), 0o700))
	must(t, os.Symlink(binary, filepath.Join(folder, "bin", "server")))
}

// abbreviated returns the pattern of a text in which dots within quotes stand for what differs from
// time to time, and dots within braces for an object.
func abbreviated(text string) *regexp.Regexp {
	pattern := strings.ReplaceAll(regexp.QuoteMeta(text), `\.\.\."`, `[\w.:-]{10,}"`)
	pattern = strings.ReplaceAll(pattern, `\{\.\.\.\}`, `\{"@context".+\}`)
	return regexp.MustCompile("^" + pattern + "$")
}

var goFileLink = regexp.MustCompile(`\]\(([^)]+\.go)\)`)

// Go code in README.md is an excerpt of the file that was linked last. A line of dots stands for what
// was left out.
func TestReadmeExcerpts(t *testing.T) {
	t.Parallel()
	count := 0
	name := ""
	for _, b := range readmeBlocks(t) {
		if found := goFileLink.FindStringSubmatch(b.intro); found != nil {
			name = found[1]
		}
		if b.language != "go" {
			continue
		}
		count++
		file, err := os.ReadFile(filepath.Join("..", name))
		if name == "" || err != nil {
			t.Errorf("README.md:%d: the excerpt is of no file: %v", b.line, err)
			continue
		}
		rest := string(file)
		for piece := range strings.SplitSeq(b.text, "...\n") {
			_, after, found := strings.Cut(rest, piece)
			if !found {
				t.Errorf("README.md:%d: %s does not hold, or not in this order:\n%s", b.line, name, piece)
			}
			rest = after
		}
	}
	if count < 5 {
		t.Errorf("excerpts: got %d, want at least 5", count)
	}
}

// The generator does with the example of README.md what it says.
func TestReadmeGenerator(t *testing.T) {
	t.Parallel()
	module := t.TempDir()
	lexgen := filepath.Join(t.TempDir(), "lexgen")
	if output, err := exec.CommandContext(t.Context(), "go", "build", "-o", lexgen, "../lexgen").CombinedOutput(); err != nil {
		t.Fatalf("build lexgen: %v: %s", err, output)
	}
	const lexiconPath = "lexicons/com/example/getGreeting.json"
	var config, lexicon, mistake string
	for _, b := range blocksOf(t, "Generate") {
		switch {
		case b.language == "json" && strings.Contains(b.intro, "`lexgen.json`"):
			config = b.text
		case b.language == "json" && strings.Contains(b.intro, "`"+lexiconPath+"`"):
			lexicon = b.text
		case b.language == "text":
			mistake = b.text
		}
	}
	run := func(command string) (string, error) {
		cmd := exec.CommandContext(t.Context(), lexgen, command)
		cmd.Dir = module
		output, err := cmd.Output()
		return string(output), err
	}
	must(t, os.MkdirAll(filepath.Join(module, path.Dir(lexiconPath)), 0o700))
	write(t, module, "go.mod", "module example.com/app\n\ngo 1.26.0\n")
	write(t, module, "lexgen.json", config)
	write(t, module, lexiconPath, lexicon)
	for _, command := range []string{"generate", "check"} {
		if output, err := run(command); err != nil || output != "" {
			t.Errorf("lexgen %s: got %v, %s", command, err, output)
		}
	}
	if _, err := os.Stat(filepath.Join(module, "internal/comexample/get_greeting_gen.go")); err != nil {
		t.Error(err)
	}
	write(t, module, lexiconPath, strings.Replace(lexicon, `"text": {"type": "string"}`, `"text": {"type": "strng"}`, 1))
	var exit *exec.ExitError
	if output, err := run("generate"); !errors.As(err, &exit) || exit.ExitCode() != 1 || output != mistake {
		t.Errorf("lexgen on a mistake: got %v\n%s, want\n%s", err, output, mistake)
	}
}

// Every package has its line under "Project structure".
func TestReadmeListsPackages(t *testing.T) {
	t.Parallel()
	tree := blocksOf(t, "Project structure")[0].text
	for _, pattern := range []string{"*", "*/*", "*/internal/*", "*/internal/*/*"} {
		folders, err := fs.Glob(os.DirFS(".."), pattern)
		must(t, err)
		for _, folder := range folders {
			sources, err := fs.Glob(os.DirFS(".."), folder+"/*.go")
			must(t, err)
			name := path.Base(folder)
			if len(sources) > 0 && !regexp.MustCompile(`(?m)^ *`+regexp.QuoteMeta(name)+`/ +\w`).MatchString(tree) {
				t.Errorf("README.md does not list %s", folder)
			}
		}
	}
}
