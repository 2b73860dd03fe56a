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
//	version    print the version of this command
//	help       print this text
//
// The flags are:
//
//	-c, --config file      the configuration, instead of the nearest lexgen.json
//	-C, --directory dir    work in dir
//	    --format format    how mistakes are printed: text or json (default text)
//	-v, --verbose          name every file that was written or removed
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
//		// A folder named here is this file's alone: packages in it that are no longer wanted are removed.
//		"out": ".",
//		// The longest prefix that fits wins. Entries may share a folder.
//		"packages": [{"nsid": "com.example", "dir": "internal/example", "name": "example"}],
//		// What is wanted: server and client imply types.
//		"emit": ["types", "server", "client"],
//	}
//
// A run that finds a mistake reports all mistakes, each with its place and a rule's id, and leaves
// every file as it was. Only files that changed are written. Files of earlier runs that are no
// longer wanted are removed; files that lexgen did not write are never touched.
//
// # Exit status
//
//	0  everything is fine
//	1  the lexicons have mistakes, something is in the place of a generated file, or check found
//	   files that are not up to date
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

//go:embed main.go
var mainSource string

func main() {
	dir, err := os.Getwd()
	if err != nil {
		fmt.Fprintf(os.Stderr, "lexgen: %v\n", err)
		os.Exit(exitFault)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	status := run(ctx, dir, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(status)
}

// command is a command line after parsing.
type command struct {
	name      string
	config    string
	directory string
	format    string
	verbose   bool
	help      bool
	// workingDir is where the command line was given.
	workingDir string
}

// run carries out a command line that was given in dir, an absolute path, and returns the exit
// status.
func run(ctx context.Context, dir string, args []string, stdout, stderr io.Writer) (status int) {
	defer func() {
		if fault := recover(); fault != nil {
			status = reportFault(stderr, fault)
		}
	}()
	cmd, err := parseArgs(args)
	if err != nil {
		fmt.Fprintf(stderr, "lexgen: %v\nRun 'lexgen help' for usage.\n", err)
		return exitUsage
	}
	cmd.workingDir = dir
	if cmd.help {
		return printText(manual(), stdout, stderr)
	}
	switch cmd.name {
	case "generate":
		return generate(ctx, cmd, stdout, stderr)
	case "check":
		return check(ctx, cmd, stdout, stderr)
	case "version":
		return printText("lexgen "+version()+"\n", stdout, stderr)
	}
	return exitUsage // parseArgs knows no other name
}

// printText prints what was asked for and returns the exit status.
func printText(text string, stdout, stderr io.Writer) int {
	if _, err := io.WriteString(stdout, text); err != nil {
		fmt.Fprintf(stderr, "lexgen: %v\n", err)
		return exitFault
	}
	return exitFine
}

// parseArgs reads the command and the flags, in any order.
func parseArgs(args []string) (command, error) {
	cmd := command{name: "generate"}
	flags := pflag.NewFlagSet("lexgen", pflag.ContinueOnError)
	flags.Usage = func() {}
	flags.SetOutput(io.Discard)
	flags.StringVarP(&cmd.config, "config", "c", "", "")
	flags.StringVarP(&cmd.directory, "directory", "C", ".", "")
	flags.StringVar(&cmd.format, "format", "text", "")
	flags.BoolVarP(&cmd.verbose, "verbose", "v", false, "")
	flags.BoolVarP(&cmd.help, "help", "h", false, "")
	if err := flags.Parse(args); err != nil {
		if errors.Is(err, pflag.ErrHelp) {
			return command{help: true}, nil
		}
		return cmd, err
	}
	if flags.NArg() > 1 {
		return cmd, fmt.Errorf("unexpected argument %q after the command %s", flags.Arg(1), flags.Arg(0))
	}
	if flags.NArg() == 1 {
		cmd.name = flags.Arg(0)
	}
	switch cmd.name {
	case "generate", "check", "version":
	case "help":
		cmd.help = true
	default:
		if suggestion := diag.Suggest(cmd.name, []string{"generate", "check", "version", "help"}); suggestion != "" {
			return cmd, fmt.Errorf("unknown command %q; did you mean %s?", cmd.name, suggestion)
		}
		return cmd, fmt.Errorf("unknown command %q; there are generate, check, version and help", cmd.name)
	}
	if cmd.format != "text" && cmd.format != "json" {
		return cmd, fmt.Errorf("unknown format %q; there are text and json", cmd.format)
	}
	return cmd, nil
}

// generate writes the packages.
func generate(ctx context.Context, cmd command, stdout, stderr io.Writer) int {
	result, status := finish(ctx, cmd, driver.Generate, stdout, stderr)
	if status != exitFine {
		return status
	}
	written := slices.Concat(result.Changes.Missing, result.Changes.Stale)
	slices.Sort(written)
	if cmd.verbose {
		for _, path := range written {
			fmt.Fprintf(stderr, "wrote %s\n", path)
		}
		for _, path := range result.Changes.Leftover {
			fmt.Fprintf(stderr, "removed %s\n", path)
		}
	}
	fmt.Fprintf(stderr, "lexgen: %s in %s from %s: %d written, %d removed%s\n",
		count(result.Files, "file"), count(result.Packages, "package"), count(result.Documents, "document"),
		len(written), len(result.Changes.Leftover), warnings(result.Diags))
	return exitFine
}

// check compares the packages with the disk.
func check(ctx context.Context, cmd command, stdout, stderr io.Writer) int {
	result, status := finish(ctx, cmd, driver.Check, stdout, stderr)
	if status == exitFine {
		fmt.Fprintf(stderr, "lexgen: %s up to date%s\n", count(result.Files, "file"), warnings(result.Diags))
	}
	return status
}

// cure is the command line that generates what this one is about.
func (c command) cure() string {
	line := "lexgen"
	if c.directory != "." {
		line += " -C " + c.directory
	}
	if c.config != "" {
		line += " -c " + c.config
	}
	return line + " generate"
}

// finish runs the compiler and prints what it found. The exit status is that of the findings.
func finish(ctx context.Context, cmd command, compile func(context.Context, driver.Options) (driver.Result, error), stdout, stderr io.Writer) (driver.Result, int) {
	dir, err := cmd.folder()
	if err != nil {
		fmt.Fprintf(stderr, "lexgen: %v\n", err)
		return driver.Result{}, exitUsage
	}
	result, err := compile(ctx, driver.Options{Dir: dir, Config: cmd.config, Command: cmd.cure()})
	switch {
	case errors.Is(err, driver.ErrConfig):
		fmt.Fprintf(stderr, "lexgen: %v\n", err)
		return result, exitUsage
	case errors.Is(err, context.Canceled):
		fmt.Fprintln(stderr, "lexgen: interrupted; no file was changed")
		return result, exitFault
	case err != nil:
		fmt.Fprintf(stderr, "lexgen: %v\n", err)
		return result, exitFault
	}
	write := diag.WriteText
	if cmd.format == "json" {
		write = diag.WriteJSON
	}
	if err := write(stdout, result.Diags); err != nil {
		fmt.Fprintf(stderr, "lexgen: %v\n", err)
		return result, exitFault
	}
	if !result.Diags.HasErrors() {
		return result, exitFine
	}
	fmt.Fprintf(stderr, "lexgen: %s\n", result.Diags.Summary())
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
		stderr.Write(debug.Stack())
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
