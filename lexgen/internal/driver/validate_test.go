package driver_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"github.com/lexgen-go/lexgen/lexgen/internal/diag"
	"github.com/lexgen-go/lexgen/lexgen/internal/driver"
)

// thing is a document with a type of each kind that leads to others.
const thing = `{"lexicon": 1, "id": "com.example.thing", "defs": {
"main": {"type": "object", "required": ["need"], "properties": {
"need": {"type": "ref", "ref": "#short"},
"list": {"type": "array", "items":
{"type": "integer", "maximum": 1}},
"union": {"type": "union", "refs": [
"#inner", "#other"]}}},
"short": {"type": "string", "maxLength": 1},
"inner": {"type": "object", "properties": {
"n": {"type": "integer", "maximum": 1},
"again": {"type": "ref", "ref": "#main"}}},
"other": {"type": "object", "properties": {
"n": {"type": "integer", "maximum": 1}}}
}}`

// validateThing validates data against com.example.thing and returns the findings, one a line.
func validateThing(t *testing.T, input io.Reader) string {
	t.Helper()
	dir := project(t, map[string]string{"lexicons/com/example/thing.json": thing})
	result, err := driver.Validate(t.Context(), driver.Options{Dir: dir}, driver.ValidateOptions{Def: "com.example.thing", File: "-", Stdin: input})
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, d := range result.Diags {
		at := d.Span.Position()
		lines = append(lines, fmt.Sprintf("%d:%d %s [%s] %s", at.Line, at.Column, d.Message, d.Rule, strings.TrimPrefix(d.Help, "the schema is at lexicons/com/example/")))
	}
	return strings.Join(lines, "\n")
}

// TestValidatePlaces demands of each violation its place in the data and that of its schema.
func TestValidatePlaces(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, data, want string }{
		{"valid", `{"need": ""}`, ""},
		{"missing", `{}`, "1:1 need is required [invalid-data] thing.json:3:1"},
		{"a constraint of a def", `{"need": "ab"}`, "1:10 need must have a length of at most 1 [invalid-data] thing.json:8:1"},
		{"an element", "{\"need\": \"\", \"list\": [1,\n2]}", "2:1 list[1] must be at most 1 [invalid-data] thing.json:5:1"},
		{"a variant", `{"need": "", "union": {"$type": "com.example.thing#other", "n": 2}}`, "1:65 union.n must be at most 1 [invalid-data] thing.json:13:1"},
		{"another variant", `{"need": "", "union": {"n": 2, "$type": "com.example.thing#inner"}}`, "1:29 union.n must be at most 1 [invalid-data] thing.json:10:1"},
		{"no variant", `{"need": "", "union": {"n": 2}}`, "1:23 union.$type is required [invalid-data] thing.json:6:1"},
		{"around a circle", `{"need": "", "union": {"$type": "com.example.thing#inner", "again": {"need": 1}}}`, "1:78 union.again.need must be a string [invalid-data] thing.json:8:1"},
		{"an unknown property", `{"need": "", "x": {"y": [0.5]}}`, "1:26 x.y[0] must be an integer [invalid-data] thing.json:2:1"},
		{"an element of no array", `{"need": [1]}`, "1:10 need must be a string [invalid-data] thing.json:8:1"},
		{"no JSON", `{"need": "",}`, `1:12 unexpected ',' before '}' [schema-json-parse] remove the comma`},
		{
			"too deep for a tree", `{"x": ` + strings.Repeat("[", 200) + strings.Repeat("]", 200) + `}`,
			"1:1 need is required [invalid-data] thing.json:3:1",
		},
		{
			"too deep", `{"x": ` + strings.Repeat("[", 256) + strings.Repeat("]", 256) + `}`,
			"1:262 nested too deeply [schema-json-parse] objects and arrays nest at most 256 levels deep",
		},
		{"too much", strings.Repeat(" ", driver.MaxFileSize+1), "1:1 cannot be read: more than 10 MiB [unreadable-file] lexgen reads regular files of at most 10 MiB"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(validateThing(t, strings.NewReader(test.data)), test.want); diff != "" {
				t.Errorf("-got +want:\n%s", diff)
			}
		})
	}
}

// TestValidateListsAll demands that every violation is listed: of constraints, of the structure, and of
// keys of one object.
func TestValidateListsAll(t *testing.T) {
	t.Parallel()
	const n = 20_000
	for name, data := range map[string]string{
		"constraints": `{"need": "", "list": [` + strings.Repeat("2, ", n-1) + `2]}`,
		"structure":   `{"need": "", "list": [` + strings.Repeat("true, ", n-1) + `true]}`,
		"keys":        `{"need": ""` + strings.Repeat(`, "need": ""`, n) + `}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := strings.Count(validateThing(t, strings.NewReader(data)), "\n") + 1; got != n {
				t.Errorf("%d findings, want %d", got, n)
			}
		})
	}
}

func TestValidateFailures(t *testing.T) {
	t.Parallel()
	dir := project(t, map[string]string{"lexicons/com/example/thing.json": thing})
	canceled, cancel := context.WithCancel(t.Context())
	cancel()
	broken := errors.New("broken pipe")
	tests := []struct {
		name string
		ctx  context.Context
		what driver.ValidateOptions
		want error
	}{
		{"canceled", canceled, driver.ValidateOptions{Def: "com.example.thing", File: "-"}, context.Canceled},
		{"unreadable", t.Context(), driver.ValidateOptions{Def: "com.example.thing", File: "-", Stdin: iotest.ErrReader(broken)}, broken},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if _, err := driver.Validate(test.ctx, driver.Options{Dir: dir}, test.what); !errors.Is(err, test.want) {
				t.Errorf("got %v, want %v", err, test.want)
			}
		})
	}
}

// TestUnknownDef demands that a name which the lexicons do not have is a mistake in the command line.
func TestUnknownDef(t *testing.T) {
	t.Parallel()
	dir := project(t, map[string]string{"lexicons/com/example/thing.json": thing})
	for name, want := range map[string]string{
		"com.example.thing#shrt": "the lexicon com.example.thing has no def shrt; did you mean com.example.thing#short?",
		"com.example.thing#none": "the lexicon com.example.thing has no def none; it has main, short, inner, other",
		"com.example.thin":       "there is no lexicon com.example.thin; did you mean com.example.thing?",
		"com.example.thing#":     `"com.example.thing#" is neither an NSID nor an NSID#def`,
		"#":                      `"#" is neither an NSID nor an NSID#def`,
	} {
		_, validateErr := driver.Validate(t.Context(), driver.Options{Dir: dir}, driver.ValidateOptions{Def: name, File: "-"})
		_, _, whyErr := driver.Why(t.Context(), driver.Options{Dir: dir}, name)
		for command, err := range map[string]error{"validate": validateErr, "why": whyErr} {
			if !errors.As(err, new(*driver.UsageError)) || err.Error() != want {
				t.Errorf("%s %s: got %v, want %s", command, name, err, want)
			}
		}
	}
}

// blockedInput is an input that never comes. It says when it is waited for.
type blockedInput struct{ waiting, never chan struct{} }

func (b blockedInput) Read([]byte) (int, error) {
	close(b.waiting)
	<-b.never
	return 0, io.EOF
}

// TestValidateInterrupted demands that the end of the context ends a read that waits for input.
func TestValidateInterrupted(t *testing.T) {
	t.Parallel()
	dir := project(t, map[string]string{"lexicons/com/example/thing.json": thing})
	ctx, cancel := context.WithCancel(t.Context())
	input := blockedInput{make(chan struct{}), make(chan struct{})}
	defer close(input.never)
	go func() {
		<-input.waiting
		cancel()
	}()
	_, err := driver.Validate(ctx, driver.Options{Dir: dir}, driver.ValidateOptions{Def: "com.example.thing", File: "-", Stdin: input})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want %v", err, context.Canceled)
	}
}

// TestValidateBadConfig demands that mistakes in lexgen.json come first.
func TestValidateBadConfig(t *testing.T) {
	t.Parallel()
	dir := project(t, map[string]string{"lexgen.json": `{"version": 2}`})
	result, err := driver.Validate(t.Context(), driver.Options{Dir: dir}, driver.ValidateOptions{Def: "com.example.thing", File: "-"})
	if err != nil || !result.BadConfig || result.Diags.Count(diag.Error) != 1 {
		t.Errorf("got %+v, %v", result, err)
	}
}
