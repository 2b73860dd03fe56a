package api

import (
	"context"

	"github.com/lexgen-go/lexgen/generated/comatproto"
	"github.com/lexgen-go/lexgen/runtime/xrpc"
	"github.com/lexgen-go/lexgen/server/internal/account"
)

// GetSubjectStatus implements [comatproto.AdminHandler]. This server keeps no records and no blobs,
// so that the only subjects to be found are accounts.
func (h *adminHandler) GetSubjectStatus(ctx context.Context, params *comatproto.AdminGetSubjectStatusParams) (*comatproto.AdminGetSubjectStatusOutput, error) {
	did, hasDID := params.DID.Get()
	_, hasURI := params.URI.Get()
	_, hasBlob := params.Blob.Get()
	switch {
	case hasBlob && !hasDID:
		return nil, xrpc.ErrInvalidRequest.New("Must provide a did to request blob state")
	case hasBlob, hasURI:
		return nil, refuse(account.ErrSubjectNotFound)
	case !hasDID:
		return nil, xrpc.ErrInvalidRequest.New("No provided subject")
	}
	found, err := h.accounts.SubjectStatus(ctx, did)
	if err != nil {
		return nil, refuse(err)
	}
	takedown := &comatproto.AdminStatusAttr{Applied: !found.TakendownAt.IsZero()}
	if takedown.Applied {
		takedown.Ref = optional(found.TakedownRef)
	}
	return &comatproto.AdminGetSubjectStatusOutput{
		Subject:     comatproto.NewAdminGetSubjectStatusOutputSubjectUnion(&comatproto.AdminRepoRef{DID: found.DID}),
		Takedown:    takedown,
		Deactivated: &comatproto.AdminStatusAttr{Applied: !found.DeactivatedAt.IsZero()},
	}, nil
}

// UpdateSubjectStatus implements [comatproto.AdminHandler]. It answers what it was asked for.
func (h *adminHandler) UpdateSubjectStatus(ctx context.Context, input *comatproto.AdminUpdateSubjectStatusInput) (*comatproto.AdminUpdateSubjectStatusOutput, error) {
	subject, ok := input.Subject.Value.(*comatproto.AdminRepoRef)
	if !ok {
		return nil, xrpc.ErrInvalidRequest.New("Only accounts have a status here: this server keeps no records and no blobs")
	}
	err := h.accounts.UpdateSubject(ctx, account.SubjectUpdate{
		DID:         subject.DID,
		Takedown:    applied(input.Takedown),
		Deactivated: applied(input.Deactivated),
	}, client(ctx))
	if err != nil {
		return nil, refuse(err)
	}
	return &comatproto.AdminUpdateSubjectStatusOutput{
		Subject:  comatproto.NewAdminUpdateSubjectStatusOutputSubjectUnion(subject),
		Takedown: input.Takedown,
	}, nil
}

// applied returns nil for nil.
func applied(attr *comatproto.AdminStatusAttr) *account.Applied {
	if attr == nil {
		return nil
	}
	return &account.Applied{Applied: attr.Applied, Ref: attr.Ref.Or("")}
}
