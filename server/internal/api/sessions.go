package api

import (
	"context"

	"github.com/lexgen-go/lexgen/generated/comatproto"
	"github.com/lexgen-go/lexgen/runtime/lexdata"
	"github.com/lexgen-go/lexgen/runtime/xrpc"
	"github.com/lexgen-go/lexgen/server/internal/account"
)

// CreateSession implements [comatproto.ServerHandler].
func (s *Server) CreateSession(ctx context.Context, input *comatproto.ServerCreateSessionInput) (*comatproto.ServerCreateSessionOutput, error) {
	grant, err := s.Accounts.CreateSession(ctx, account.LoginRequest{
		Identifier: input.Identifier,
		Password:   input.Password,
		Client:     client(ctx),
	})
	if err != nil {
		return nil, refuse(err)
	}
	noStore(ctx)
	return &comatproto.ServerCreateSessionOutput{
		AccessJWT:  grant.AccessJWT,
		RefreshJWT: grant.RefreshJWT,
		Handle:     grant.Account.Handle,
		DID:        grant.Account.DID,
		Email:      lexdata.Some(grant.Account.Email),
	}, nil
}

// RefreshSession implements [comatproto.ServerHandler].
func (s *Server) RefreshSession(ctx context.Context) (*comatproto.ServerRefreshSessionOutput, error) {
	grant, err := s.Accounts.RefreshSession(ctx, presented(ctx))
	if err != nil {
		return nil, refuse(err)
	}
	noStore(ctx)
	return &comatproto.ServerRefreshSessionOutput{
		AccessJWT:  grant.AccessJWT,
		RefreshJWT: grant.RefreshJWT,
		Handle:     grant.Account.Handle,
		DID:        grant.Account.DID,
	}, nil
}

// GetSession implements [comatproto.ServerHandler].
func (s *Server) GetSession(ctx context.Context) (*comatproto.ServerGetSessionOutput, error) {
	caller := xrpc.CallFrom(ctx).Caller.(account.Caller)
	info, err := caller.UserInfo()
	if err != nil {
		return nil, refuse(err)
	}
	return &comatproto.ServerGetSessionOutput{
		Handle: info.Handle,
		DID:    info.DID,
		Email:  lexdata.Some(info.Email),
	}, nil
}

// DeleteSession implements [comatproto.ServerHandler].
func (s *Server) DeleteSession(ctx context.Context) error {
	if err := s.Accounts.DeleteSession(ctx, presented(ctx)); err != nil {
		return refuse(err)
	}
	return nil
}

// presented returns the refresh token that authenticated the call.
func presented(ctx context.Context) string {
	return string(xrpc.CallFrom(ctx).Caller.(refreshToken))
}
