package diag

import (
	"bufio"
	"fmt"
	"io"
	"strings"
)

// WriteText writes the diagnostics for people, in the order of the list:
//
//	com/example/getThing.json:12:18: error: ref "com.example.defs#vew": no such def [unresolved-ref]
//	   12 |         "ref": "com.example.defs#vew"
//	      |                ^^^^^^^^^^^^^^^^^^^^^^
//	   help: com.example.defs has view, viewBasic
//
// What is wrong with data, as opposed to lexicons, gets the first line alone.
func WriteText(w io.Writer, list List) error {
	b := bufio.NewWriter(w)
	for _, d := range list {
		writeHeading(b, d)
		if d.Rule == InvalidData {
			continue
		}
		writeExcerpt(b, d)
		if d.Help != "" {
			fmt.Fprintf(b, "   help: %s\n", printable(d.Help))
		}
	}
	return b.Flush()
}

func writeHeading(w io.Writer, d Diagnostic) {
	place := ""
	switch {
	case d.Span.IsZero():
	case hasText(d):
		at := d.Span.Position()
		place = fmt.Sprintf("%s:%d:%d: ", d.Span.File.Name, at.Line, at.Column)
	default:
		place = d.Span.File.Name + ": "
	}
	fmt.Fprintf(w, "%s%s: %s [%s]\n", printable(place), d.Severity, printable(d.Message), d.Rule)
}

// hasText reports whether the diagnostic is about a place inside of a file
// rather than about a whole file or folder.
func hasText(d Diagnostic) bool { return !d.Span.IsZero() && len(d.Span.File.Data) > 0 }

// writeExcerpt prints the first line of the span with carets under the span.
func writeExcerpt(w io.Writer, d Diagnostic) {
	if !hasText(d) {
		return
	}
	at := d.Span.Position()
	line, start, end := excerpt(d.Span)
	margin := strings.Repeat(" ", max(5, len(fmt.Sprint(at.Line))))
	fmt.Fprintf(w, "%5d | %s\n", at.Line, line)
	fmt.Fprintf(w, "%s | %s%s\n", margin, strings.Repeat(" ", start), strings.Repeat("^", end-start))
}

// printable keeps text that comes from files on one line and free of
// characters that control a terminal.
func printable(text string) string { return join(cells(text)) }
