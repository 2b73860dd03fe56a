package api

import (
	"context"

	"github.com/lexgen-go/lexgen/generated/comatproto"
)

// RequestPasswordReset implements [comatproto.ServerHandler].
func (h *serverHandler) RequestPasswordReset(ctx context.Context, input *comatproto.ServerRequestPasswordResetInput) error {
	if err := h.accounts.RequestPasswordReset(ctx, input.Email); err != nil {
		return refuse(err)
	}
	return nil
}

// RequestPasswordReset implements [comatproto.AccountHandler] with the service behind
// com.atproto.server.requestPasswordReset.
func (h *legacyHandler) RequestPasswordReset(ctx context.Context, input *comatproto.AccountRequestPasswordResetInput) error {
	if err := h.accounts.RequestPasswordReset(ctx, input.Email); err != nil {
		return refuse(err)
	}
	return nil
}

// ResetPassword implements [comatproto.ServerHandler].
func (h *serverHandler) ResetPassword(ctx context.Context, input *comatproto.ServerResetPasswordInput) error {
	if err := h.accounts.ResetPassword(ctx, input.Token, input.Password, client(ctx)); err != nil {
		return refuse(err)
	}
	return nil
}

// ResetPassword implements [comatproto.AccountHandler] with the service behind
// com.atproto.server.resetPassword.
func (h *legacyHandler) ResetPassword(ctx context.Context, input *comatproto.AccountResetPasswordInput) error {
	if err := h.accounts.ResetPassword(ctx, input.Token, input.Password, client(ctx)); err != nil {
		return refuse(err)
	}
	return nil
}
