package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/lexgen-go/lexgen/lexgen/internal/driver"
)

// why tells why a def is generated. A def that is not is a finding, one that does not exist misuse.
func why(ctx context.Context, cmd command, std streams) int {
	var explanation driver.Explanation
	explain := func(ctx context.Context, options driver.Options) (driver.Result, error) {
		var result driver.Result
		var err error
		explanation, result, err = driver.Why(ctx, options, cmd.args[0])
		return result, err
	}
	var findings bytes.Buffer // those of a run without mistakes are not what was asked for
	if _, status := finish(ctx, cmd, explain, streams{std.stdin, &findings, std.stderr}); status != exitFine {
		if printed := printText(findings.String(), std); printed != exitFine {
			return printed
		}
		return status
	}
	text := explanationText(explanation)
	if cmd.format == "json" {
		text = explanationJSON(explanation)
	}
	if printed := printText(text, std); printed != exitFine {
		return printed
	}
	if explanation.Problem != "" {
		fmt.Fprintf(std.stderr, "lexgen: %s\n", explanation.Problem)
		return exitFindings
	}
	return exitFine
}

// explanationText returns one line for each step.
func explanationText(e driver.Explanation) string {
	var text strings.Builder
	for _, step := range e.Steps {
		fmt.Fprintln(&text, step)
	}
	return text.String()
}

// jsonStep is the promised form of a step. A place that is not known is 0.
type jsonStep struct {
	File   string `json:"file"`
	Line   int    `json:"line"`
	Column int    `json:"column"`
	Reason string `json:"reason"`
}

// explanationJSON returns one object.
func explanationJSON(e driver.Explanation) string {
	report := struct {
		Def       string     `json:"def"`
		Generated bool       `json:"generated"`
		Problem   string     `json:"problem"`
		Steps     []jsonStep `json:"steps"`
	}{e.Def, e.Problem == "", e.Problem, []jsonStep{}}
	for _, s := range e.Steps {
		report.Steps = append(report.Steps, jsonStep{s.File, s.Line, s.Column, s.Reason})
	}
	var text strings.Builder
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(report); err != nil {
		panic(err) // of a value that can always be encoded
	}
	return text.String()
}
