package api

import (
	"context"
	"time"

	"github.com/lexgen-go/lexgen/generated/comatproto"
	"github.com/lexgen-go/lexgen/runtime/lexdata"
	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/runtime/xrpc"
	"github.com/lexgen-go/lexgen/server/internal/account"
)

// refuseAdmin is refuse for what administrators and moderators ask: an account that is not there is
// the one they name, not their own.
func refuseAdmin(err error) error {
	return refuse(err, exception{account.ErrAccountNotFound, xrpc.ErrInvalidRequest})
}

// GetAccountInfo implements [comatproto.AdminHandler].
func (h *adminHandler) GetAccountInfo(ctx context.Context, params *comatproto.AdminGetAccountInfoParams) (*comatproto.AdminGetAccountInfoOutput, error) {
	info, err := h.accounts.AccountInfo(ctx, params.DID)
	if err != nil {
		return nil, refuse(err, exception{account.ErrAccountNotFound, comatproto.AdminGetAccountInfoErrNotFound})
	}
	noStore(ctx)
	output := accountView(info)
	return &output, nil
}

// GetAccountInfos implements [comatproto.AdminHandler].
func (h *adminHandler) GetAccountInfos(ctx context.Context, params *comatproto.AdminGetAccountInfosParams) (*comatproto.AdminGetAccountInfosOutput, error) {
	infos, err := h.accounts.AccountInfos(ctx, params.DIDs)
	if err != nil {
		return nil, refuse(err)
	}
	noStore(ctx)
	return &comatproto.AdminGetAccountInfosOutput{Infos: accountViews(infos)}, nil
}

// SearchAccounts implements [comatproto.AdminHandler].
func (h *adminHandler) SearchAccounts(ctx context.Context, params *comatproto.AdminSearchAccountsParams) (*comatproto.AdminSearchAccountsOutput, error) {
	infos, next, err := h.accounts.SearchAccounts(ctx, params.Email.Or(""), params.Cursor.Or(""), int(params.Limit.Or(0)))
	if err != nil {
		return nil, refuse(err)
	}
	noStore(ctx)
	return &comatproto.AdminSearchAccountsOutput{Cursor: optional(next), Accounts: accountViews(infos)}, nil
}

// DeleteAccount implements [comatproto.AdminHandler].
func (h *adminHandler) DeleteAccount(ctx context.Context, input *comatproto.AdminDeleteAccountInput) error {
	if err := h.accounts.RemoveAccount(ctx, input.DID); err != nil {
		return refuseAdmin(err)
	}
	return nil
}

// UpdateAccountEmail implements [comatproto.AdminHandler].
func (h *adminHandler) UpdateAccountEmail(ctx context.Context, input *comatproto.AdminUpdateAccountEmailInput) error {
	if err := h.accounts.SetEmail(ctx, string(input.Account), input.Email, client(ctx)); err != nil {
		return refuseAdmin(err)
	}
	return nil
}

// UpdateAccountHandle implements [comatproto.AdminHandler].
func (h *adminHandler) UpdateAccountHandle(ctx context.Context, input *comatproto.AdminUpdateAccountHandleInput) error {
	if err := h.accounts.SetHandle(ctx, input.DID, input.Handle, client(ctx)); err != nil {
		return refuseAdmin(err)
	}
	return nil
}

// UpdateAccountPassword implements [comatproto.AdminHandler].
func (h *adminHandler) UpdateAccountPassword(ctx context.Context, input *comatproto.AdminUpdateAccountPasswordInput) error {
	if err := h.accounts.SetPassword(ctx, input.DID, input.Password, client(ctx)); err != nil {
		return refuseAdmin(err)
	}
	return nil
}

// SendEmail implements [comatproto.AdminHandler]. Who sends it is kept in the audit log of the account,
// the comment for other moderators nowhere.
func (h *adminHandler) SendEmail(ctx context.Context, input *comatproto.AdminSendEmailInput) (*comatproto.AdminSendEmailOutput, error) {
	err := h.accounts.SendMail(ctx, account.ModeratorMail{
		Sender:    input.SenderDID,
		Recipient: input.RecipientDID,
		Subject:   input.Subject.Or(""),
		Text:      input.Content,
		Client:    client(ctx),
	})
	if err != nil {
		return nil, refuseAdmin(err)
	}
	return &comatproto.AdminSendEmailOutput{Sent: true}, nil
}

func accountViews(infos []account.Info) []comatproto.AdminAccountView {
	var views []comatproto.AdminAccountView
	for _, info := range infos {
		views = append(views, accountView(info))
	}
	return views
}

func accountView(info account.Info) comatproto.AdminAccountView {
	a := info.Account
	v := comatproto.AdminAccountView{
		DID:              a.DID,
		Handle:           a.PublicHandle(),
		Email:            optional(a.Email),
		IndexedAt:        syntax.FormatDatetime(a.CreatedAt),
		Invites:          inviteCodes(info.Invites),
		InvitesDisabled:  lexdata.Some(a.InvitesDisabled),
		EmailConfirmedAt: optionalTime(a.EmailConfirmedAt),
		InviteNote:       optional(a.InviteNote),
		DeactivatedAt:    optionalTime(a.DeactivatedAt),
	}
	if info.InvitedBy != nil {
		code := inviteCode(*info.InvitedBy)
		v.InvitedBy = &code
	}
	return v
}

// optional returns nothing for an empty text.
func optional(text string) lexdata.Opt[string] {
	if text == "" {
		return lexdata.Opt[string]{}
	}
	return lexdata.Some(text)
}

// optionalTime returns nothing for the zero time.
func optionalTime(t time.Time) lexdata.Opt[syntax.Datetime] {
	if t.IsZero() {
		return lexdata.Opt[syntax.Datetime]{}
	}
	return lexdata.Some(syntax.FormatDatetime(t))
}
