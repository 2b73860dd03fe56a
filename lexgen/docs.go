package main

import (
	"context"
	"fmt"

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
	written := reportWritten(cmd, result.Changes, std)
	fmt.Fprintf(std.stderr, "lexgen: %s from %s: %d written%s\n",
		count(result.Files, "page"), count(result.Documents, "document"), written, warnings(result.Diags))
	return exitFine
}
