package driver

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"

	"github.com/lexgen-go/lexgen/lexgen/internal/catalog"
	"github.com/lexgen-go/lexgen/lexgen/internal/config"
	"github.com/lexgen-go/lexgen/lexgen/internal/diag"
	"github.com/lexgen-go/lexgen/lexgen/internal/emit"
	"github.com/lexgen-go/lexgen/lexgen/internal/ir"
	"github.com/lexgen-go/lexgen/lexgen/internal/lexicon"
	"github.com/lexgen-go/lexgen/lexgen/internal/lower"
	"github.com/lexgen-go/lexgen/lexgen/internal/metaschema"
	"github.com/lexgen-go/lexgen/lexgen/internal/output"
	"github.com/lexgen-go/lexgen/lexgen/internal/source"
)

// Options say what to compile.
type Options struct {
	// Dir is the working directory, an absolute path. Positions name files relative to it.
	Dir string
	// Config is the path of lexgen.json, relative to Dir. If it is empty, the file is looked for
	// in Dir and in the folders above it.
	Config string
}

// ErrConfig is wrapped by errors that are about lexgen.json or where to find it.
var ErrConfig = errors.New("configuration")

// Result is what a run found and did.
type Result struct {
	// Diags are the mistakes in the user's files, sorted. If they hold an error, the rest is empty.
	Diags diag.List
	// BadConfig says that lexgen.json has errors.
	BadConfig bool
	// Config is the path of lexgen.json, relative to the working directory.
	Config string
	// Documents, Packages and Files count what was compiled and what that amounts to.
	Documents, Packages, Files int
	// Changes are the differences from what was on disk, as paths relative to the working directory.
	Changes output.Changes
}

// Generate compiles the lexicons and brings the output folders up to date. Until the first file is
// written it stops when ctx ends; a run that fails leaves the folders as they were.
func Generate(ctx context.Context, options Options) (Result, error) {
	return run(ctx, options, output.Apply)
}

// Check compiles the lexicons and compares the result with the output folders. A file that is not
// as it should be is an error among the diagnostics.
func Check(ctx context.Context, options Options) (Result, error) {
	result, err := run(ctx, options, output.Compare)
	if err != nil || result.Diags.HasErrors() {
		return result, err
	}
	report := func(paths []string, problem string) {
		for _, path := range paths {
			file := source.NewFile(path, nil)
			result.Diags.Errorf(file.Span(0, 0), diag.StaleOutput, "%s", problem)
		}
	}
	report(result.Changes.Missing, "is missing")
	report(result.Changes.Stale, "is out of date")
	report(result.Changes.Leftover, "is left over from a lexicon that is gone")
	result.Diags.Sort()
	return result, nil
}

// run compiles and hands the plan to finish.
func run(ctx context.Context, options Options, finish func(output.Plan) (output.Changes, error)) (Result, error) {
	d := &driver{dir: options.Dir}
	cfg, err := d.loadConfig(options.Config)
	if err != nil {
		return Result{}, err
	}
	d.result.Config = cfg.File.Name
	if d.failed() {
		return d.result, nil
	}
	plan, err := d.compile(ctx, cfg)
	if err != nil || d.failed() {
		return d.result, err
	}
	if err := ctx.Err(); err != nil {
		return d.result, err
	}
	changes, err := finish(plan)
	if err != nil {
		return d.result, err
	}
	d.result.Changes = output.Changes{
		Missing: d.relative(changes.Missing), Stale: d.relative(changes.Stale), Leftover: d.relative(changes.Leftover),
	}
	return d.result, nil
}

// driver is the state of one run.
type driver struct {
	dir    string // the working directory
	root   string // the folder of lexgen.json
	config string // the path of lexgen.json
	result Result
}

// failed sorts the diagnostics and reports whether they hold an error.
func (d *driver) failed() bool {
	d.result.Diags.Sort()
	d.result.BadConfig = slices.ContainsFunc(d.result.Diags, func(found diag.Diagnostic) bool {
		return found.Severity == diag.Error && found.Span.File != nil && found.Span.File.Name == d.result.Config
	})
	return d.result.Diags.HasErrors()
}

// report adds the diagnostics of a stage.
func (d *driver) report(list diag.List) { d.result.Diags.Add(list...) }

// compile goes from the configuration to the plan of what the output folders should hold. The plan
// is complete only if no error was reported.
func (d *driver) compile(ctx context.Context, cfg *config.Config) (output.Plan, error) {
	files, err := d.discover(cfg)
	if err != nil || d.failed() {
		return output.Plan{}, err
	}
	documents, err := d.parse(ctx, files)
	if err != nil {
		return output.Plan{}, err
	}
	linked, list := catalog.Link(documents)
	d.report(list)
	options, err := d.lowerOptions(cfg, linked)
	if err != nil {
		return output.Plan{}, err
	}
	packages, list := lower.Lower(linked, options)
	d.report(list)
	if d.failed() {
		return output.Plan{}, nil
	}
	plan := d.plan(packages)
	d.result.Documents, d.result.Packages, d.result.Files = len(documents), len(packages), len(plan.Files)
	return plan, nil
}

// plan prints the packages.
func (d *driver) plan(packages []*ir.Package) output.Plan {
	plan := output.Plan{Root: d.root, Files: map[string][]byte{}}
	for _, p := range packages {
		plan.Folders = append(plan.Folders, p.Dir)
		sources, err := emit.Package(p)
		if err != nil {
			panic(fmt.Sprintf("driver: %v", err))
		}
		for _, s := range sources {
			plan.Files[filepath.Join(p.Dir, s.Name)] = s.Text
		}
	}
	return plan
}

// parse turns files into documents.
func (d *driver) parse(ctx context.Context, files []*source.File) ([]*lexicon.Document, error) {
	shapes := metaschema.New()
	var documents []*lexicon.Document
	for _, file := range files {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		root, problems := source.Parse(file)
		d.result.Diags.AddProblems(problems)
		d.report(shapes.Check(root))
		document, list := lexicon.Decode(file, root)
		d.report(list)
		documents = append(documents, document)
	}
	return documents, nil
}

// relative returns paths as a person in the working directory writes them.
func (d *driver) relative(paths []string) []string {
	var list []string
	for _, path := range paths {
		list = append(list, d.name(path))
	}
	return list
}

// name returns a path relative to the working directory, with slashes.
func (d *driver) name(path string) string {
	if relative, err := filepath.Rel(d.dir, path); err == nil {
		path = relative
	}
	return filepath.ToSlash(path)
}
