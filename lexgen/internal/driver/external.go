package driver

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/lexgen-go/lexgen/lexgen/internal/config"
	"github.com/lexgen-go/lexgen/lexgen/internal/diag"
	"github.com/lexgen-go/lexgen/lexgen/internal/lower"
	"github.com/lexgen-go/lexgen/lexgen/internal/naming"
	"github.com/lexgen-go/lexgen/lexgen/internal/source"
)

// external is a package that is generated elsewhere.
type external struct {
	target lower.Target
	// inputs are the documents of the defs in it that can be referred to.
	inputs []input
}

// loadExternal reads what the package of an entry says of itself. What keeps it from that is reported
// at the entry; the error is that of a context that has ended.
func (d *driver) loadExternal(ctx context.Context, entry config.Package) (external, error) {
	found, err := d.findPackage(ctx, entry)
	if err != nil || found == nil {
		return external{}, err
	}
	listed := d.describe(entry, found)
	if listed == nil {
		return external{}, nil
	}
	loaded := external{target: lower.Target{
		Prefix: entry.NSID, Name: found.Name, ImportPath: entry.Import, Dir: found.Dir, Symbols: listed.symbols,
	}}
	for _, document := range listed.documents {
		file := source.NewFile(entry.Import+"/"+string(document.id), []byte(document.text))
		file.Folder, file.Path = entry.Import, strings.ReplaceAll(string(document.id), ".", "/")+".json"
		loaded.inputs = append(loaded.inputs, input{file: file, readable: true})
	}
	return loaded, nil
}

// describe reads what a package says of itself. If that is of no use, it is reported, and there is no
// description.
func (d *driver) describe(entry config.Package, found *goPackage) *directory {
	text, err := os.ReadFile(filepath.Join(found.Dir, naming.PackageFile))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		d.refuseImport(entry, "the package %s has no file %s", entry.Import, naming.PackageFile).
			Hint("name a package that lexgen has generated")
		return nil
	case err != nil:
		d.refuseImport(entry, "%s of the package %s cannot be read: %v", naming.PackageFile, entry.Import, reason(err)).
			Hint("make it a file that can be read")
		return nil
	}
	listed, err := readDirectory(text)
	switch {
	case errors.Is(err, errNoDirectory):
		d.refuseImport(entry, "the package %s does not say what it holds: a lexgen before this one has generated it, or nothing in it can be referred to", entry.Import).
			Hint("run go get %s@latest; if the package is yours, generate it again", entry.Import)
		return nil
	case err != nil:
		d.refuseImport(entry, "what the package %s says of itself makes no sense: %v", entry.Import, err).
			Hint("get another version of the package with go get; if it is yours, generate it again")
		return nil
	}
	return listed
}

// refuseImport reports why an entry's package is of no use.
func (d *driver) refuseImport(entry config.Package, format string, args ...any) *diag.Diagnostic {
	return d.result.Diags.Errorf(entry.ImportSpan, diag.PackageMapping, format, args...)
}

// goPackage is what the go command says of a package.
type goPackage struct {
	ImportPath, Dir, Name string
}

// goListDelay is how long a go command that was told to stop may take.
const goListDelay = 5 * time.Second

// findPackage asks the go command where the package of an entry is, as it would be for a Go file beside
// lexgen.json: that command knows about go.mod, replacements, workspaces, vendored and downloaded
// modules. If it does not find the package, that is reported, and there is none.
func (d *driver) findPackage(ctx context.Context, entry config.Package) (*goPackage, error) {
	list := exec.CommandContext(ctx, "go", "list", "-find", "-json=ImportPath,Dir,Name", "--", entry.Import)
	list.Dir = d.root
	list.WaitDelay = goListDelay
	var stdout, stderr bytes.Buffer
	list.Stdout, list.Stderr = &stdout, &stderr
	err := list.Run()
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case errors.Is(err, exec.ErrNotFound):
		d.refuseImport(entry, "there is no go command, which knows where the package %s is", entry.Import).
			Hint("install Go from https://go.dev/dl, or add the folder of the go command to PATH")
		return nil, nil
	case err != nil:
		d.refuseImport(entry, "the package %s is not to be found: %s", entry.Import, cmp.Or(complaint(stderr.String()), err.Error())).
			Hint("run go get %s", entry.Import)
		return nil, nil
	}
	var found goPackage
	// What import paths cannot be has been ruled out, but "all" and "a..." stand for several packages.
	if err := json.Unmarshal(stdout.Bytes(), &found); err != nil || found.ImportPath != entry.Import || found.Dir == "" {
		d.refuseImport(entry, "import %q does not name one package", entry.Import).Hint("name a package that lexgen has generated")
		return nil, nil
	}
	if naming.IsReservedPackage(found.Name) {
		d.refuseImport(entry, "generated code cannot refer to a package called %s", found.Name).
			Hint("name a package that lexgen has generated")
		return nil, nil
	}
	return &found, nil
}

// complaint returns the first line that the go command printed to say why it failed.
func complaint(stderr string) string {
	for line := range strings.Lines(stderr) {
		line = strings.TrimPrefix(strings.TrimSpace(line), "go: ")
		if line != "" && !strings.HasPrefix(line, "downloading ") {
			return strings.TrimSuffix(line, "; to add it:")
		}
	}
	return ""
}
