package docs

import (
	"bytes"
	"slices"

	"github.com/lexgen-go/lexgen/lexgen/internal/diag"
	"github.com/lexgen-go/lexgen/lexgen/internal/source"
)

// What the lines around the generated section begin with, after any blanks: in a list they are indented.
// How they go on is up to the page.
const (
	startMarker = "<!-- START lex generated content"
	endMarker   = "<!-- END lex"
)

// place is where the generated section of a page is.
type place struct {
	// exists is false if the page has no section.
	exists bool
	// start and end are the offsets behind the line that opens the section and of the line that
	// closes it.
	start, end int
	// lineBreak ends the lines of the section.
	lineBreak string
}

// findSection looks for the two markers in a page, and reports what keeps them from enclosing one
// section.
func findSection(page *source.File) (place, diag.List) {
	var list diag.List
	if i := bytes.IndexByte(page.Data, 0); i >= 0 {
		list.Errorf(page.Span(i, i+1), diag.DocsPage, "the page has a NUL character, so it is no text that this command can change").
			Hint("save the page as UTF-8")
		return place{}, list
	}
	lines := pageLines(page)
	starts := beginningWith(lines, startMarker)
	ends := beginningWith(lines, endMarker)
	reportRepeated(&list, starts, startMarker)
	reportRepeated(&list, ends, endMarker)
	switch {
	case len(list) > 0:
	case len(starts) == 0 && len(ends) == 0:
		return place{lineBreak: lineBreakOf(page.Data)}, nil
	case len(ends) == 0:
		list.Errorf(starts[0], diag.DocsPage, "the generated section is never closed").
			Hint("add a line that begins with %q, or remove this one", endMarker)
	case len(starts) == 0:
		list.Errorf(ends[0], diag.DocsPage, "no generated section is open here").
			Hint("add a line that begins with %q above, or remove this one", startMarker)
	case ends[0].Start < starts[0].Start:
		list.Errorf(ends[0], diag.DocsPage, "the generated section is closed before it is opened in line %d", starts[0].Position().Line).
			Hint("move this line below the other")
	}
	if len(list) > 0 {
		list.Sort()
		return place{}, list
	}
	lineBreak := lineBreakOf(page.Data[starts[0].Start:])
	return place{exists: true, start: starts[0].End + len(lineBreak), end: ends[0].Start, lineBreak: lineBreak}, nil
}

// reportRepeated reports the markers of a kind behind the first one.
func reportRepeated(list *diag.List, markers []source.Span, marker string) {
	for i := 1; i < len(markers); i++ {
		list.Errorf(markers[i], diag.DocsPage, "a second line begins with %q", marker).
			Hint("a page has one generated section; the first such line is line %d", markers[0].Position().Line)
	}
}

// pageLines returns the lines of a page without their ends. A byte order mark is no part of the first.
func pageLines(page *source.File) []source.Span {
	var lines []source.Span
	start := 0
	if bytes.HasPrefix(page.Data, []byte("\uFEFF")) {
		start = len("\uFEFF")
	}
	for start < len(page.Data) {
		line, _, _ := bytes.Cut(page.Data[start:], []byte("\n"))
		text := bytes.TrimSuffix(line, []byte("\r"))
		lines = append(lines, page.Span(start, start+len(text)))
		start += len(line) + 1
	}
	return lines
}

// beginningWith returns the lines that begin with a marker, or with blanks and a marker.
func beginningWith(lines []source.Span, marker string) []source.Span {
	return slices.DeleteFunc(slices.Clone(lines), func(line source.Span) bool {
		text := bytes.TrimLeft(line.File.Data[line.Start:line.End], " \t")
		return !bytes.HasPrefix(text, []byte(marker))
	})
}

// lineBreakOf returns what ends the first line of text, a plain line feed if nothing does.
func lineBreakOf(text []byte) string {
	if i := bytes.IndexByte(text, '\n'); i > 0 && text[i-1] == '\r' {
		return "\r\n"
	}
	return "\n"
}
