package diag

import (
	"encoding/json"
	"io"
)

// jsonDiagnostic is the promised form of a diagnostic. Every key is always
// present; a place that is not known is 0, and the end is exclusive.
type jsonDiagnostic struct {
	File      string `json:"file"`
	Line      int    `json:"line"`
	Column    int    `json:"column"`
	EndLine   int    `json:"endLine"`
	EndColumn int    `json:"endColumn"`
	Severity  string `json:"severity"`
	Rule      Rule   `json:"rule"`
	Message   string `json:"message"`
	Help      string `json:"help"`
}

// WriteJSON writes the diagnostics for programs, in the order of the list, as
// one object with the key diagnostics.
func WriteJSON(w io.Writer, list List) error {
	var report struct {
		Diagnostics []jsonDiagnostic `json:"diagnostics"`
	}
	report.Diagnostics = make([]jsonDiagnostic, 0, len(list))
	for _, d := range list {
		report.Diagnostics = append(report.Diagnostics, jsonOf(d))
	}
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(report)
}

func jsonOf(d Diagnostic) jsonDiagnostic {
	j := jsonDiagnostic{
		File:     fileName(d.Span),
		Severity: d.Severity.String(),
		Rule:     d.Rule,
		Message:  d.Message,
		Help:     d.Help,
	}
	if hasText(d) {
		start, end := d.Span.Position(), d.Span.EndPosition()
		j.Line, j.Column = start.Line, start.Column
		j.EndLine, j.EndColumn = end.Line, end.Column
	}
	return j
}
