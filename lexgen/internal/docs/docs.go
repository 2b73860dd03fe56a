// Package docs writes lexicon documents into Markdown pages. Between two comments a page belongs to
// lexgen; what stands outside of them belongs to whoever wrote it and stays as it is.
//
// The package reads no files: it turns a page and documents into a page.
package docs

import (
	"bytes"
	"slices"
	"strings"

	"github.com/lexgen-go/lexgen/lexgen/internal/catalog"
	"github.com/lexgen-go/lexgen/lexgen/internal/diag"
	"github.com/lexgen-go/lexgen/lexgen/internal/lexicon"
	"github.com/lexgen-go/lexgen/lexgen/internal/source"
)

// The lines of a new section. The first two are those of the pages that the protocol's own
// documentation has published, and so is the start of the third.
const (
	startLine  = "<!-- START lex generated content. Please keep comment here to allow auto update -->"
	noticeLine = "<!-- DON'T EDIT THIS SECTION! INSTEAD RE-RUN lex TO UPDATE -->"
	endLine    = "<!-- END lex generated content. Please keep comment here to allow auto update -->"
)

// Group returns the documents of a group, which may be written in any case, sorted by NSID.
func Group(c *catalog.Catalog, group string) []*lexicon.Document {
	return slices.DeleteFunc(slices.Clone(c.Documents()), func(doc *lexicon.Document) bool {
		return !strings.EqualFold(doc.ID.Group(), group)
	})
}

// Update returns a page with the documents, in their order, as its generated section. A page without
// a section gets one at its end; an empty page gets the group as its title as well. The lines of the
// section end as those of the page do.
//
// If the list has an error, it is not clear which part of the page is the section, and there is no
// result.
func Update(page *source.File, group string, documents []*lexicon.Document) ([]byte, diag.List) {
	found, list := findSection(page)
	if list.HasErrors() {
		return nil, list
	}
	section := withBreaks(section(documents), found.lineBreak)
	if found.exists {
		return slices.Concat(page.Data[:found.start], section, page.Data[found.end:]), nil
	}
	opening, closing := startLine+"\n", endLine+"\n"
	switch {
	case len(page.Data) == 0:
		opening = "# " + group + " Lexicon\n\n" + opening
	case bytes.HasSuffix(page.Data, []byte("\n")):
		opening = "\n" + opening
	default:
		opening = "\n\n" + opening
	}
	return slices.Concat(
		page.Data, withBreaks([]byte(opening), found.lineBreak), section, withBreaks([]byte(closing), found.lineBreak),
	), nil
}

// section returns what stands between the markers.
//
//	<!-- DON'T EDIT THIS SECTION! INSTEAD RE-RUN lex TO UPDATE -->
//	---
//
//	## com.example.thing.get
//
//	```json
//	{...}
//	```
func section(documents []*lexicon.Document) []byte {
	var b bytes.Buffer
	b.WriteString(noticeLine + "\n")
	for _, doc := range documents {
		fence := fence(doc.File.Data)
		b.WriteString("---\n\n## " + string(doc.ID) + "\n\n" + fence + "json\n")
		b.Write(doc.File.Data)
		if !bytes.HasSuffix(doc.File.Data, []byte("\n")) {
			b.WriteByte('\n')
		}
		b.WriteString(fence + "\n")
	}
	return b.Bytes()
}

// fence returns a code fence that text cannot close: it is longer than any run of backquotes in it.
// See https://spec.commonmark.org/0.31.2/#fenced-code-blocks.
func fence(text []byte) string {
	longest, run := 2, 0
	for _, c := range text {
		if c != '`' {
			run = 0
			continue
		}
		run++
		longest = max(longest, run)
	}
	return strings.Repeat("`", longest+1)
}

// withBreaks returns text with each line ended by lineBreak. JSON has line breaks only between its
// tokens, so that a document means the same afterwards.
func withBreaks(text []byte, lineBreak string) []byte {
	text = bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n"))
	return bytes.ReplaceAll(text, []byte("\n"), []byte(lineBreak))
}
