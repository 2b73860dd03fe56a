// Source: com.atproto.repo.*

package comatproto

import (
	"context"

	"github.com/lexgen-go/lexgen/runtime/xrpc"
)

// RepoHandler is the service behind com.atproto.repo. Its methods may be called
// by several goroutines at once. What they take is decoded and checked; what is
// not in their arguments, such as the caller, is in [xrpc.CallFrom]. An error
// that is neither an [*xrpc.Error] nor an [xrpc.ErrorName] is a fault of the
// server, which the client sees without its text.
type RepoHandler interface {
	// ApplyWrites answers com.atproto.repo.applyWrites.
	//
	// Apply a batch transaction of repository creates, updates, and deletes.
	// Requires auth, implemented by PDS.
	//
	// Declared errors: [RepoApplyWritesErrInvalidSwap].
	ApplyWrites(ctx context.Context, input *RepoApplyWritesInput) (*RepoApplyWritesOutput, error)
}

// UnimplementedRepoHandler implements [RepoHandler] by answering everything
// with status 501. A service embeds it to serve a part of the group, and to go
// on compiling when the group grows.
type UnimplementedRepoHandler struct{}

// ApplyWrites implements [RepoHandler].
func (UnimplementedRepoHandler) ApplyWrites(context.Context, *RepoApplyWritesInput) (*RepoApplyWritesOutput, error) {
	return nil, xrpc.Unimplemented()
}

// RepoEndpoints lists the endpoints of com.atproto.repo, served by h.
func RepoEndpoints(h RepoHandler) []xrpc.Endpoint {
	return []xrpc.Endpoint{
		{
			NSID:           RepoApplyWritesNSID,
			Kind:           xrpc.Procedure,
			InputEncoding:  "application/json",
			OutputEncoding: "application/json",
			Errors: []xrpc.ErrorName{
				RepoApplyWritesErrInvalidSwap,
			},
			NewInput: func() xrpc.Body { return new(RepoApplyWritesInput) },
			Invoke: func(ctx context.Context, call *xrpc.Call) (any, error) {
				return h.ApplyWrites(ctx, call.Input.(*RepoApplyWritesInput))
			},
		},
	}
}
