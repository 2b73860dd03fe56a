package api

import (
	"context"

	"github.com/lexgen-go/lexgen/generated/comatproto"
)

// GetInviteCodes implements [comatproto.AdminHandler].
func (h *adminHandler) GetInviteCodes(ctx context.Context, params *comatproto.AdminGetInviteCodesParams) (*comatproto.AdminGetInviteCodesOutput, error) {
	codes, next, err := h.accounts.InviteCodes(ctx, string(params.Sort.Or("")), int(params.Limit.Or(0)), params.Cursor.Or(""))
	if err != nil {
		return nil, refuse(err)
	}
	noStore(ctx)
	return &comatproto.AdminGetInviteCodesOutput{Cursor: optional(next), Codes: inviteCodes(codes)}, nil
}

// DisableInviteCodes implements [comatproto.AdminHandler].
func (h *adminHandler) DisableInviteCodes(ctx context.Context, input *comatproto.AdminDisableInviteCodesInput) error {
	if err := h.accounts.DisableInviteCodes(ctx, input.Codes, input.Accounts); err != nil {
		return refuse(err)
	}
	return nil
}

// DisableAccountInvites implements [comatproto.AdminHandler].
func (h *adminHandler) DisableAccountInvites(ctx context.Context, input *comatproto.AdminDisableAccountInvitesInput) error {
	err := h.accounts.SetInvitesDisabled(ctx, input.Account, true /* disabled */, input.Note.Or(""), client(ctx))
	if err != nil {
		return refuseAdmin(err)
	}
	return nil
}

// EnableAccountInvites implements [comatproto.AdminHandler].
func (h *adminHandler) EnableAccountInvites(ctx context.Context, input *comatproto.AdminEnableAccountInvitesInput) error {
	err := h.accounts.SetInvitesDisabled(ctx, input.Account, false /* disabled */, input.Note.Or(""), client(ctx))
	if err != nil {
		return refuseAdmin(err)
	}
	return nil
}
