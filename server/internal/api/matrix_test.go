package api_test

import (
	"context"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/lexgen-go/lexgen/generated/comatproto"
	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/runtime/xrpc"
)

// Whom an endpoint lets in.
const (
	anybody       = "anybody"
	importer      = "an identity that moves here, or anybody without a token"
	ownerOrGone   = "the owner of an account, who hears of none after a takedown"
	goodOwner     = "the owner of an account that was not taken down"
	ownerAnyway   = "the owner of an account, taken down or not"
	app           = "any session of an account"
	appUntold     = "any session of an account, without a word about a takedown"
	goodApp       = "any session of an account that was not taken down"
	appAnyway     = "any session of an account, taken down or not"
	refresher     = "who has a refresh token"
	administrator = "the administrator"
	moderators    = "the administrator or the moderation service"
)

// doors says of each endpoint whom it lets in.
var doors = map[syntax.NSID]string{
	comatproto.AccountCreateNSID:               anybody,
	comatproto.AccountCreateInviteCodeNSID:     administrator,
	comatproto.AccountDeleteNSID:               goodOwner,
	comatproto.AccountGetNSID:                  goodApp,
	comatproto.AccountRequestPasswordResetNSID: anybody,
	comatproto.AccountResetPasswordNSID:        anybody,

	comatproto.AdminDeleteAccountNSID:         administrator,
	comatproto.AdminDisableAccountInvitesNSID: moderators,
	comatproto.AdminDisableInviteCodesNSID:    moderators,
	comatproto.AdminEnableAccountInvitesNSID:  moderators,
	comatproto.AdminGetAccountInfoNSID:        moderators,
	comatproto.AdminGetAccountInfosNSID:       moderators,
	comatproto.AdminGetInviteCodesNSID:        moderators,
	comatproto.AdminGetSubjectStatusNSID:      moderators,
	comatproto.AdminSearchAccountsNSID:        moderators,
	comatproto.AdminSendEmailNSID:             moderators,
	comatproto.AdminUpdateAccountEmailNSID:    administrator,
	comatproto.AdminUpdateAccountHandleNSID:   administrator,
	comatproto.AdminUpdateAccountPasswordNSID: administrator,
	comatproto.AdminUpdateSubjectStatusNSID:   moderators,

	comatproto.IdentityGetRecommendedDIDCredentialsNSID: app,
	comatproto.IdentityRequestPLCOperationSignatureNSID: ownerAnyway,
	comatproto.IdentityResolveHandleNSID:                anybody,
	comatproto.IdentitySignPLCOperationNSID:             ownerAnyway,
	comatproto.IdentitySubmitPLCOperationNSID:           app,
	comatproto.IdentityUpdateHandleNSID:                 goodApp,

	comatproto.ServerActivateAccountNSID:          ownerOrGone,
	comatproto.ServerCheckAccountStatusNSID:       app,
	comatproto.ServerConfirmEmailNSID:             goodApp,
	comatproto.ServerCreateAccountNSID:            importer,
	comatproto.ServerCreateAppPasswordNSID:        goodOwner,
	comatproto.ServerCreateInviteCodeNSID:         administrator,
	comatproto.ServerCreateInviteCodesNSID:        administrator,
	comatproto.ServerCreateSessionNSID:            anybody,
	comatproto.ServerDeactivateAccountNSID:        ownerAnyway,
	comatproto.ServerDeleteAccountNSID:            anybody,
	comatproto.ServerDeleteSessionNSID:            refresher,
	comatproto.ServerDescribeServerNSID:           anybody,
	comatproto.ServerGetAccountInviteCodesNSID:    goodOwner,
	comatproto.ServerGetServiceAuthNSID:           appAnyway,
	comatproto.ServerGetSessionNSID:               appUntold,
	comatproto.ServerListAppPasswordsNSID:         app,
	comatproto.ServerRefreshSessionNSID:           refresher,
	comatproto.ServerRequestAccountDeleteNSID:     goodOwner,
	comatproto.ServerRequestEmailConfirmationNSID: goodApp,
	comatproto.ServerRequestEmailUpdateNSID:       goodOwner,
	comatproto.ServerRequestPasswordResetNSID:     anybody,
	comatproto.ServerReserveSigningKeyNSID:        anybody,
	comatproto.ServerResetPasswordNSID:            anybody,
	comatproto.ServerRevokeAppPasswordNSID:        app,
	comatproto.ServerUpdateEmailNSID:              goodOwner,

	comatproto.TempCheckHandleAvailabilityNSID: anybody,
}

var (
	in             = wanted{status: 200}
	missing        = wanted{401, "AuthMissing", "Authentication Required"}
	badScope       = wanted{400, "InvalidToken", "Bad token scope"}
	unverified     = wanted{400, "InvalidToken", "Token could not be verified"}
	unexpected     = wanted{400, "InvalidToken", "Unexpected authorization type"}
	noPassword     = wanted{401, "AuthenticationRequired", "Authentication Required"}
	invalidHeader  = wanted{401, "AuthenticationRequired", "Invalid authorization header"}
	down           = wanted{401, "AccountTakedown", "Account has been taken down"}
	sessionsToken  = wanted{401, "BadJwtType", "jwt of a type that is not for services"}
	noUser         = wanted{400, "AccountNotFound", "user not found"}
	forbidden      = wanted{403, "Forbidden", "OAuth credentials are not supported for this endpoint"}
	noServiceToken = wanted{401, "BadJwt", "poorly formatted jwt"}
)

// noInfo is what getSession answers of an account that was taken down.
func noInfo(did string) wanted {
	return wanted{400, "InvalidRequest", "Could not find user info for account: " + did}
}

// Every endpoint, called with each kind of credentials there is.
func TestWhoIsLetIn(t *testing.T) {
	t.Parallel()
	credentials := []string{"none", "access", "app", "privileged", "refresh", "marked", "down", "takendown", "admin", "wrong admin", "moderator", "garbage", "DPoP"}
	b := newBench(t)
	headers, ended := newCredentials(t, b)
	// What is answered to them, in this order. marked is an access token of an account that was taken down,
	// of a session that did not end then; down is one of a session that did, takendown one from after that.
	table := map[string][]wanted{
		anybody:       {in, in, in, in, in, in, in, in, in, in, in, in, in},
		importer:      {in, invalidHeader, invalidHeader, invalidHeader, invalidHeader, invalidHeader, invalidHeader, invalidHeader, invalidHeader, invalidHeader, in, invalidHeader, invalidHeader},
		ownerOrGone:   {missing, in, badScope, badScope, unverified, in, noUser, badScope, unexpected, unexpected, unverified, unverified, forbidden},
		goodOwner:     {missing, in, badScope, badScope, unverified, down, down, badScope, unexpected, unexpected, unverified, unverified, forbidden},
		ownerAnyway:   {missing, in, badScope, badScope, unverified, in, down, in, unexpected, unexpected, unverified, unverified, forbidden},
		app:           {missing, in, in, in, unverified, in, down, badScope, unexpected, unexpected, unverified, unverified, forbidden},
		appUntold:     {missing, in, in, in, unverified, in, noInfo(ended), badScope, unexpected, unexpected, unverified, unverified, forbidden},
		goodApp:       {missing, in, in, in, unverified, down, down, badScope, unexpected, unexpected, unverified, unverified, forbidden},
		appAnyway:     {missing, in, in, in, unverified, in, down, in, unexpected, unexpected, unverified, unverified, forbidden},
		refresher:     {missing, unverified, unverified, unverified, in, unverified, unverified, unverified, unexpected, unexpected, unverified, unverified, forbidden},
		administrator: {noPassword, noPassword, noPassword, noPassword, noPassword, noPassword, noPassword, noPassword, in, noPassword, noPassword, noPassword, noPassword},
		moderators:    {noPassword, sessionsToken, sessionsToken, sessionsToken, sessionsToken, sessionsToken, sessionsToken, sessionsToken, in, noPassword, in, noServiceToken, noPassword},
	}
	endpoints := b.api.Endpoints(true /* admin */)
	b.serve(t, withoutService(endpoints))
	for _, endpoint := range endpoints {
		answers := table[doors[endpoint.NSID]]
		if len(answers) != len(credentials) {
			t.Errorf("nobody says whom %s lets in", endpoint.NSID)
			continue
		}
		for i, name := range credentials {
			t.Run(string(endpoint.NSID)+" with "+name, func(t *testing.T) {
				t.Parallel()
				a := b.do(t, call{nsid: string(endpoint.NSID), header: headers(name, string(endpoint.NSID))})
				if answers[i] == in {
					a.wantBody(t, "")
					return
				}
				answers[i].check(t, a)
			})
		}
	}
}

// withoutService returns endpoints that take nothing, do nothing and answer nothing: what is left of
// them is who may call them.
func withoutService(endpoints []xrpc.Endpoint) []xrpc.Endpoint {
	bare := make([]xrpc.Endpoint, len(endpoints))
	for i, e := range endpoints {
		bare[i] = xrpc.Endpoint{
			NSID: e.NSID, Kind: e.Kind,
			Invoke: func(context.Context, *xrpc.Call) (any, error) { return nil, nil },
		}
	}
	return bare
}

// newCredentials returns the header with credentials for an endpoint, and whose those are that are down.
func newCredentials(t *testing.T, b *bench) (headers func(name, nsid string) http.Header, ended string) {
	t.Helper()
	alice := b.signUp(t)
	plain := b.logIn(t, b.appPassword(t, alice, "plain", false)).session(t)
	privileged := b.logIn(t, b.appPassword(t, alice, "privileged", true)).session(t)
	carol := b.signUpAs(t, "carol")
	b.takeDown(t, carol.DID)
	takendown := b.do(t, call{
		nsid: comatproto.ServerCreateSessionNSID,
		body: object("identifier", "carol.test", "password", "asdf", "allowTakendown", true),
	}).session(t)
	dave := b.signUpAs(t, "dave")
	b.admin(t, comatproto.AdminUpdateSubjectStatusNSID, takedownOf(dave.DID, true)).wantOK(t)
	service := b.world.newStranger(t, moderator, "atproto")
	return func(name, nsid string) http.Header {
		switch name {
		case "access":
			return bearer(alice.AccessJWT)
		case "app":
			return bearer(plain.AccessJWT)
		case "privileged":
			return bearer(privileged.AccessJWT)
		case "refresh":
			return bearer(alice.RefreshJWT)
		case "marked":
			return bearer(carol.AccessJWT)
		case "down":
			return bearer(dave.AccessJWT)
		case "takendown":
			return bearer(takendown.AccessJWT)
		case "admin":
			return basic("admin", adminPassword)
		case "wrong admin":
			return basic("admin", adminPassword+"x")
		case "moderator":
			return bearer(service.token(t, b, nsid))
		case "garbage":
			return bearer("garbage")
		case "DPoP":
			return with("DPoP " + alice.AccessJWT)
		}
		return nil
	}, dave.DID
}

// Every query and procedure of the generated package is served.
func TestEveryEndpointIsServed(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("../../../generated/comatproto/*_handler_gen.go")
	must(t, err)
	pattern := regexp.MustCompile(`NSID:\s+(\w+)NSID,`)
	count := 0
	for _, file := range files {
		text, err := os.ReadFile(file)
		must(t, err)
		count += len(pattern.FindAll(text, -1))
	}
	if got := len(newBench(t).api.Endpoints(true /* admin */)); got != count || got != len(doors) {
		t.Errorf("endpoints: got %d, want %d as are generated, and %d as are tested", got, count, len(doors))
	}
}
