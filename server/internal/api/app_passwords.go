package api

import (
	"context"

	"github.com/lexgen-go/lexgen/generated/comatproto"
	"github.com/lexgen-go/lexgen/runtime/lexdata"
	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/server/internal/account"
)

// CreateAppPassword implements [comatproto.ServerHandler].
func (h *serverHandler) CreateAppPassword(ctx context.Context, input *comatproto.ServerCreateAppPasswordInput) (*comatproto.ServerCreateAppPasswordOutput, error) {
	secret, password, err := h.accounts.CreateAppPassword(ctx, caller(ctx), account.AppPasswordRequest{
		Name:       input.Name,
		Privileged: input.Privileged.Or(false),
		Client:     client(ctx),
	})
	if err != nil {
		return nil, refuse(err)
	}
	noStore(ctx)
	return &comatproto.ServerCreateAppPasswordOutput{
		Name:       password.Name,
		Password:   secret,
		CreatedAt:  syntax.FormatDatetime(password.CreatedAt),
		Privileged: lexdata.Some(password.Privileged),
	}, nil
}

// ListAppPasswords implements [comatproto.ServerHandler].
func (h *serverHandler) ListAppPasswords(ctx context.Context) (*comatproto.ServerListAppPasswordsOutput, error) {
	passwords, err := h.accounts.ListAppPasswords(ctx, caller(ctx))
	if err != nil {
		return nil, refuse(err)
	}
	output := &comatproto.ServerListAppPasswordsOutput{}
	for _, p := range passwords {
		output.Passwords = append(output.Passwords, comatproto.ServerListAppPasswordsAppPassword{
			Name:       p.Name,
			CreatedAt:  syntax.FormatDatetime(p.CreatedAt),
			Privileged: lexdata.Some(p.Privileged),
		})
	}
	return output, nil
}

// RevokeAppPassword implements [comatproto.ServerHandler].
func (h *serverHandler) RevokeAppPassword(ctx context.Context, input *comatproto.ServerRevokeAppPasswordInput) error {
	if err := h.accounts.RevokeAppPassword(ctx, caller(ctx), input.Name, client(ctx)); err != nil {
		return refuse(err)
	}
	return nil
}
