package driver

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"

	"github.com/lexgen-go/lexgen/lexgen/internal/catalog"
	"github.com/lexgen-go/lexgen/lexgen/internal/diag"
	"github.com/lexgen-go/lexgen/lexgen/internal/lexicon"
	"github.com/lexgen-go/lexgen/lexgen/internal/source"
	"github.com/lexgen-go/lexgen/lexgen/internal/validator"
	"github.com/lexgen-go/lexgen/runtime/lexjson"
	"github.com/lexgen-go/lexgen/runtime/validate"
)

// stdinName is what diagnostics call the data that comes from standard input.
const stdinName = "<stdin>"

// ValidateOptions say what [Validate] looks at.
type ValidateOptions struct {
	// Def is the name of a def: an NSID, which may be followed by # and the def's name.
	Def string
	// File is the path of the data, relative to the working directory, or "-" for Stdin.
	File  string
	Stdin io.Reader
	// RecordKey is the key of the data, which must be a record. Nil leaves keys alone.
	RecordKey *string
	// Lenient reads the data as a client reads what others have published.
	Lenient bool
}

// Validate checks JSON data against a def of the lexicons. What is wrong with the data is in the
// diagnostics of the result, each at its place; or what is wrong with the lexicons, if that is an
// error, as they say nothing certain then.
func Validate(ctx context.Context, options Options, what ValidateOptions) (Result, error) {
	d := &driver{dir: options.Dir, refused: map[source.Span]bool{}}
	linked, err := d.linkConfigured(ctx, options.Config)
	if err != nil || linked == nil {
		return d.result, err
	}
	def, err := findData(linked, what)
	if err != nil {
		return d.result, err
	}
	data, err := d.readData(ctx, what)
	if err != nil || data == nil {
		return d.result, err
	}
	if record, ok := def.Schema.(*lexicon.Record); ok && what.RecordKey != nil {
		d.checkKey(record, *what.RecordKey)
	}
	d.checkData(linked, def, data, what.Lenient)
	return d.result, nil
}

// linkConfigured reads the configuration and links the documents. If that finds mistakes there is
// no catalog; warnings are dropped.
func (d *driver) linkConfigured(ctx context.Context, path string) (*catalog.Catalog, error) {
	cfg, err := d.loadConfig(ctx, path)
	if err != nil {
		return nil, err
	}
	d.result.Config = cfg.File.Name
	if d.failed() {
		return nil, nil
	}
	linked, list, err := d.link(ctx, cfg)
	if err != nil {
		return nil, err
	}
	d.report(list)
	if d.failed() {
		return nil, nil
	}
	d.result.Diags = nil
	d.result.Documents = len(linked.Documents())
	return linked, nil
}

// findData returns the def that the data is checked against.
func findData(c *catalog.Catalog, what ValidateOptions) (*lexicon.Def, error) {
	def, err := findDef(c, what.Def)
	if err != nil {
		return nil, err
	}
	if !validator.HasData(def) {
		return nil, misuse("%s is of the type %s, which is no data; records, objects and other named types are",
			def.Key(), lexicon.TypeName(def.Schema))
	}
	if _, isRecord := def.Schema.(*lexicon.Record); what.RecordKey != nil && !isRecord {
		return nil, misuse("%s is of the type %s; only records have a key", def.Key(), lexicon.TypeName(def.Schema))
	}
	return def, nil
}

// readData reads the data. If it is no file that is read, that is reported, and there is no data.
func (d *driver) readData(ctx context.Context, what ValidateOptions) (*source.File, error) {
	name := stdinName
	read := func() ([]byte, error) { return readLimited(what.Stdin) }
	if what.File != "-" {
		var path string
		path, name = d.locateTyped(what.File)
		read = func() ([]byte, error) { return readRegular(path) }
	}
	data, err := await(ctx, read)
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case errors.As(err, new(unfit)):
		d.reportUnreadable(name, err)
		return nil, nil
	case err != nil:
		return nil, fmt.Errorf("read %s: %w", name, reason(err))
	}
	return source.NewFile(name, data), nil
}

// checkKey reports what is wrong with the key of a record.
func (d *driver) checkKey(record *lexicon.Record, key string) {
	if err := validator.CheckRecordKey(record, key); err != nil {
		d.result.Diags.Errorf(source.Span{}, diag.InvalidData, "%v", err).
			Hint("the schema is at %s", position(record.SpanOf("key")))
	}
}

// checkData reports what is wrong with the data.
func (d *driver) checkData(c *catalog.Catalog, def *lexicon.Def, file *source.File, lenient bool) {
	err := validator.New(c).Validate(def, file.Data, validator.Options{Lenient: lenient, MaxErrors: math.MaxInt})
	var malformed *lexjson.SyntaxError
	var wrong *validate.Errors
	switch {
	case errors.As(err, &malformed):
		d.reportSyntax(file, malformed)
	case errors.As(err, &wrong):
		d.reportViolations(c, def, file, wrong)
	}
}

// reportSyntax reports that the data is no JSON. The parser that knows how to cure that finds the
// same mistake, but for another bound of the depth.
func (d *driver) reportSyntax(file *source.File, malformed *lexjson.SyntaxError) {
	root, problems := source.Parse(file)
	if last := len(problems) - 1; root == nil && problems[last].Kind != source.Depth {
		d.result.Diags.AddProblems(problems[last:])
		return
	}
	d.result.Diags.Errorf(file.Span(malformed.Offset, malformed.Offset+1), diag.JSONSyntax, "%s", malformed.Problem).
		Hint("objects and arrays nest at most %d levels deep", lexjson.DefaultMaxDepth)
}

// reportViolations reports each violation at its place.
func (d *driver) reportViolations(c *catalog.Catalog, def *lexicon.Def, file *source.File, wrong *validate.Errors) {
	places := newPlaces(file)
	for _, violation := range wrong.List {
		d.result.Diags.Errorf(places.of(violation), diag.InvalidData, "%v", violation).
			Hint("the schema is at %s", position(places.ruleOf(c, def, violation.Path)))
	}
	d.result.Diags.Sort()
}

// position prints where a span begins.
func position(span source.Span) string {
	at := span.Position()
	return fmt.Sprintf("%s:%d:%d", span.File.Name, at.Line, at.Column)
}
