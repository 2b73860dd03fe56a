package main

import (
	"context"
	"fmt"
	"slices"

	"github.com/lexgen-go/lexgen/lexgen/internal/driver"
)

// writeDocs writes the pages of the documentation, or says which are not up to date.
func writeDocs(ctx context.Context, cmd command, std streams) int {
	if cmd.check {
		result, status := finish(ctx, cmd, driver.CheckDocs, std)
		if status == exitFine {
			fmt.Fprintf(std.stderr, "lexgen: %s up to date%s\n", count(result.Files, "page"), warnings(result.Diags))
		}
		return status
	}
	result, status := finish(ctx, cmd, driver.Docs, std)
	if status != exitFine {
		return status
	}
	written := slices.Concat(result.Changes.Missing, result.Changes.Stale)
	slices.Sort(written)
	if cmd.verbose {
		for _, path := range written {
			fmt.Fprintf(std.stderr, "wrote %s\n", path)
		}
	}
	fmt.Fprintf(std.stderr, "lexgen: %s from %s: %d written%s\n",
		count(result.Files, "page"), count(result.Documents, "document"), len(written), warnings(result.Diags))
	return exitFine
}
