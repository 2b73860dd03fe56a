// Source: com.atproto.repo.*

package comatproto

import (
	"context"

	"github.com/lexgen-go/lexgen/runtime/xrpc"
)

// RepoClient calls the endpoints of com.atproto.repo. It may be used by several
// goroutines at once. Headers of single calls are the matter of
// [xrpc.WithRequestHeader] and [xrpc.WithResponseHeader]. It implements
// [RepoHandler], so that a test can put a service in its place.
type RepoClient struct {
	// Client sends the requests. It must be set.
	Client *xrpc.Client
}

var _ RepoHandler = RepoClient{}

// ApplyWrites calls com.atproto.repo.applyWrites.
//
// Apply a batch transaction of repository creates, updates, and deletes.
// Requires auth, implemented by PDS.
//
// Declared errors: [RepoApplyWritesErrInvalidSwap].
func (c RepoClient) ApplyWrites(ctx context.Context, input *RepoApplyWritesInput) (*RepoApplyWritesOutput, error) {
	output := new(RepoApplyWritesOutput)
	err := c.Client.Do(ctx, &xrpc.Request{
		NSID:   RepoApplyWritesNSID,
		Kind:   xrpc.Procedure,
		Input:  input,
		Output: output,
	})
	if err != nil {
		return nil, err
	}
	return output, nil
}
