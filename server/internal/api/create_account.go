package api

import (
	"context"

	"github.com/lexgen-go/lexgen/generated/comatproto"
	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/runtime/xrpc"
	"github.com/lexgen-go/lexgen/server/internal/account"
)

// CreateAccount implements [comatproto.ServerHandler]. This server asks for no telephone number, so
// that the code for one is not looked at.
func (h *serverHandler) CreateAccount(ctx context.Context, input *comatproto.ServerCreateAccountInput) (*comatproto.ServerCreateAccountOutput, error) {
	from, _ := xrpc.CallerFrom[account.ServiceToken](ctx)
	_, hasOperation := input.PLCOp.Get()
	password, hasPassword := input.Password.Get()
	grant, err := h.taken.createAccount(ctx, h.accounts, account.Signup{
		Handle:      input.Handle,
		Email:       input.Email.Or(""),
		Password:    password,
		NoPassword:  !hasPassword,
		RecoveryKey: input.RecoveryKey.Or(""),
		InviteCode:  input.InviteCode.Or(""),
		DID:         input.DID.Or(""),
		Requester:   syntax.DID(from.Issuer),
		Nonce:       from.Nonce,
		PLCOp:       hasOperation,
		Client:      client(ctx),
	})
	if err != nil {
		return nil, refuse(err)
	}
	noStore(ctx)
	return &comatproto.ServerCreateAccountOutput{
		AccessJWT:  grant.AccessJWT,
		RefreshJWT: grant.RefreshJWT,
		Handle:     grant.Account.PublicHandle(),
		DID:        grant.Account.DID,
		DIDDoc:     didDoc(grant.DIDDoc),
	}, nil
}

// Create implements [comatproto.AccountHandler] with the service behind createAccount.
func (h *legacyHandler) Create(ctx context.Context, input *comatproto.AccountCreateInput) (*comatproto.AccountCreateOutput, error) {
	grant, err := h.taken.createAccount(ctx, h.accounts, account.Signup{
		Handle:      syntax.Handle(input.Handle),
		Email:       input.Email,
		Password:    input.Password,
		RecoveryKey: input.RecoveryKey.Or(""),
		InviteCode:  input.InviteCode.Or(""),
		Client:      client(ctx),
	})
	if err != nil {
		return nil, refuse(err, exception{account.ErrUnsupportedDomain, comatproto.AccountCreateErrInvalidHandle})
	}
	noStore(ctx)
	return &comatproto.AccountCreateOutput{
		AccessJWT:  grant.AccessJWT,
		RefreshJWT: grant.RefreshJWT,
		Handle:     string(grant.Account.PublicHandle()),
		DID:        string(grant.Account.DID),
	}, nil
}
