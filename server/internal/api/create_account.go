package api

import (
	"context"
	"errors"

	"github.com/lexgen-go/lexgen/generated/comatproto"
	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/server/internal/account"
)

// CreateAccount implements [comatproto.ServerHandler]. Invite codes are not required, so that one
// that is given is not looked at.
func (s *Server) CreateAccount(ctx context.Context, input *comatproto.ServerCreateAccountInput) (*comatproto.ServerCreateAccountOutput, error) {
	grant, err := s.Accounts.CreateAccount(ctx, account.Signup{
		Handle:      input.Handle,
		Email:       input.Email,
		Password:    input.Password,
		RecoveryKey: input.RecoveryKey.Or(""),
		Client:      client(ctx),
	})
	if err != nil {
		return nil, refuse(err)
	}
	noStore(ctx)
	return &comatproto.ServerCreateAccountOutput{
		AccessJWT:  grant.AccessJWT,
		RefreshJWT: grant.RefreshJWT,
		Handle:     grant.Account.Handle,
		DID:        grant.Account.DID,
	}, nil
}

// Create implements [comatproto.AccountHandler] with the service behind [Server.CreateAccount].
func (a *Account) Create(ctx context.Context, input *comatproto.AccountCreateInput) (*comatproto.AccountCreateOutput, error) {
	grant, err := a.Accounts.CreateAccount(ctx, account.Signup{
		Handle:      syntax.Handle(input.Handle),
		Email:       input.Email,
		Password:    input.Password,
		RecoveryKey: input.RecoveryKey.Or(""),
		Client:      client(ctx),
	})
	switch {
	case errors.Is(err, account.ErrUnsupportedDomain):
		return nil, comatproto.AccountCreateErrInvalidHandle.New(account.ErrUnsupportedDomain.Error())
	case err != nil:
		return nil, refuse(err)
	}
	noStore(ctx)
	return &comatproto.AccountCreateOutput{
		AccessJWT:  grant.AccessJWT,
		RefreshJWT: grant.RefreshJWT,
		Handle:     string(grant.Account.Handle),
		DID:        string(grant.Account.DID),
	}, nil
}
