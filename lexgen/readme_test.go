package main

import (
	"fmt"
	"io/fs"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
)

// TestReadme compares what README.md says about the repository with the repository.
func TestReadme(t *testing.T) {
	root := os.DirFS("..")
	text, err := fs.ReadFile(root, "README.md")
	if err != nil {
		t.Fatal(err)
	}
	makefile, err := fs.ReadFile(root, "Makefile")
	if err != nil {
		t.Fatal(err)
	}
	readme := parseReadme(string(text))
	if len(readme.commands) == 0 {
		t.Error("README.md has no fenced block of shell commands")
	}
	if len(readme.folders) == 0 {
		t.Error(`README.md lists no folder under "Project structure"`)
	}
	for _, problem := range readme.problems(root, string(makefile)) {
		t.Error("README.md: " + problem)
	}
}

func TestReadmeFindsMistakes(t *testing.T) {
	root := os.DirFS(t.TempDir())
	const makefile = "run: gene-rate ## Run\ngene-rate:\nNAME := x\n"
	tests := []struct {
		name string
		text string
		want []string
	}{
		{
			name: "known targets",
			text: "```sh\n$ make -s run ARGS=\"--port 1 make x\" && make gene-rate # make it\n```",
		},
		{
			name: "unknown target",
			text: "```sh\nmake run test-all\n```",
			want: []string{"make test-all: the Makefile has no target test-all"},
		},
		{
			name: "variable is no target",
			text: "```sh\nmake NAME\n```",
			want: []string{"make NAME: the Makefile has no target NAME"},
		},
		{
			name: "no shell block",
			text: "```go\nmake x\n```\n\nmake x\n",
		},
		{
			name: "go command",
			text: "```sh\ngo vet ./... && go run ./lexgen ./data\n```",
			want: []string{"go run ./lexgen ./data: there is no folder lexgen"},
		},
		{
			name: "tree of folders",
			text: "## Project structure\n\n```\na/  first\n  b/\n  c/ d/\n│   └── e/\nf.go\n```\n\n## Next\n\n`g/`",
			want: []string{
				"there is no folder a", "there is no folder a/b", "there is no folder a/c", "there is no folder a/d",
				"there is no folder a/d/e",
			},
		},
		{
			name: "list of folders",
			text: "# Project structure\n- `a/b/`: and `c`",
			want: []string{"there is no folder a/b"},
		},
		{
			name: "links",
			text: "# Top, [or so](https://example.org)\n[a](#top-or-so) [b](#bottom) [c](c.md#d \"C\") ![d](d.png)\n\n[e]: e/",
			want: []string{"#bottom: there is no such heading", "there is no c.md", "there is no d.png", "there is no e/"},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := parseReadme(test.text).problems(root, makefile); !slices.Equal(got, test.want) {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

// readme is what README.md says about the repository.
type readme struct {
	commands []string // lines of fenced shell blocks
	folders  []string // folders that the section "Project structure" names
	links    []string // targets of links and images
	anchors  []string // fragments that lead to headings
}

var (
	fence      = regexp.MustCompile("^ *```+ *([a-z]*)")
	heading    = regexp.MustCompile(`^#+ +(.*?) *#*$`)
	inlineLink = regexp.MustCompile(`\]\(<?([^)\s>]+)`)
	linkTarget = regexp.MustCompile(`^ *\[[^\]]+\]: *<?([^\s>]+)`)
	folderSpan = regexp.MustCompile("`([^`\\s]+/)`")
	linkInText = regexp.MustCompile(`\]\([^)]*\)`)
	quoted     = regexp.MustCompile(`"[^"]*"|'[^']*'`)
	operator   = regexp.MustCompile(`&&|\|\|?|;|&`)
	treeIndent = regexp.MustCompile(`^[\s│├└─]*`)
	makeTarget = regexp.MustCompile(`(?m)^([A-Za-z][\w-]*) *:(?:[^=]|$)`)
)

func parseReadme(text string) readme {
	var (
		r           readme
		language    string
		fenced      bool
		inStructure bool
		tree        folderTree
	)
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\r\n")
		switch found := fence.FindStringSubmatch(line); {
		case found != nil:
			fenced, language, tree = !fenced, found[1], nil
		case fenced && slices.Contains([]string{"sh", "bash", "shell", "console"}, language):
			r.commands = append(r.commands, strings.TrimPrefix(strings.TrimSpace(line), "$ "))
		case fenced && inStructure:
			r.folders = append(r.folders, tree.read(line)...)
		case !fenced:
			if found := heading.FindStringSubmatch(line); found != nil {
				inStructure = found[1] == "Project structure"
				r.anchors = append(r.anchors, "#"+anchor(found[1]))
			}
			r.readProse(line, inStructure)
		}
	}
	return r
}

// readProse takes links from a line outside of fenced blocks, and folders if the line belongs to the
// section that lists them.
func (r *readme) readProse(line string, inStructure bool) {
	for _, pattern := range []*regexp.Regexp{inlineLink, linkTarget} {
		for _, found := range pattern.FindAllStringSubmatch(line, -1) {
			r.links = append(r.links, found[1])
		}
	}
	if !inStructure {
		return
	}
	for _, found := range folderSpan.FindAllStringSubmatch(line, -1) {
		r.folders = append(r.folders, strings.TrimSuffix(found[1], "/"))
	}
}

// anchor returns the fragment by which a heading is linked to.
func anchor(heading string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == ' ':
			return '-'
		case r == '-' || r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r):
			return unicode.ToLower(r)
		}
		return -1
	}, linkInText.ReplaceAllString(heading, ""))
}

// folderTree is the path to the last folder of a tree drawn by indentation.
type folderTree []treeFolder

type treeFolder struct {
	indent int
	path   string
}

// read returns the folders with which a line of the tree begins: words that end in a slash.
func (tree *folderTree) read(line string) []string {
	margin := treeIndent.FindString(line)
	indent := len([]rune(margin))
	for n := len(*tree); n > 0 && (*tree)[n-1].indent >= indent; n-- {
		*tree = (*tree)[:n-1]
	}
	parent := ""
	if n := len(*tree); n > 0 {
		parent = (*tree)[n-1].path
	}
	var folders []string
	for _, word := range strings.Fields(line[len(margin):]) {
		name, ok := strings.CutSuffix(word, "/")
		if !ok {
			break
		}
		folders = append(folders, path.Join(parent, name))
	}
	if n := len(folders); n > 0 {
		*tree = append(*tree, treeFolder{indent, folders[n-1]})
	}
	return folders
}

// problems returns a sentence for each thing that the README names and the repository lacks.
func (r readme) problems(root fs.FS, makefile string) []string {
	var found []string
	for _, line := range r.commands {
		found = append(found, commandProblems(root, makefile, line)...)
	}
	for _, folder := range r.folders {
		if !isFolder(root, folder) {
			found = append(found, "there is no folder "+folder)
		}
	}
	for _, link := range r.links {
		if problem := r.linkProblem(root, link); problem != "" {
			found = append(found, problem)
		}
	}
	return found
}

// commandProblems looks for make's targets and for the package folder that the go command is given.
// A command line is split at its spaces: good enough for what a README tells people to type.
func commandProblems(root fs.FS, makefile, line string) []string {
	var found []string
	line, _, _ = strings.Cut(quoted.ReplaceAllString(line, ""), " #")
	for _, command := range operator.Split(line, -1) {
		words := strings.Fields(command)
		switch {
		case len(words) > 0 && words[0] == "make":
			found = append(found, makeProblems(makefile, words[1:])...)
		case len(words) > 0 && words[0] == "go":
			i := slices.IndexFunc(words, func(word string) bool { return strings.HasPrefix(word, "./") })
			if i < 0 {
				continue
			}
			if folder := path.Clean(strings.TrimSuffix(words[i], "...")); !isFolder(root, folder) {
				found = append(found, fmt.Sprintf("%s: there is no folder %s", strings.Join(words, " "), folder))
			}
		}
	}
	return found
}

// makeProblems looks for the targets among the arguments of make; the others are flags and variables.
func makeProblems(makefile string, args []string) []string {
	var targets, found []string
	for _, match := range makeTarget.FindAllStringSubmatch(makefile, -1) {
		targets = append(targets, match[1])
	}
	for _, arg := range args {
		if !strings.HasPrefix(arg, "-") && !strings.Contains(arg, "=") && !slices.Contains(targets, arg) {
			found = append(found, fmt.Sprintf("make %s: the Makefile has no target %[1]s", arg))
		}
	}
	return found
}

// linkProblem looks for what a link within the repository leads to.
func (r readme) linkProblem(root fs.FS, link string) string {
	if strings.Contains(link, "://") || strings.HasPrefix(link, "mailto:") {
		return ""
	}
	target, _, _ := strings.Cut(link, "#")
	if target == "" {
		if slices.Contains(r.anchors, link) {
			return ""
		}
		return link + ": there is no such heading"
	}
	if _, err := fs.Stat(root, path.Clean(target)); err != nil {
		return "there is no " + target
	}
	return ""
}

func isFolder(root fs.FS, name string) bool {
	info, err := fs.Stat(root, name)
	return err == nil && info.IsDir()
}
