package driver

import (
	"context"
	"fmt"

	"github.com/lexgen-go/lexgen/lexgen/internal/config"
	"github.com/lexgen-go/lexgen/lexgen/internal/lexicon"
	"github.com/lexgen-go/lexgen/lexgen/internal/reach"
	"github.com/lexgen-go/lexgen/lexgen/internal/source"
)

// Explanation says why a def is generated, or why not.
type Explanation struct {
	// Def is the canonical name of the def.
	Def string
	// Steps lead from the def to what the configuration asks for. There are none if it is not
	// generated.
	Steps []Step
	// Problem says why the def is not generated. It is empty if it is.
	Problem string
}

// Step is one of the reasons why a def is generated.
type Step struct {
	// File is the path of a document or of the configuration, relative to the working directory. Line
	// and Column are 0 for the file as a whole.
	File         string
	Line, Column int
	// Reason is what is said there.
	Reason string
}

// String returns the step as it is printed.
func (s Step) String() string {
	if s.Line == 0 {
		return s.File + ": " + s.Reason
	}
	return fmt.Sprintf("%s:%d:%d: %s", s.File, s.Line, s.Column, s.Reason)
}

// Why explains why the def with the given name, an NSID or an NSID#def, is generated. If the lexicons
// have mistakes, these are in the result, and there is no explanation. If they have no such def, the
// error is a [UsageError].
func Why(ctx context.Context, options Options, name string) (Explanation, Result, error) {
	d := &driver{dir: options.Dir}
	cfg, err := d.loadConfig(ctx, options.Config)
	if err != nil {
		return Explanation{}, Result{}, err
	}
	d.result.Config = cfg.File.Name
	if d.failed() {
		return Explanation{}, d.result, nil
	}
	linked, list, err := d.link(ctx, cfg)
	if err != nil || linked == nil {
		return Explanation{}, d.result, err
	}
	d.report(list)
	if d.failed() {
		return Explanation{}, d.result, nil
	}
	def, err := findDef(linked, name)
	if err != nil {
		return Explanation{}, d.result, err
	}
	selection, _ := d.selectDefs(cfg, linked)
	return d.explain(cfg, selection, def), d.result, nil
}

// explain tells why a def is in the selection.
func (d *driver) explain(cfg *config.Config, selection *reach.Selection, def *lexicon.Def) Explanation {
	key := def.Key()
	explanation := Explanation{Def: key}
	for _, s := range selection.Why(def) {
		explanation.Steps = append(explanation.Steps, explainStep(cfg, s))
	}
	switch {
	case d.isElsewhere(def.Document):
		entry := entryOf(d.entries, def.Document.ID)
		explanation.Steps = nil
		explanation.Problem = fmt.Sprintf("%s is generated elsewhere: the package is %s (%s)", key, entry.Import, place(entry.ImportSpan))
	case len(explanation.Steps) == 0:
		explanation.Problem = key + " is not generated: " + unwanted(cfg, selection, def.Document) + ", and nothing that is wanted refers to it"
	}
	return explanation
}

// explainStep puts a step of the selection into words: the reference that it follows, or what selects the
// document.
func explainStep(cfg *config.Config, s reach.Step) Step {
	switch {
	case s.Ref != nil:
		return at(s.Ref.Span, "%s refers to %s", s.From.Key(), s.Def.Key())
	case s.Pattern != nil:
		return at(s.Pattern.Span, "include: %q matches %s", s.Pattern.Text, s.Def.Document.ID)
	}
	return Step{File: cfg.File.Name, Reason: "there is no include, so that everything is wanted"}
}

func at(span source.Span, format string, args ...any) Step {
	position := span.Position()
	return Step{File: span.File.Name, Line: position.Line, Column: position.Column, Reason: fmt.Sprintf(format, args...)}
}

// place prints the position of a span.
func place(span source.Span) string {
	position := span.Position()
	return fmt.Sprintf("%s:%d:%d", span.File.Name, position.Line, position.Column)
}

// unwanted tells why a document is not selected.
func unwanted(cfg *config.Config, selection *reach.Selection, document *lexicon.Document) string {
	if pattern := selection.Excluded(document); pattern != nil {
		return fmt.Sprintf("%q, which exclude lists, matches %s (%s)", pattern.Text, document.ID, place(pattern.Span))
	}
	return fmt.Sprintf("no pattern that include lists matches %s (%s)", document.ID, place(cfg.Include[0].Span))
}
