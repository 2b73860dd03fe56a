package account_test

import (
	"strings"
	"testing"

	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/server/internal/account"
)

// protectedMethods are all methods that no service token is issued for.
var protectedMethods = []syntax.NSID{
	"com.atproto.admin.sendEmail",
	"com.atproto.identity.requestPlcOperationSignature",
	"com.atproto.identity.signPlcOperation",
	"com.atproto.identity.updateHandle",
	"com.atproto.server.activateAccount",
	"com.atproto.server.confirmEmail",
	"com.atproto.server.createAppPassword",
	"com.atproto.server.deactivateAccount",
	"com.atproto.server.getAccountInviteCodes",
	"com.atproto.server.getSession",
	"com.atproto.server.listAppPasswords",
	"com.atproto.server.requestAccountDelete",
	"com.atproto.server.requestEmailConfirmation",
	"com.atproto.server.requestEmailUpdate",
	"com.atproto.server.revokeAppPassword",
	"com.atproto.server.updateEmail",
}

// privilegedMethods are methods that no service token is issued for to a plain app password: to move
// the account, those of private conversations that there were first, and two that came later.
var privilegedMethods = []syntax.NSID{
	"com.atproto.server.createAccount",
	"chat.bsky.actor.deleteAccount",
	"chat.bsky.actor.exportAccountData",
	"chat.bsky.convo.deleteMessageForSelf",
	"chat.bsky.convo.getConvo",
	"chat.bsky.convo.getConvoForMembers",
	"chat.bsky.convo.getLog",
	"chat.bsky.convo.getMessages",
	"chat.bsky.convo.leaveConvo",
	"chat.bsky.convo.listConvos",
	"chat.bsky.convo.muteConvo",
	"chat.bsky.convo.sendMessage",
	"chat.bsky.convo.sendMessageBatch",
	"chat.bsky.convo.unmuteConvo",
	"chat.bsky.convo.updateRead",

	"chat.bsky.convo.acceptConvo",
	"chat.bsky.convo.addReaction",
}

// spellings returns a method as it is, and as others may understand it too.
func spellings(method syntax.NSID) []syntax.NSID {
	lower, upper := strings.ToLower(string(method)), strings.ToUpper(string(method))
	return []syntax.NSID{method, syntax.NSID(lower), syntax.NSID(upper)}
}

func TestServiceTokenMethods(t *testing.T) {
	t.Parallel()
	const (
		noRight   = "insufficient access to request a service auth token for the following method: "
		protected = "cannot request a service auth token for the following protected method: "
	)
	b := newBench(t)
	caller := b.caller(t, b.signUp(t))
	request := func(kind account.SessionKind, method syntax.NSID) error {
		caller := caller
		caller.Session.Kind = kind
		_, err := b.IssueServiceToken(t.Context(), caller, account.ServiceTokenRequest{Audience: "did:web:example.com", Method: method})
		return err
	}
	for _, method := range protectedMethods {
		t.Run(string(method), func(t *testing.T) {
			for _, spelled := range spellings(method) {
				for _, kind := range []account.SessionKind{account.SessionPassword, account.SessionPrivileged, account.SessionApp} {
					err := request(kind, spelled)
					wantError(t, string(kind), err, account.ErrInvalidRequest)
					wantText(t, string(kind), err, protected+string(spelled))
				}
			}
		})
	}
	for _, method := range privilegedMethods {
		t.Run(string(method), func(t *testing.T) {
			for _, spelled := range spellings(method) {
				err := request(account.SessionApp, spelled)
				wantError(t, "app", err, account.ErrInvalidRequest)
				wantText(t, "app", err, noRight+string(spelled))
				wantError(t, "password", request(account.SessionPassword, spelled), nil)
				wantError(t, "privileged", request(account.SessionPrivileged, spelled), nil)
			}
		})
	}
}
