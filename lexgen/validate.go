package main

import (
	"context"
	"fmt"

	"github.com/lexgen-go/lexgen/lexgen/internal/driver"
)

// validateData checks JSON data against a def.
func validateData(ctx context.Context, cmd command, std streams) int {
	what := driver.ValidateOptions{
		Def: cmd.args[0], File: "-", Stdin: std.stdin, RecordKey: cmd.recordKey, Lenient: cmd.lenient,
	}
	if len(cmd.args) > 1 {
		what.File = cmd.args[1]
	}
	compile := func(ctx context.Context, options driver.Options) (driver.Result, error) {
		return driver.Validate(ctx, options, what)
	}
	_, status := finish(ctx, cmd, compile, std)
	if status == exitFine {
		fmt.Fprintf(std.stderr, "lexgen: the data is a valid %s\n", what.Def)
	}
	return status
}
