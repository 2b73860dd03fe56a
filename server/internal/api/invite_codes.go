package api

import (
	"context"

	"github.com/lexgen-go/lexgen/generated/comatproto"
	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/server/internal/account"
)

// CreateInviteCode implements [comatproto.ServerHandler].
func (h *serverHandler) CreateInviteCode(ctx context.Context, input *comatproto.ServerCreateInviteCodeInput) (*comatproto.ServerCreateInviteCodeOutput, error) {
	code, err := h.accounts.CreateInviteCode(ctx, int(input.UseCount), string(input.ForAccount.Or("")))
	if err != nil {
		return nil, refuse(err)
	}
	noStore(ctx)
	return &comatproto.ServerCreateInviteCodeOutput{Code: code}, nil
}

// CreateInviteCode implements [comatproto.AccountHandler] with the service behind
// com.atproto.server.createInviteCode.
func (h *legacyHandler) CreateInviteCode(ctx context.Context, input *comatproto.AccountCreateInviteCodeInput) (*comatproto.AccountCreateInviteCodeOutput, error) {
	code, err := h.accounts.CreateInviteCode(ctx, int(input.UseCount), account.AdminInvites)
	if err != nil {
		return nil, refuse(err)
	}
	noStore(ctx)
	return &comatproto.AccountCreateInviteCodeOutput{Code: code}, nil
}

// CreateInviteCodes implements [comatproto.ServerHandler].
func (h *serverHandler) CreateInviteCodes(ctx context.Context, input *comatproto.ServerCreateInviteCodesInput) (*comatproto.ServerCreateInviteCodesOutput, error) {
	created, err := h.accounts.CreateInviteCodes(ctx, account.InviteOrderRequest{
		Count:       int(input.CodeCount),
		Uses:        int(input.UseCount),
		ForAccounts: texts(input.ForAccounts),
	})
	if err != nil {
		return nil, refuse(err)
	}
	noStore(ctx)
	output := &comatproto.ServerCreateInviteCodesOutput{}
	for _, c := range created {
		output.Codes = append(output.Codes, comatproto.ServerCreateInviteCodesAccountCodes{Account: c.Account, Codes: c.Codes})
	}
	return output, nil
}

// texts returns DIDs as texts, and nil for nil.
func texts(dids []syntax.DID) []string {
	if dids == nil {
		return nil
	}
	texts := make([]string, len(dids))
	for i, did := range dids {
		texts[i] = string(did)
	}
	return texts
}

// GetAccountInviteCodes implements [comatproto.ServerHandler].
func (h *serverHandler) GetAccountInviteCodes(ctx context.Context, params *comatproto.ServerGetAccountInviteCodesParams) (*comatproto.ServerGetAccountInviteCodesOutput, error) {
	codes, err := h.accounts.AccountInviteCodes(ctx, caller(ctx), params.IncludeUsed.Or(true), params.CreateAvailable.Or(true))
	if err != nil {
		return nil, refuse(err, exception{account.ErrAccountNotFound, errNotFound})
	}
	noStore(ctx)
	return &comatproto.ServerGetAccountInviteCodesOutput{Codes: inviteCodes(codes)}, nil
}

func inviteCodes(codes []account.InviteCode) []comatproto.ServerInviteCode {
	var list []comatproto.ServerInviteCode
	for _, code := range codes {
		list = append(list, inviteCode(code))
	}
	return list
}

func inviteCode(code account.InviteCode) comatproto.ServerInviteCode {
	c := comatproto.ServerInviteCode{
		Code:       code.Code,
		Available:  int64(code.Available),
		Disabled:   code.Disabled,
		ForAccount: code.ForAccount,
		CreatedBy:  code.CreatedBy,
		CreatedAt:  syntax.FormatDatetime(code.CreatedAt),
	}
	for _, use := range code.Uses {
		c.Uses = append(c.Uses, comatproto.ServerInviteCodeUse{UsedBy: use.By, UsedAt: syntax.FormatDatetime(use.At)})
	}
	return c
}
