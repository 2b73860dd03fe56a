// Lexgen turns AT Protocol lexicons (https://atproto.com/specs/lexicon) into Go: types, checks,
// JSON codecs, server stubs and typed clients.
//
// Usage:
//
//	lexgen [command] [flags]
//
// The commands are:
//
//	generate   write the Go packages that lexgen.json asks for (the default)
//	check      say which generated files are not up to date, and write nothing
//	docs       write the lexicons into the Markdown pages that lexgen.json names
//	validate   check JSON data against a lexicon: lexgen validate nsid[#def] [file]
//	why        say why a def is generated: lexgen why nsid[#def]
//	version    print the version of this command
//	help       print this text
//
// The flags are:
//
//	-c, --config file      the configuration, instead of the nearest lexgen.json
//	-C, --directory dir    work in dir
//	    --format format    how mistakes are printed: text or json (default text)
//	-v, --verbose          name every file that was written or removed
//	    --check            with docs: say which pages are not up to date, and write nothing
//	    --rkey key         with validate: check the key of the record, too
//	    --lenient          with validate: take what was valid in the past, too
//	-h, --help             print this text
//
// # Configuration
//
// lexgen.json is looked for in the working directory and in the folders above it, so that
//
//	//go:generate go tool lexgen
//
// works in any package. It is JSON in which comments and trailing commas are allowed:
//
//	{
//		"version": 1,
//		// Folders, which are read with the folders in them, or files. All paths are relative to this file.
//		"lexicons": ["lexicons"],
//		// Where an NSID prefix of two segments gets its package if no entry below fits: com.example goes to ./comexample.
//		// A folder named here is this file's alone: unwanted packages directly in it are removed.
//		"out": ".",
//		// The longest prefix that fits wins. Entries may share a folder; prefix keeps their Go names apart.
//		// An entry with import instead of dir is about a package that is generated elsewhere and only referred to;
//		// the prefixes are those that it is generated for, or that of nsid alone.
//		"packages": [
//			{"nsid": "com.example", "dir": "internal/example", "name": "example"},
//			{"nsid": "net.example", "dir": "internal/example", "prefix": "Net"},
//			{"import": "github.com/lexgen-go/lexgen/generated/comatproto"},
//		],
//		// The lexicons that are wanted: NSIDs, or all that begin with some segments. What they refer to is generated as well.
//		"include": ["com.example.*", "net.example.getThing"],
//		// Lexicons that are not wanted after all, unless one that is wanted refers to them.
//		"exclude": ["com.example.internal.*"],
//		// What is wanted: server and client imply types.
//		"emit": ["types", "server", "client"],
//		// Go names: of a def, of a property or another part of a def by its path in the JSON, of a group such as com.example.feed.*.
//		"names": {"com.example.thing#main/properties/fooBar": "FooBarLower"},
//		// The pages that docs writes.
//		"docs": {"com.example.feed": "docs/com.example.feed.md"},
//	}
//
// A run that finds a mistake reports all mistakes, each with its place and a rule's id, and leaves
// every file as it was. It reads regular files of at most 10 MiB, and follows no links to folders
// below those that lexicons lists.
//
// Only files that changed are written; files that lexgen did not write are never touched. Generated
// files that are no longer wanted are removed from the folders of packages that are generated, of
// entries, and of packages directly in a folder that out names, but not from behind a symbolic link,
// another lexgen.json or another go.mod. Other packages stay for you to remove: those whose entry was
// removed or got another dir, and, without out, those whose lexicons are gone.
//
// # Documentation
//
// The key docs of lexgen.json gives groups of lexicons a Markdown page each:
//
//	"docs": {"com.example.feed": "docs/com.example.feed.md"}
//
// lexgen docs writes the lexicons of the group com.example.feed, such as com.example.feed.get,
// between two lines of the page, one that begins with
//
//	<!-- START lex generated content
//
// and one that begins with
//
//	<!-- END lex
//
// Both may be indented. All else stays as it is. A page without these lines gets them at its end, and a page that does not
// exist is made.
//
// # Validation
//
// lexgen validate com.example.thing file checks whether a JSON file is a record, an object or
// another value of the type com.example.thing, or of com.example.thing#name, with the rules of the
// generated code. Without a file, or with -, it reads standard input, at most 10 MiB as well. Every
// violation is printed with its place in the file. With --lenient, forms that were valid in the past
// are taken, as a program that reads data of others takes them.
//
// # Exit status
//
//	0  everything is fine
//	1  the lexicons have mistakes, something is in the place of a generated file, check or
//	   docs --check found files that are not up to date, the data is not valid, or the def
//	   that why is asked about is not generated
//	2  the command line or lexgen.json is wrong, or there is no lexgen.json
//	3  the system did not read or write something, the run was interrupted, or lexgen has a fault
//
// Mistakes are printed to standard output, the summary of a run to standard error.
package main

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"go/doc"
	"go/parser"
	"go/token"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"syscall"

	"github.com/spf13/pflag"

	"github.com/lexgen-go/lexgen/lexgen/internal/diag"
	"github.com/lexgen-go/lexgen/lexgen/internal/driver"
)

// The exit statuses, as the package comment explains them.
const (
	exitFine     = 0
	exitFindings = 1
	exitUsage    = 2
	exitFault    = 3
)

// gcPercent is how much the memory may grow between two garbage collections. A run is short and
// keeps most of what it allocates, so that collecting as often as a server would costs a quarter of
// its time.
const gcPercent = 400

//go:embed main.go
var mainSource string

func main() {
	dir, err := os.Getwd()
	if err != nil {
		fmt.Fprintf(os.Stderr, "lexgen: %v\n", err)
		os.Exit(exitFault)
	}
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(gcPercent)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal kills
	status := run(ctx, dir, os.Args[1:], streams{os.Stdin, os.Stdout, os.Stderr})
	stop()
	os.Exit(status)
}

// streams are what a command reads and prints to.
type streams struct {
	stdin          io.Reader
	stdout, stderr io.Writer
}

// command is a command line after parsing.
type command struct {
	name string
	// args are what follows the name.
	args      []string
	config    string
	directory string
	format    string
	verbose   bool
	help      bool
	// check says that docs writes nothing.
	check bool
	// recordKey is the key that validate checks; nil is none.
	recordKey *string
	// lenient says that validate takes what was valid in the past.
	lenient bool
	// workingDir is where the command line was given.
	workingDir string
}

// verb is something that lexgen can do.
type verb struct {
	name string
	// args describes what follows the name; least and most bound their number.
	args        string
	least, most int
	// flags are the names of flags that not every command has.
	flags []string
	run   func(context.Context, command, streams) int
}

// verbs returns what lexgen can do. The first is the default.
func verbs() []verb {
	return []verb{
		{name: "generate", run: generate},
		{name: "check", run: check},
		{name: "docs", flags: []string{"check"}, run: writeDocs},
		{name: "validate", args: "nsid[#def] [file]", least: 1, most: 2, flags: []string{"rkey", "lenient"}, run: validateData},
		{name: "why", args: "nsid[#def]", least: 1, most: 1, run: why},
		{name: "version", run: printVersion},
		{name: "help", run: printManual},
	}
}

// run carries out a command line that was given in dir, an absolute path, and returns the exit
// status.
func run(ctx context.Context, dir string, args []string, std streams) (status int) {
	defer func() {
		if fault := recover(); fault != nil {
			status = reportFault(std.stderr, fault)
		}
	}()
	cmd, chosen, err := parseArgs(args)
	if err != nil {
		fmt.Fprintf(std.stderr, "lexgen: %v\nRun 'lexgen help' for usage.\n", err)
		return exitUsage
	}
	cmd.workingDir = dir
	if cmd.help {
		return printManual(ctx, cmd, std)
	}
	return chosen.run(ctx, cmd, std)
}

// printVersion prints the version.
func printVersion(_ context.Context, _ command, std streams) int {
	return printText("lexgen "+version()+"\n", std)
}

// printManual prints the package comment.
func printManual(_ context.Context, _ command, std streams) int {
	return printText(manual(), std)
}

// printText prints what was asked for and returns the exit status.
func printText(text string, std streams) int {
	if _, err := io.WriteString(std.stdout, text); err != nil {
		fmt.Fprintf(std.stderr, "lexgen: %v\n", err)
		return exitFault
	}
	return exitFine
}

// parseArgs reads the command, its arguments and the flags, in any order.
func parseArgs(args []string) (command, verb, error) {
	cmd := command{}
	flags := pflag.NewFlagSet("lexgen", pflag.ContinueOnError)
	flags.Usage = func() {}
	flags.SetOutput(io.Discard)
	flags.StringVarP(&cmd.config, "config", "c", "", "")
	flags.StringVarP(&cmd.directory, "directory", "C", ".", "")
	flags.StringVar(&cmd.format, "format", "text", "")
	flags.BoolVarP(&cmd.verbose, "verbose", "v", false, "")
	flags.BoolVarP(&cmd.help, "help", "h", false, "")
	flags.BoolVar(&cmd.check, "check", false, "")
	flags.BoolVar(&cmd.lenient, "lenient", false, "")
	flags.Func("rkey", "", func(key string) error {
		cmd.recordKey = &key
		return nil
	})
	if err := flags.Parse(args); err != nil {
		if errors.Is(err, pflag.ErrHelp) {
			return command{help: true}, verb{}, nil
		}
		return cmd, verb{}, err
	}
	if cmd.format != "text" && cmd.format != "json" {
		return cmd, verb{}, fmt.Errorf("unknown format %q; there are text and json", cmd.format)
	}
	known := verbs()
	cmd.name = known[0].name
	if flags.NArg() > 0 {
		cmd.name, cmd.args = flags.Arg(0), flags.Args()[1:]
	}
	chosen, err := findVerb(known, cmd.name)
	if err != nil || cmd.help {
		return cmd, chosen, err
	}
	if err := checkFlags(flags, known, chosen); err != nil {
		return cmd, chosen, err
	}
	switch {
	case len(cmd.args) > chosen.most:
		return cmd, chosen, fmt.Errorf("unexpected argument %q after the command %s", cmd.args[chosen.most], cmd.name)
	case len(cmd.args) < chosen.least:
		return cmd, chosen, fmt.Errorf("the command %s needs more: lexgen %s %s", cmd.name, cmd.name, chosen.args)
	}
	return cmd, chosen, nil
}

// checkFlags returns an error if a flag was given that belongs to other verbs.
func checkFlags(flags *pflag.FlagSet, known []verb, chosen verb) error {
	var err error
	flags.Visit(func(f *pflag.Flag) {
		belongs := func(v verb) bool { return slices.Contains(v.flags, f.Name) }
		if slices.ContainsFunc(known, belongs) && !belongs(chosen) {
			err = fmt.Errorf("the command %s has no flag --%s", chosen.name, f.Name)
		}
	})
	return err
}

// findVerb returns the verb with a name.
func findVerb(known []verb, name string) (verb, error) {
	var names []string
	for _, v := range known {
		if v.name == name {
			return v, nil
		}
		names = append(names, v.name)
	}
	if suggestion := diag.Suggest(name, names); suggestion != "" {
		return verb{}, fmt.Errorf("unknown command %q; did you mean %s?", name, suggestion)
	}
	last := len(names) - 1
	return verb{}, fmt.Errorf("unknown command %q; there are %s and %s", name, strings.Join(names[:last], ", "), names[last])
}

// generate writes the packages.
func generate(ctx context.Context, cmd command, std streams) int {
	result, status := finish(ctx, cmd, driver.Generate, std)
	if status != exitFine {
		return status
	}
	written := reportWritten(cmd, result.Changes, std)
	if cmd.verbose {
		for _, path := range result.Changes.Leftover {
			fmt.Fprintf(std.stderr, "removed %s\n", path)
		}
	}
	fmt.Fprintf(std.stderr, "lexgen: %s in %s from %s: %d written, %d removed%s\n",
		count(result.Files, "file"), count(result.Packages, "package"), count(result.Documents, "document"),
		written, len(result.Changes.Leftover), warnings(result.Diags))
	return exitFine
}

// reportWritten names the files that were written, if the command is to be verbose, and returns how
// many they are.
func reportWritten(cmd command, changes driver.Changes, std streams) int {
	written := slices.Concat(changes.Missing, changes.Stale)
	slices.Sort(written)
	if cmd.verbose {
		for _, path := range written {
			fmt.Fprintf(std.stderr, "wrote %s\n", path)
		}
	}
	return len(written)
}

// check compares the packages with the disk.
func check(ctx context.Context, cmd command, std streams) int {
	result, status := finish(ctx, cmd, driver.Check, std)
	if status == exitFine {
		fmt.Fprintf(std.stderr, "lexgen: %s up to date%s\n", count(result.Files, "file"), warnings(result.Diags))
	}
	return status
}

// cure is the command line that brings up to date what this one is about.
func (c command) cure() string {
	line := "lexgen"
	if c.directory != "." {
		line += " -C " + c.directory
	}
	if c.config != "" {
		line += " -c " + c.config
	}
	if c.name == "check" {
		return line + " generate"
	}
	return line + " " + c.name
}

// finish runs the compiler and prints what it found. The exit status is that of the findings.
func finish(ctx context.Context, cmd command, compile func(context.Context, driver.Options) (driver.Result, error), std streams) (driver.Result, int) {
	dir, err := cmd.folder()
	if err != nil {
		fmt.Fprintf(std.stderr, "lexgen: %v\n", err)
		return driver.Result{}, exitUsage
	}
	result, err := compile(ctx, driver.Options{Dir: dir, Config: cmd.config, Command: cmd.cure()})
	switch {
	case errors.As(err, new(*driver.UsageError)):
		fmt.Fprintf(std.stderr, "lexgen: %v\n", err)
		return result, exitUsage
	case errors.Is(err, context.Canceled):
		fmt.Fprintln(std.stderr, "lexgen: interrupted; no file was changed")
		return result, exitFault
	case err != nil:
		fmt.Fprintf(std.stderr, "lexgen: %v\n", err)
		return result, exitFault
	}
	write := diag.WriteText
	if cmd.format == "json" {
		write = diag.WriteJSON
	}
	if err := write(std.stdout, result.Diags); err != nil {
		fmt.Fprintf(std.stderr, "lexgen: %v\n", err)
		return result, exitFault
	}
	if !result.Diags.HasErrors() {
		return result, exitFine
	}
	fmt.Fprintf(std.stderr, "lexgen: %s\n", result.Diags.Summary())
	if result.BadConfig {
		return result, exitUsage
	}
	return result, exitFindings
}

// folder returns the absolute path of the folder to work in.
func (c command) folder() (string, error) {
	dir := c.directory
	if !filepath.IsAbs(dir) {
		dir = filepath.Join(c.workingDir, dir)
	}
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		return "", fmt.Errorf("there is no folder %s", c.directory)
	}
	return dir, nil
}

// warnings counts the warnings of a run that found nothing worse.
func warnings(list diag.List) string {
	if summary := list.Summary(); summary != "" {
		return " (" + summary + ")"
	}
	return ""
}

// count returns "1 file" or "2 files".
func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// reportFault asks for a report of a fault in this program.
func reportFault(stderr io.Writer, fault any) int {
	fmt.Fprintf(stderr, "lexgen: this is a fault in lexgen %s, not in your files: %v\n", version(), fault)
	if os.Getenv("LEXGEN_DEBUG") != "" {
		stack := debug.Stack()
		if elsewhere, ok := fault.(*driver.Fault); ok {
			stack = elsewhere.Stack
		}
		stderr.Write(stack)
	}
	fmt.Fprintln(stderr, "Please report it at https://github.com/lexgen-go/lexgen/issues, with the lexicons and with what LEXGEN_DEBUG=1 adds to this message.")
	return exitFault
}

// version returns the module version that this command was built from.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" {
		return "(unknown version)"
	}
	return info.Main.Version
}

// manual returns the package comment.
func manual() string {
	file, err := parser.ParseFile(token.NewFileSet(), "main.go", mainSource, parser.PackageClauseOnly|parser.ParseComments)
	if err != nil {
		panic(err)
	}
	return strings.TrimRight(string(new(doc.Package).Text(file.Doc.Text())), "\n") + "\n"
}
