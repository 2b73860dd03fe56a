package api

import (
	"context"
	"fmt"
	"time"

	"github.com/lexgen-go/lexgen/generated/comatproto"
)

// ActivateAccount implements [comatproto.ServerHandler].
func (h *serverHandler) ActivateAccount(ctx context.Context) error {
	if err := h.accounts.Activate(ctx, caller(ctx), client(ctx)); err != nil {
		return refuse(err)
	}
	return nil
}

// DeactivateAccount implements [comatproto.ServerHandler].
func (h *serverHandler) DeactivateAccount(ctx context.Context, input *comatproto.ServerDeactivateAccountInput) error {
	var deleteAfter time.Time
	if text, ok := input.DeleteAfter.Get(); ok {
		var err error
		if deleteAfter, err = text.Time(); err != nil {
			return fmt.Errorf("read deleteAfter, which was checked: %w", err)
		}
	}
	if err := h.accounts.Deactivate(ctx, caller(ctx), deleteAfter, client(ctx)); err != nil {
		return refuse(err)
	}
	return nil
}

// What stands for a repository in answers that must have one. This server keeps none, so that each is
// empty: it has two blocks, the commit and the root of the tree. For the commit stands the CID of an
// empty DAG-CBOR map, for the revision the least there is.
//
// See https://atproto.com/specs/repository, https://atproto.com/specs/data-model#link-and-cid-formats
// and https://atproto.com/specs/tid.
const (
	noCommit    = "bafyreigbtj4x7ip5legnfznufuopl4sg4knzc2cof6duas4b3q2fy6swua"
	noRevision  = "2222222222222"
	emptyBlocks = 2
)

// CheckAccountStatus implements [comatproto.ServerHandler].
func (h *serverHandler) CheckAccountStatus(ctx context.Context) (*comatproto.ServerCheckAccountStatusOutput, error) {
	state, err := h.accounts.AccountStatus(ctx, caller(ctx))
	if err != nil {
		return nil, refuse(err)
	}
	return &comatproto.ServerCheckAccountStatusOutput{
		Activated:  state.Activated,
		ValidDID:   state.ValidDID,
		RepoCommit: noCommit,
		RepoRev:    noRevision,
		RepoBlocks: emptyBlocks,
	}, nil
}
