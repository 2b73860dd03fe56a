package api

import (
	"context"
	"time"

	"github.com/lexgen-go/lexgen/generated/comatproto"
	"github.com/lexgen-go/lexgen/server/internal/account"
)

// GetServiceAuth implements [comatproto.ServerHandler]. An expiry of zero is none.
func (h *serverHandler) GetServiceAuth(ctx context.Context, params *comatproto.ServerGetServiceAuthParams) (*comatproto.ServerGetServiceAuthOutput, error) {
	var expiresAt time.Time
	if seconds := params.Exp.Or(0); seconds != 0 {
		expiresAt = time.Unix(seconds, 0)
	}
	token, err := h.accounts.IssueServiceToken(ctx, caller(ctx), account.ServiceTokenRequest{
		Audience:  params.Aud,
		Method:    params.Lxm.Or(""),
		ExpiresAt: expiresAt,
	})
	if err != nil {
		return nil, refuse(err)
	}
	noStore(ctx)
	return &comatproto.ServerGetServiceAuthOutput{Token: token}, nil
}

// ReserveSigningKey implements [comatproto.ServerHandler].
func (h *serverHandler) ReserveSigningKey(ctx context.Context, input *comatproto.ServerReserveSigningKeyInput) (*comatproto.ServerReserveSigningKeyOutput, error) {
	key, err := h.accounts.ReserveSigningKey(ctx, input.DID.Or(""))
	if err != nil {
		return nil, refuse(err)
	}
	return &comatproto.ServerReserveSigningKeyOutput{SigningKey: key}, nil
}
