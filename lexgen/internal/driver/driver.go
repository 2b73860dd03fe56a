package driver

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"

	"github.com/lexgen-go/lexgen/lexgen/internal/config"
	"github.com/lexgen-go/lexgen/lexgen/internal/diag"
	"github.com/lexgen-go/lexgen/lexgen/internal/emit"
	"github.com/lexgen-go/lexgen/lexgen/internal/ir"
	"github.com/lexgen-go/lexgen/lexgen/internal/lower"
	"github.com/lexgen-go/lexgen/lexgen/internal/naming"
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
	// Command is the command line that brings the output folders up to date, for help lines.
	Command string
}

// Result is what a run found and did.
type Result struct {
	// Diags are the mistakes in the user's files, sorted. If they hold an error, nothing was written,
	// and the counts are zero unless all errors are about the output folders.
	Diags diag.List
	// BadConfig says that lexgen.json has errors.
	BadConfig bool
	// Config is the path of lexgen.json, relative to the working directory.
	Config string
	// Documents, Packages and Files count what was compiled and what that amounts to.
	Documents, Packages, Files int
	// Changes are the differences from what was on disk, as paths relative to the working directory.
	Changes Changes
}

// Changes are files to write or remove, or that were written or removed. Each list is sorted.
type Changes struct {
	// Missing are files that were not there, Stale those with other content, and Leftover those
	// that are no longer wanted.
	Missing, Stale, Leftover []string
}

// Empty reports whether the output folders are up to date.
func (c Changes) Empty() bool { return len(c.Missing)+len(c.Stale)+len(c.Leftover) == 0 }

// Generate compiles the lexicons and brings the output folders up to date. Until the first file is
// written it stops when ctx ends. A run that finds mistakes leaves the folders as they were, and so does
// one that fails, as far as that is possible.
func Generate(ctx context.Context, options Options) (Result, error) {
	return run(ctx, options, (*driver).compile, output.Apply)
}

// Check compiles the lexicons and compares the result with the output folders. A file that is not
// as it should be is an error among the diagnostics.
func Check(ctx context.Context, options Options) (Result, error) {
	result, err := run(ctx, options, (*driver).compile, output.Compare)
	if err == nil {
		result.reportStale(options.Command)
	}
	return result, err
}

// reportStale makes errors of the changes, which were not made.
func (result *Result) reportStale(command string) {
	report := func(paths []string, problem string) {
		for _, path := range paths {
			result.Diags.Errorf(whole(path), diag.StaleOutput, "%s", problem).Hint("run %s", command)
		}
	}
	report(result.Changes.Missing, "is missing")
	report(result.Changes.Stale, "is out of date")
	report(result.Changes.Leftover, "is left over from a lexicon that is gone")
	result.Diags.Sort()
}

// planner says what should be on disk. The plan is complete only if no error was reported.
type planner func(*driver, context.Context, *config.Config) (output.Plan, error)

// run makes a plan and hands it to finish.
func run(ctx context.Context, options Options, plan planner, finish func(output.Plan) (output.Changes, error)) (Result, error) {
	d := &driver{dir: options.Dir, refused: map[source.Span]bool{}}
	cfg, err := d.loadConfig(ctx, options.Config)
	if err != nil {
		return Result{}, err
	}
	d.result.Config = cfg.File.Name
	if d.failed() {
		return d.result, nil
	}
	planned, err := plan(d, ctx, cfg)
	if err != nil || d.failed() {
		return d.result, err
	}
	if err := ctx.Err(); err != nil {
		return d.result, err
	}
	changes, err := finish(planned)
	if err != nil {
		return d.result, err
	}
	d.result.Changes = Changes{
		Missing: d.relative(changes.Missing), Stale: d.relative(changes.Stale), Leftover: d.relative(changes.Leftover),
	}
	d.reportObstacles(changes.Obstacles)
	d.result.Diags.Sort()
	return d.result, nil
}

// reportObstacles reports what keeps the output folders from being brought up to date.
func (d *driver) reportObstacles(obstacles []output.Obstacle) {
	for _, o := range obstacles {
		d.result.Diags.Errorf(whole(d.name(o.Path)), diag.ForeignFile, "%s", o.Problem).
			Hint("move it away, or choose another folder in %s", config.FileName)
	}
}

// whole returns the place of a file or folder as a whole.
func whole(name string) source.Span { return source.NewFile(name, nil).Span(0, 0) }

// driver is the state of one run.
type driver struct {
	dir    string // the working directory
	root   string // the folder of lexgen.json
	config string // the path of lexgen.json
	result Result
	// refused are the places of folders that were reported.
	refused map[source.Span]bool
	// entries are those of packages, one for each prefix: an entry without one stands for the prefixes
	// of its package.
	entries []config.Package
	// imported are the packages that are generated elsewhere, by prefix.
	imported map[string]lower.Target
	// elsewhere are the files of documents whose packages are generated elsewhere.
	elsewhere map[*source.File]bool
	// unnamed says that there is a document without a readable NSID.
	unnamed bool
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
	linked, list, err := d.link(ctx, cfg)
	if err != nil || linked == nil {
		return output.Plan{}, err
	}
	d.report(list)
	selection, list := d.selectDefs(cfg, linked)
	d.report(list)
	options, err := d.lowerOptions(cfg, linked, selection)
	if err != nil {
		return output.Plan{}, err
	}
	packages, list := lower.Lower(linked, options)
	d.report(list)
	if d.failed() {
		return output.Plan{}, nil
	}
	plan, err := d.plan(ctx, packages)
	if err != nil {
		return output.Plan{}, err
	}
	if plan.Folders, err = d.folders(cfg, packages); err != nil {
		return output.Plan{}, err
	}
	d.result.Documents, d.result.Packages, d.result.Files = len(d.wantedDocuments(linked, selection)), len(packages), len(plan.Files)
	return plan, nil
}

// plan prints the packages, file by file.
func (d *driver) plan(ctx context.Context, packages []*ir.Package) (output.Plan, error) {
	plan := output.Plan{Root: d.root, Files: map[string][]byte{}, Name: d.name}
	var parts []*ir.Package // each has one file
	for _, p := range packages {
		for _, file := range p.Files {
			part := *p
			part.Files = []*ir.File{file}
			parts = append(parts, &part)
		}
	}
	printed := make([][]emit.Source, len(parts))
	err := each(ctx, len(parts), func(i int) {
		sources, err := emit.Package(parts[i])
		if err != nil {
			panic(fmt.Sprintf("driver: %v", err))
		}
		printed[i] = sources
	})
	for i, sources := range printed {
		for _, s := range sources {
			plan.Files[filepath.Join(d.folder(parts[i]), s.Name)] = s.Text
		}
	}
	return plan, err
}

// folders returns the output folders: those of the packages, of entries that no document belongs
// to any more, and, in a folder that the configuration claims as its own, those that earlier runs
// have filled. The default is no claim: several configurations may stand in one folder.
func (d *driver) folders(cfg *config.Config, packages []*ir.Package) ([]string, error) {
	var folders []string
	if cfg.OutIsSet {
		out := d.path(cfg.Out)
		var err error
		if folders, err = output.Generated(out, naming.PackageFile); err != nil {
			return nil, fmt.Errorf("read %s: %w", d.name(out), reason(err))
		}
		folders = slices.DeleteFunc(folders, d.isImported)
	}
	for _, entry := range cfg.Packages {
		if entry.Import == "" {
			folders = append(folders, d.path(entry.Dir))
		}
	}
	for _, p := range packages {
		folders = append(folders, d.folder(p))
	}
	return folders, nil
}

// isImported reports whether a folder holds a package that is only referred to.
func (d *driver) isImported(folder string) bool {
	for _, target := range d.imported {
		if target.Dir == folder {
			return true
		}
	}
	return false
}

// folder returns the absolute path of the folder of a package. The packages know what it is called in
// the configuration.
func (d *driver) folder(p *ir.Package) string { return d.path(config.Path{Path: p.Dir}) }

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
