// Package diag describes mistakes in the files a user wrote: where they are,
// which rule they break, and how to cure them. It prints them for people and
// for programs.
//
// A mistake of the user is a [Diagnostic]; a failure of the environment, such
// as a full disk, is an error and never appears here. The package imports
// source alone.
package diag

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/lexgen-go/lexgen/lexgen/internal/source"
)

// Severity says whether a diagnostic stops the compiler.
type Severity uint8

// The severities. The zero Severity is Error.
const (
	Error Severity = iota
	Warning
)

// String returns "error" or "warning".
func (s Severity) String() string {
	if s == Warning {
		return "warning"
	}
	return "error"
}

// Diagnostic is a mistake in an input file.
type Diagnostic struct {
	// Span is the place of the mistake. A span in a file without data points
	// at the file or folder as a whole; the zero Span points nowhere.
	Span     source.Span
	Severity Severity
	Rule     Rule
	// Message says what is wrong, in lower case and without a full stop.
	Message string
	// Help says what was expected, what exists, or how to cure the mistake.
	Help string
}

// Hint sets the help line.
func (d *Diagnostic) Hint(format string, args ...any) {
	d.Help = fmt.Sprintf(format, args...)
}

// List collects diagnostics. Its zero value is ready for use. A List must not
// be changed by several goroutines at once.
type List []Diagnostic

// Add appends diagnostics.
func (l *List) Add(d ...Diagnostic) { *l = append(*l, d...) }

// Errorf appends an error. The result is valid until the list changes again
// and serves to add a hint.
func (l *List) Errorf(span source.Span, rule Rule, format string, args ...any) *Diagnostic {
	return l.add(Error, span, rule, fmt.Sprintf(format, args...))
}

// Warningf appends a warning. The result is valid until the list changes again
// and serves to add a hint.
func (l *List) Warningf(span source.Span, rule Rule, format string, args ...any) *Diagnostic {
	return l.add(Warning, span, rule, fmt.Sprintf(format, args...))
}

func (l *List) add(severity Severity, span source.Span, rule Rule, message string) *Diagnostic {
	l.Add(Diagnostic{Span: span, Severity: severity, Rule: rule, Message: message})
	return &(*l)[len(*l)-1]
}

// AddProblems appends what the JSON parser found.
func (l *List) AddProblems(problems []source.Problem) {
	for _, p := range problems {
		rule := JSONSyntax
		if p.Kind == source.DuplicateKey {
			rule = DuplicateKey
		}
		l.Errorf(p.Span, rule, "%s", p.Message).Help = p.Help
	}
}

// Sort orders the list by file name and offset. Diagnostics at the same place
// keep their order.
func (l List) Sort() {
	slices.SortStableFunc(l, func(a, b Diagnostic) int {
		return cmp.Or(
			strings.Compare(fileName(a.Span), fileName(b.Span)),
			cmp.Compare(a.Span.Start, b.Span.Start),
		)
	})
}

func fileName(s source.Span) string {
	if s.File == nil {
		return ""
	}
	return s.File.Name
}

// HasErrors reports whether the list holds an error.
func (l List) HasErrors() bool { return l.Count(Error) > 0 }

// Count returns the number of diagnostics of a severity.
func (l List) Count(severity Severity) int {
	n := 0
	for _, d := range l {
		if d.Severity == severity {
			n++
		}
	}
	return n
}

// Summary counts the list in words: "2 errors, 1 warning". It is "" for an
// empty list.
func (l List) Summary() string {
	var parts []string
	for _, severity := range []Severity{Error, Warning} {
		switch n := l.Count(severity); n {
		case 0:
		case 1:
			parts = append(parts, "1 "+severity.String())
		default:
			parts = append(parts, fmt.Sprintf("%d %ss", n, severity))
		}
	}
	return strings.Join(parts, ", ")
}
