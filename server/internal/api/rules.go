package api

import (
	"maps"

	"github.com/lexgen-go/lexgen/generated/comatproto"
	"github.com/lexgen-go/lexgen/runtime/syntax"
)

// A rule says who may call an endpoint, and how often.
type rule struct {
	access    access
	takendown takendown
	limits    []*limit
}

// access says with what a caller authenticates.
type access int

// The classes of access. None of them is the zero value: an endpoint without a rule lets nobody in.
const (
	// public endpoints do not look at the header: clients send a token where none is needed.
	public access = iota + 1
	// fullAccess takes an access token of a session that was opened with the account's own password.
	fullAccess
	// standardAccess also takes one of a session of an app password.
	standardAccess
	// refreshing takes a refresh token.
	refreshing
	// loggingOut takes a refresh token, even if it has expired.
	loggingOut
	// importing takes the service token of an identity that moves here, or nothing at all.
	importing
	// administering takes the administrator's password.
	administering
	// moderating takes the administrator's password, or a service token of the moderation service.
	moderating
)

// isAdministrative reports whether access is not for the accounts themselves.
func (a access) isAdministrative() bool { return a == administering || a == moderating }

// takendown says what becomes of an account that was taken down. The zero value leaves that to the
// service.
type takendown int

// The ways to treat an account that was taken down.
const (
	// refused is for what only an account in good standing may do.
	refused takendown = iota + 1
	// welcome also takes the tokens of the sessions that such an account can open to move away.
	welcome
	// untold is for what tells of an account: of such a one, there is nothing to tell. Not even that it was
	// taken down.
	untold
	// gone is for what answers of such an account as of one that is not there.
	gone
)

// newRules returns the rules of all endpoints.
func newRules(l limits) map[syntax.NSID]rule {
	rules := serverRules(l)
	for _, group := range []map[syntax.NSID]rule{changeRules(l), legacyRules(l), identityRules(l), adminRules()} {
		maps.Copy(rules, group)
	}
	return rules
}

// serverRules returns the rules of what accounts begin with, log in to and ask for.
func serverRules(l limits) map[syntax.NSID]rule {
	return map[syntax.NSID]rule{
		comatproto.ServerCreateAccountNSID:     {access: importing, limits: l.signUp},
		comatproto.ServerDescribeServerNSID:    {access: public},
		comatproto.ServerReserveSigningKeyNSID: {access: public, limits: l.reserveKey},

		comatproto.ServerCreateSessionNSID:  {access: public, limits: l.logIn},
		comatproto.ServerRefreshSessionNSID: {access: refreshing},
		comatproto.ServerGetSessionNSID:     {access: standardAccess, takendown: untold},
		comatproto.ServerDeleteSessionNSID:  {access: loggingOut},
		comatproto.ServerGetServiceAuthNSID: {access: standardAccess, takendown: welcome},

		comatproto.ServerCheckAccountStatusNSID:    {access: standardAccess},
		comatproto.ServerListAppPasswordsNSID:      {access: standardAccess},
		comatproto.ServerGetAccountInviteCodesNSID: {access: fullAccess, takendown: refused},
	}
}

// changeRules returns the rules of what changes an account, most of which its owner gets a mail about.
func changeRules(l limits) map[syntax.NSID]rule {
	return map[syntax.NSID]rule{
		comatproto.ServerCreateAppPasswordNSID: {access: fullAccess, takendown: refused},
		comatproto.ServerRevokeAppPasswordNSID: {access: standardAccess},

		comatproto.ServerRequestPasswordResetNSID:     {access: public, limits: l.requestReset},
		comatproto.ServerResetPasswordNSID:            {access: public, limits: l.reset},
		comatproto.ServerRequestEmailConfirmationNSID: {access: standardAccess, takendown: refused, limits: l.requestConfirmation},
		comatproto.ServerConfirmEmailNSID:             {access: standardAccess, takendown: refused},
		comatproto.ServerRequestEmailUpdateNSID:       {access: fullAccess, takendown: refused, limits: l.requestEmailUpdate},
		comatproto.ServerUpdateEmailNSID:              {access: fullAccess, takendown: refused},

		comatproto.ServerActivateAccountNSID:      {access: fullAccess, takendown: gone},
		comatproto.ServerDeactivateAccountNSID:    {access: fullAccess, takendown: welcome},
		comatproto.ServerRequestAccountDeleteNSID: {access: fullAccess, takendown: refused, limits: l.requestDeletion},
		comatproto.ServerDeleteAccountNSID:        {access: public, limits: l.deletion},
	}
}

// legacyRules returns the rules of the older names, with the limits of the newer ones.
func legacyRules(l limits) map[syntax.NSID]rule {
	return map[syntax.NSID]rule{
		comatproto.AccountCreateNSID:               {access: public, limits: l.signUp},
		comatproto.AccountCreateInviteCodeNSID:     {access: administering},
		comatproto.AccountDeleteNSID:               {access: fullAccess, takendown: refused, limits: l.requestDeletion},
		comatproto.AccountGetNSID:                  {access: standardAccess, takendown: refused},
		comatproto.AccountRequestPasswordResetNSID: {access: public, limits: l.requestReset},
		comatproto.AccountResetPasswordNSID:        {access: public, limits: l.reset},
	}
}

// identityRules returns the rules of handles and DIDs.
func identityRules(l limits) map[syntax.NSID]rule {
	return map[syntax.NSID]rule{
		comatproto.IdentityResolveHandleNSID:                {access: public},
		comatproto.IdentityUpdateHandleNSID:                 {access: standardAccess, takendown: refused, limits: l.updateHandle},
		comatproto.IdentityRequestPLCOperationSignatureNSID: {access: fullAccess, takendown: welcome, limits: l.requestSignature},
		comatproto.IdentitySignPLCOperationNSID:             {access: fullAccess, takendown: welcome},
		comatproto.IdentitySubmitPLCOperationNSID:           {access: standardAccess},
		comatproto.IdentityGetRecommendedDIDCredentialsNSID: {access: standardAccess},
		comatproto.TempCheckHandleAvailabilityNSID:          {access: public, limits: l.checkHandle},
	}
}

// adminRules returns the rules of what is not for the accounts themselves. Nothing limits it: failed
// passwords have a limit of their own.
func adminRules() map[syntax.NSID]rule {
	return map[syntax.NSID]rule{
		comatproto.ServerCreateInviteCodeNSID:  {access: administering},
		comatproto.ServerCreateInviteCodesNSID: {access: administering},

		comatproto.AdminDeleteAccountNSID:         {access: administering},
		comatproto.AdminUpdateAccountEmailNSID:    {access: administering},
		comatproto.AdminUpdateAccountHandleNSID:   {access: administering},
		comatproto.AdminUpdateAccountPasswordNSID: {access: administering},
		comatproto.AdminDisableAccountInvitesNSID: {access: moderating},
		comatproto.AdminDisableInviteCodesNSID:    {access: moderating},
		comatproto.AdminEnableAccountInvitesNSID:  {access: moderating},
		comatproto.AdminGetAccountInfoNSID:        {access: moderating},
		comatproto.AdminGetAccountInfosNSID:       {access: moderating},
		comatproto.AdminGetInviteCodesNSID:        {access: moderating},
		comatproto.AdminGetSubjectStatusNSID:      {access: moderating},
		comatproto.AdminSearchAccountsNSID:        {access: moderating},
		comatproto.AdminSendEmailNSID:             {access: moderating},
		comatproto.AdminUpdateSubjectStatusNSID:   {access: moderating},
	}
}
