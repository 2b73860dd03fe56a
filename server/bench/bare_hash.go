package main

import (
	"context"
	"runtime"

	"golang.org/x/crypto/argon2"

	"github.com/lexgen-go/lexgen/server/internal/account"
)

// hashParallel is how many passwords the server hashes at the same time, and the bare task too: as many as
// the server's flag has by default.
func hashParallel() int {
	return min(max(1, runtime.NumCPU()/2), 64)
}

// bareHash returns the task to hash a password as the server does. The clients wait for their turns.
//
// See https://www.rfc-editor.org/rfc/rfc9106.
func bareHash(parallel int) task {
	params := account.DefaultArgon2Params()
	working := make(chan struct{}, parallel)
	return func(ctx context.Context, _ int) error {
		select {
		case working <- struct{}{}:
		case <-ctx.Done():
			return ctx.Err()
		}
		defer func() { <-working }()
		argon2.IDKey([]byte(password), make([]byte, 16), params.Passes, params.MemoryKiB, params.Threads, 32)
		return nil
	}
}
