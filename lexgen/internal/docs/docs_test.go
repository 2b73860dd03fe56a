package docs_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lexgen-go/lexgen/lexgen/internal/catalog"
	"github.com/lexgen-go/lexgen/lexgen/internal/diag"
	"github.com/lexgen-go/lexgen/lexgen/internal/docs"
	"github.com/lexgen-go/lexgen/lexgen/internal/lexicon"
	"github.com/lexgen-go/lexgen/lexgen/internal/source"
)

// The lines around a section, and the first line in it.
const (
	start  = "<!-- START lex generated content. Please keep comment here to allow auto update -->\n"
	notice = "<!-- DON'T EDIT THIS SECTION! INSTEAD RE-RUN lex TO UPDATE -->\n"
	end    = "<!-- END lex generated content. Please keep comment here to allow auto update -->\n"
)

// thing is a document, and thingSection what a section says of it.
const (
	thing        = `{"lexicon": 1, "id": "com.example.thing", "defs": {}}`
	thingSection = notice + "---\n\n## com.example.thing\n\n```json\n" + thing + "\n```\n"
)

// document parses a document.
func document(t *testing.T, text string) *lexicon.Document {
	t.Helper()
	file := source.NewFile("document.json", []byte(text))
	root, problems := source.Parse(file)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	doc, _ := lexicon.Decode(file, root)
	return doc
}

// TestPublishedPage restores a page that the protocol's own documentation has published.
func TestPublishedPage(t *testing.T) {
	t.Parallel()
	want, err := os.ReadFile("../../testdata/docs/com.atproto.account.md")
	if err != nil {
		t.Fatal(err)
	}
	paths, err := filepath.Glob("../../../lexicons/com/atproto/account/*.json")
	if err != nil || len(paths) != 6 {
		t.Fatalf("got the documents %q, %v", paths, err)
	}
	var documents []*lexicon.Document
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		documents = append(documents, document(t, string(text)))
	}
	c, _ := catalog.Link(documents)
	before, rest, _ := bytes.Cut(want, []byte(start))
	_, after, _ := bytes.Cut(rest, []byte("<!-- END"))
	emptied := string(before) + start + "<!-- END" + string(after)
	got, list := docs.Update(source.NewFile("page.md", []byte(emptied)), "com.atproto.account", docs.Group(c, "com.atproto.account"))
	if len(list) > 0 {
		t.Errorf("got %v", list)
	}
	if diff := cmp.Diff(string(got), string(want)); diff != "" {
		t.Errorf("-got +want:\n%s", diff)
	}
}

func TestGroup(t *testing.T) {
	t.Parallel()
	var documents []*lexicon.Document
	for _, id := range []string{"com.example.a.two", "com.Example.a.one", "com.example.a", "com.example.a.b.three", "com.example.ab.four"} {
		documents = append(documents, document(t, strings.ReplaceAll(thing, "com.example.thing", id)))
	}
	c, _ := catalog.Link(documents)
	tests := []struct{ group, want string }{
		{"com.example.a", "com.example.a.one com.example.a.two"},
		{"com.EXAMPLE.a", "com.example.a.one com.example.a.two"},
		{"com.example", "com.example.a"},
		{"com.example.a.b", "com.example.a.b.three"},
		{"com.example.b", ""},
	}
	for _, test := range tests {
		t.Run(test.group, func(t *testing.T) {
			t.Parallel()
			var ids []string
			for _, doc := range docs.Group(c, test.group) {
				ids = append(ids, string(doc.ID))
			}
			if got := strings.Join(ids, " "); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

func TestUpdate(t *testing.T) {
	t.Parallel()
	crlf := strings.NewReplacer("\n", "\r\n").Replace
	tests := []struct{ name, page, document, want string }{
		{"empty page", "", thing, "# com.example Lexicon\n\n" + start + thingSection + end},
		{"no section", "# Things\n", thing, "# Things\n\n" + start + thingSection + end},
		{"no section and no final line break", "# Things", thing, "# Things\n\n" + start + thingSection + end},
		{"empty section", "a\n" + start + end + "b", thing, "a\n" + start + thingSection + end + "b"},
		{"old section", start + "old\n\n" + end, thing, start + thingSection + end},
		{"current section", start + thingSection + end, thing, start + thingSection + end},
		{
			"other words in the markers", "<!-- START lex generated content\n<!-- END lex", thing,
			"<!-- START lex generated content\n" + thingSection + "<!-- END lex",
		},
		{"indented markers", "- a\n\n  " + start + "  old\n \t" + end, thing, "- a\n\n  " + start + thingSection + " \t" + end},
		{"markers in a line", "a " + start, thing, "a " + start + "\n" + start + thingSection + end},
		{"byte order mark", "\uFEFF" + start + end, thing, "\uFEFF" + start + thingSection + end},
		{"Windows", crlf("a\n" + start + end), crlf(thing + "\n"), crlf("a\n" + start + thingSection + end)},
		{"Windows, no section", crlf("a\n"), thing, crlf("a\n\n" + start + thingSection + end)},
		{"the opening line decides", "a\n" + crlf(start) + end, thing, "a\n" + crlf(start+thingSection) + end},
		{"document of Windows", start + end, crlf(thing + "\n"), start + thingSection + end},
		{"document with line breaks at its end", start + end, thing + "\n\n", start + strings.Replace(thingSection, "\n```\n", "\n\n```\n", 1) + end},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			documents := []*lexicon.Document{document(t, test.document)}
			got, list := docs.Update(source.NewFile("page.md", []byte(test.page)), "com.example", documents)
			if len(list) > 0 {
				t.Errorf("got %v", list)
			}
			if diff := cmp.Diff(string(got), test.want); diff != "" {
				t.Errorf("-got +want:\n%s", diff)
			}
		})
	}
}

// TestFence demands that a document cannot close the code block that it is in.
func TestFence(t *testing.T) {
	t.Parallel()
	for backquotes, want := range map[string]string{"": "```", "``": "```", "```": "````", "` ````` ``": "``````"} {
		text := strings.Replace(thing, "{}", `{"main": {"type": "token", "description": "`+backquotes+`"}}`, 1)
		got, _ := docs.Update(source.NewFile("page.md", nil), "com.example", []*lexicon.Document{document(t, text)})
		if block := "\n" + want + "json\n" + text + "\n" + want + "\n<!--"; !strings.Contains(string(got), block) {
			t.Errorf("%q: got %s, want a fence of %d backquotes", backquotes, got, len(want))
		}
	}
}

func TestBrokenPages(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, page string
		want       []string
	}{
		{"not closed", "a\n" + start, []string{"2: the generated section is never closed"}},
		{"not opened", "a\n" + end, []string{"2: no generated section is open here"}},
		{"reversed", end + start, []string{"1: the generated section is closed before it is opened in line 2"}},
		{"two sections", start + end + start + end, []string{
			`3: a second line begins with "<!-- START lex generated content"`, `4: a second line begins with "<!-- END lex"`,
		}},
		{"closed twice", start + end + end, []string{`3: a second line begins with "<!-- END lex"`}},
		{"opened three times", start + start + start, []string{
			`2: a second line begins with "<!-- START lex generated content"`, `3: a second line begins with "<!-- START lex generated content"`,
		}},
		{"no text", "#\x00 \x00T\x00", []string{"1: the page has a NUL character, so it is no text that this command can change"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			page, list := docs.Update(source.NewFile("page.md", []byte(test.page)), "com.example", nil)
			var got []string
			for _, found := range list {
				got = append(got, string('0'+rune(found.Span.Position().Line))+": "+found.Message)
				if found.Rule != diag.DocsPage || found.Help == "" {
					t.Errorf("got the rule %q, the help %q", found.Rule, found.Help)
				}
			}
			if diff := cmp.Diff(got, test.want); diff != "" || page != nil {
				t.Errorf("got the page %q; findings -got +want:\n%s", page, diff)
			}
		})
	}
}

// outside finds the section of a page, in another way than the package does.
var outside = regexp.MustCompile(`(?ms)((?:\A\x{FEFF}?|^)[ \t]*<!-- START lex generated content[^\n]*\n).*(^[ \t]*<!-- END lex)`)

// FuzzUpdate demands that what a page says outside of its section stays as it is, and that a second
// run finds nothing to do.
func FuzzUpdate(f *testing.F) {
	f.Add([]byte(""), "text")
	f.Add([]byte("# Title\r\n"), "a `` b")
	f.Add([]byte("a\n"+start+"old\n"+end+"b"), "```")
	f.Add([]byte("  "+start+"\t"+end), "text")
	f.Add([]byte("\uFEFF"+start+end), "<!-- END lex")
	f.Add([]byte("a\n"+start+"\r\n"+end), start)
	f.Fuzz(func(t *testing.T, page []byte, word string) {
		text, err := json.Marshal(word)
		if err != nil {
			t.Fatal(err)
		}
		documents := []*lexicon.Document{{ID: "com.example.thing", File: source.NewFile("thing.json", text)}}
		first, list := docs.Update(source.NewFile("page.md", page), "com.example", documents)
		if list.HasErrors() {
			return
		}
		second, list := docs.Update(source.NewFile("page.md", first), "com.example", documents)
		if len(list) > 0 || !bytes.Equal(first, second) {
			t.Fatalf("got %q, then %q, %v", first, second, list)
		}
		if !outside.Match(page) {
			if !bytes.HasPrefix(first, page) {
				t.Errorf("got %q of a page without a section, %q", first, page)
			}
			return
		}
		got, want := outside.ReplaceAll(first, []byte("$1$2")), outside.ReplaceAll(page, []byte("$1$2"))
		if !bytes.Equal(got, want) {
			t.Errorf("outside of the section: got %q, want %q", got, want)
		}
	})
}
