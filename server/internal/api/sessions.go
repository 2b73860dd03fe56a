package api

import (
	"context"

	"github.com/lexgen-go/lexgen/generated/comatproto"
	"github.com/lexgen-go/lexgen/runtime/lexdata"
	"github.com/lexgen-go/lexgen/server/internal/account"
)

// maxIdentifier bounds what a login is made with, in bytes. No handle, email or DID is as long.
const maxIdentifier = 2048

// CreateSession implements [comatproto.ServerHandler].
func (h *serverHandler) CreateSession(ctx context.Context, input *comatproto.ServerCreateSessionInput) (*comatproto.ServerCreateSessionOutput, error) {
	request := account.LoginRequest{
		Identifier:      input.Identifier,
		Password:        input.Password,
		AuthFactorToken: input.AuthFactorToken.Or(""),
		AllowTakendown:  input.AllowTakendown.Or(false),
		Client:          client(ctx),
	}
	if len(request.Identifier) > maxIdentifier {
		request.Identifier = "" // names nobody either, and fails alike
	}
	grant, err := h.accounts.CreateSession(ctx, request)
	if err != nil {
		return nil, h.refuseGuess(ctx, err)
	}
	noStore(ctx)
	view := viewOf(grant.Account)
	return &comatproto.ServerCreateSessionOutput{
		AccessJWT:       grant.AccessJWT,
		RefreshJWT:      grant.RefreshJWT,
		Handle:          grant.Account.PublicHandle(),
		DID:             grant.Account.DID,
		DIDDoc:          didDoc(grant.DIDDoc),
		Email:           view.email,
		EmailConfirmed:  view.emailConfirmed,
		EmailAuthFactor: view.emailAuthFactor,
		Active:          view.active,
		Status:          statusOf[comatproto.ServerCreateSessionOutputStatus](grant.Account),
	}, nil
}

// RefreshSession implements [comatproto.ServerHandler].
func (h *serverHandler) RefreshSession(ctx context.Context) (*comatproto.ServerRefreshSessionOutput, error) {
	grant, err := h.accounts.RefreshSession(ctx, presented(ctx))
	if err != nil {
		return nil, refuse(err)
	}
	noStore(ctx)
	view := viewOf(grant.Account)
	return &comatproto.ServerRefreshSessionOutput{
		AccessJWT:       grant.AccessJWT,
		RefreshJWT:      grant.RefreshJWT,
		Handle:          grant.Account.PublicHandle(),
		DID:             grant.Account.DID,
		DIDDoc:          didDoc(grant.DIDDoc),
		Email:           view.email,
		EmailConfirmed:  view.emailConfirmed,
		EmailAuthFactor: view.emailAuthFactor,
		Active:          view.active,
		Status:          statusOf[comatproto.ServerRefreshSessionOutputStatus](grant.Account),
	}, nil
}

// GetSession implements [comatproto.ServerHandler].
func (h *serverHandler) GetSession(ctx context.Context) (*comatproto.ServerGetSessionOutput, error) {
	info, document, err := h.accounts.UserInfo(ctx, caller(ctx))
	if err != nil {
		return nil, refuse(err)
	}
	view := viewOf(info)
	return &comatproto.ServerGetSessionOutput{
		Handle:          info.PublicHandle(),
		DID:             info.DID,
		DIDDoc:          didDoc(document),
		Email:           view.email,
		EmailConfirmed:  view.emailConfirmed,
		EmailAuthFactor: view.emailAuthFactor,
		Active:          view.active,
		Status:          statusOf[comatproto.ServerGetSessionOutputStatus](info),
	}, nil
}

// Get implements [comatproto.AccountHandler]. Its lexicon has no output: that it succeeds says that
// the account is there.
func (h *legacyHandler) Get(context.Context) error { return nil }

// DeleteSession implements [comatproto.ServerHandler].
func (h *serverHandler) DeleteSession(ctx context.Context) error {
	if err := h.accounts.DeleteSession(ctx, presented(ctx)); err != nil {
		return refuse(err)
	}
	return nil
}

// view is what the answers about sessions tell of an account. Clients take what is absent for true
// or for unknown, so that emailConfirmed and active are always there.
type view struct {
	email           lexdata.Opt[string]
	emailConfirmed  lexdata.Opt[bool]
	emailAuthFactor lexdata.Opt[bool]
	active          lexdata.Opt[bool]
}

func viewOf(a account.Account) view {
	v := view{
		email:          optional(a.Email),
		emailConfirmed: lexdata.Some(!a.EmailConfirmedAt.IsZero()),
		active:         lexdata.Some(a.Status() == account.StatusActive),
	}
	if a.EmailAuthFactor {
		v.emailAuthFactor = lexdata.Some(true)
	}
	return v
}

// statusOf returns why an account is not active. Some clients break if they are not told; none
// expects it of one that is.
func statusOf[T ~string](a account.Account) lexdata.Opt[T] {
	if status := a.Status(); status != account.StatusActive {
		return lexdata.Some(T(status))
	}
	return lexdata.Opt[T]{}
}

// didDoc returns a DID document as a client gets it. One that is not known, or not of the data
// model, is left out: clients then ask for it themselves.
func didDoc(document []byte) lexdata.Opt[lexdata.Unknown] {
	var u lexdata.Unknown
	if document == nil || lexdata.Unmarshal(document, &u) != nil {
		return lexdata.Opt[lexdata.Unknown]{}
	}
	return lexdata.Some(u)
}
