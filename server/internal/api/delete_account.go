package api

import (
	"context"

	"github.com/lexgen-go/lexgen/generated/comatproto"
	"github.com/lexgen-go/lexgen/server/internal/account"
)

// RequestAccountDelete implements [comatproto.ServerHandler].
func (h *serverHandler) RequestAccountDelete(ctx context.Context) error {
	if err := h.accounts.RequestAccountDelete(ctx, caller(ctx), client(ctx)); err != nil {
		return refuse(err)
	}
	return nil
}

// Delete implements [comatproto.AccountHandler]. It has no place for a password and a token, without
// which no account is deleted: it mails the token, as requestAccountDelete does.
func (h *legacyHandler) Delete(ctx context.Context) error {
	if err := h.accounts.RequestAccountDelete(ctx, caller(ctx), client(ctx)); err != nil {
		return refuse(err)
	}
	return nil
}

// DeleteAccount implements [comatproto.ServerHandler].
func (h *serverHandler) DeleteAccount(ctx context.Context, input *comatproto.ServerDeleteAccountInput) error {
	err := h.accounts.DeleteAccount(ctx, account.DeleteRequest{
		DID:      input.DID,
		Password: input.Password,
		Token:    input.Token,
		Client:   client(ctx),
	})
	if err != nil {
		return h.refuseGuess(ctx, err)
	}
	return nil
}
