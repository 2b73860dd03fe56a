package api

import (
	"context"

	"github.com/lexgen-go/lexgen/generated/comatproto"
	"github.com/lexgen-go/lexgen/server/internal/account"
)

// RequestEmailConfirmation implements [comatproto.ServerHandler].
func (h *serverHandler) RequestEmailConfirmation(ctx context.Context) error {
	if err := h.accounts.RequestEmailConfirmation(ctx, caller(ctx), client(ctx)); err != nil {
		return refuse(err)
	}
	return nil
}

// ConfirmEmail implements [comatproto.ServerHandler].
func (h *serverHandler) ConfirmEmail(ctx context.Context, input *comatproto.ServerConfirmEmailInput) error {
	if err := h.accounts.ConfirmEmail(ctx, caller(ctx), input.Email, input.Token, client(ctx)); err != nil {
		return refuse(err)
	}
	return nil
}

// RequestEmailUpdate implements [comatproto.ServerHandler].
func (h *serverHandler) RequestEmailUpdate(ctx context.Context) (*comatproto.ServerRequestEmailUpdateOutput, error) {
	required, err := h.accounts.RequestEmailUpdate(ctx, caller(ctx), client(ctx))
	if err != nil {
		return nil, refuse(err)
	}
	return &comatproto.ServerRequestEmailUpdateOutput{TokenRequired: required}, nil
}

// UpdateEmail implements [comatproto.ServerHandler].
func (h *serverHandler) UpdateEmail(ctx context.Context, input *comatproto.ServerUpdateEmailInput) error {
	err := h.taken.do(ctx, func() error {
		return h.accounts.UpdateEmail(ctx, caller(ctx), account.EmailUpdate{
			Email:      input.Email,
			Token:      input.Token.Or(""),
			AuthFactor: input.EmailAuthFactor.Ptr(),
			Client:     client(ctx),
		})
	})
	if err != nil {
		return refuse(err)
	}
	return nil
}
