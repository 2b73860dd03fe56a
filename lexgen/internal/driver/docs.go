package driver

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"github.com/lexgen-go/lexgen/lexgen/internal/config"
	"github.com/lexgen-go/lexgen/lexgen/internal/diag"
	"github.com/lexgen-go/lexgen/lexgen/internal/docs"
	"github.com/lexgen-go/lexgen/lexgen/internal/output"
	"github.com/lexgen-go/lexgen/lexgen/internal/source"
)

// Docs writes the lexicons into the pages that the configuration names. Until the first page is
// written it stops when ctx ends. A run that finds mistakes leaves the pages as they were, and so
// does one that fails, as far as that is possible.
func Docs(ctx context.Context, options Options) (Result, error) {
	return run(ctx, options, (*driver).document, output.Apply)
}

// CheckDocs compares the pages with the lexicons. A page that is not as it should be is an error
// among the diagnostics.
func CheckDocs(ctx context.Context, options Options) (Result, error) {
	result, err := run(ctx, options, (*driver).document, output.Compare)
	if err == nil {
		result.reportStale(options.Command)
	}
	return result, err
}

// document goes from the configuration to the plan of what the pages should hold.
func (d *driver) document(ctx context.Context, cfg *config.Config) (output.Plan, error) {
	plan := output.Plan{Root: d.root, Files: map[string][]byte{}, Shared: true, Name: d.name}
	if len(cfg.Docs) == 0 {
		return plan, misuse(`%s names no pages; add "docs": {"com.example.feed": "docs/com.example.feed.md"}`, cfg.File.Name)
	}
	linked, list, err := d.link(ctx, cfg)
	if err != nil || linked == nil {
		return plan, err
	}
	d.report(list)
	count := 0
	for _, entry := range cfg.Docs {
		documents := slices.DeleteFunc(docs.Group(linked, entry.Group), d.isElsewhere)
		if len(documents) == 0 {
			d.result.Diags.Warningf(entry.Span, diag.DocsPage, "no lexicon is in the group %s", entry.Group).
				Hint("correct the group, or remove the entry; its page stays as it is")
			continue
		}
		page, err := d.readPage(ctx, entry.Path)
		if err != nil {
			return plan, err
		}
		if page == nil {
			continue
		}
		text, list := docs.Update(page, entry.Group, documents)
		d.report(list)
		path := d.path(entry.Path)
		plan.Files[path] = text
		plan.Folders = append(plan.Folders, filepath.Dir(path))
		count += len(documents)
	}
	if !d.failed() {
		d.result.Documents, d.result.Files = count, len(plan.Files)
	}
	return plan, nil
}

// readPage reads a page; one that does not exist is empty. If lexgen must keep its hands off the file,
// that is reported, and there is no page.
func (d *driver) readPage(ctx context.Context, entry config.Path) (*source.File, error) {
	path := d.path(entry)
	name := d.name(path)
	if !isMarkdown(path) {
		d.result.Diags.Errorf(entry.Span, diag.ConfigValue, "docs: %s is no Markdown page", name).
			Hint("name a file that ends in .md")
		return nil, nil
	}
	var data []byte
	info, err := os.Lstat(path)
	if err == nil && !info.Mode().IsRegular() {
		err = notRegular // nor a link to one, which writing would replace
	}
	if err == nil {
		data, err = readFile(ctx, path)
	}
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, syscall.ENOTDIR) {
		d.result.Diags.Errorf(entry.Span, diag.ConfigValue, "docs: %s cannot be read: %v", name, reason(err)).
			Hint("name a file that can be read, or one that does not exist")
		return nil, nil
	}
	return source.NewFile(name, data), nil
}

// isMarkdown reports whether a file is a Markdown page, by its name: a slip in the configuration must
// not write comments of HTML into a file of another kind.
func isMarkdown(path string) bool {
	extension := strings.ToLower(filepath.Ext(path))
	return extension == ".md" || extension == ".markdown"
}
