package api_test

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/lexgen-go/lexgen/generated/comatproto"
	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/server/internal/account"
)

const nobody = "did:plc:nobodynobodynobodynobody"

func TestGetAccountInfo(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	s := b.signUp(t)
	info := func() answer { return b.adminAsk(t, comatproto.AdminGetAccountInfoNSID, "did="+s.DID) }
	common := fmt.Sprintf(`{"did":%q,"handle":"alice.test","email":"alice@example.com","indexedAt":"2026-03-01T12:00:00.000Z"`, s.DID)
	info().wantSecret(t).wantBody(t, common+`,"invitesDisabled":false}`)
	b.execute(t, "UPDATE account SET email_confirmed_at = 1000, deactivated_at = 2000")
	info().wantBody(t, common+`,"invitesDisabled":false,"emailConfirmedAt":"1970-01-01T00:00:01.000Z","deactivatedAt":"1970-01-01T00:00:02.000Z"}`)
	b.adminAsk(t, comatproto.AdminGetAccountInfoNSID, "did="+nobody).wantError(t, 400, "NotFound", "Account not found")
}

// Who invited an account, and whom it invited.
func TestAccountInfoOfInvites(t *testing.T) {
	t.Parallel()
	b := newBench(t, inviteOnly)
	code := b.invite(t, 1)
	s := b.join(t, "carol", code).session(t)
	own := b.admin(t, comatproto.ServerCreateInviteCodeNSID, object("useCount", 10, "forAccount", s.DID)).text(t, "code")
	for _, name := range []string{"dave", "erin", "frank"} {
		b.join(t, name, own).wantOK(t)
	}
	var info struct {
		InvitedBy invite
		Invites   []invite
	}
	b.adminAsk(t, comatproto.AdminGetAccountInfoNSID, "did="+s.DID).read(t, &info)
	if info.InvitedBy.Code != code || info.InvitedBy.ForAccount != "admin" || info.InvitedBy.Uses[0].UsedBy != s.DID {
		t.Errorf("invited by: got %+v", info.InvitedBy)
	}
	if len(info.Invites) != 1 || info.Invites[0].Available != 10 || len(info.Invites[0].Uses) != 3 || info.Invites[0].CreatedBy != "admin" {
		t.Errorf("invites: got %+v", info.Invites)
	}
}

// Accounts that are not there are left out.
func TestGetAccountInfos(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	first, second := b.signUpAs(t, "carol"), b.signUpAs(t, "dave")
	var got struct{ Infos []struct{ DID string } }
	b.adminAsk(t, comatproto.AdminGetAccountInfosNSID, "dids="+second.DID+"&dids="+nobody+"&dids="+first.DID).wantSecret(t).read(t, &got)
	if len(got.Infos) != 2 || got.Infos[0].DID != second.DID || got.Infos[1].DID != first.DID {
		t.Errorf("got %+v", got.Infos)
	}
	b.adminAsk(t, comatproto.AdminGetAccountInfosNSID, "dids="+nobody).wantBody(t, `{"infos":[]}`)
}

func TestSearchAccounts(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	var want []string
	for i := range 5 {
		want = append(want, b.signUpAs(t, fmt.Sprintf("user%d", i)).DID)
		b.pass(time.Second)
	}
	search := func(query string) (dids []string, cursor string) {
		var got struct {
			Cursor   string
			Accounts []struct{ DID string }
		}
		b.adminAsk(t, comatproto.AdminSearchAccountsNSID, query).wantSecret(t).read(t, &got)
		for _, a := range got.Accounts {
			dids = append(dids, a.DID)
		}
		return dids, got.Cursor
	}
	if got, next := search(""); !slices.Equal(got, want) || next != "" {
		t.Errorf("all: got %v, cursor %q", got, next)
	}
	var joined []string
	for cursor := ""; ; {
		dids, next := search("limit=2&cursor=" + url.QueryEscape(cursor))
		joined = append(joined, dids...)
		if cursor = next; next == "" {
			break
		}
	}
	if !slices.Equal(joined, want) {
		t.Errorf("pages: got %v, want %v", joined, want)
	}
	if got, _ := search("email=USER3@example.com"); !slices.Equal(got, want[3:4]) {
		t.Errorf("by email: got %v, want %v", got, want[3:4])
	}
	b.adminAsk(t, comatproto.AdminSearchAccountsNSID, "email=nobody@example.com").wantBody(t, `{"accounts":[]}`)
	b.adminAsk(t, comatproto.AdminSearchAccountsNSID, "cursor=x").wantInvalid(t, "Malformed cursor")
	b.adminAsk(t, comatproto.AdminSearchAccountsNSID, "limit=101").wantInvalid(t, "limit must be at most 100")
	b.adminAsk(t, comatproto.AdminSearchAccountsNSID, "limit=0").wantInvalid(t, "limit must be at least 1")
}

func TestAdminDeleteAccount(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	s := b.signUp(t)
	b.admin(t, comatproto.AdminDeleteAccountNSID, object("did", s.DID)).wantBody(t, "")
	b.getSession(t, s.AccessJWT).wantError(t, 403, "AccountNotFound", "Account not found")
	b.admin(t, comatproto.AdminDeleteAccountNSID, object("did", s.DID)).wantInvalid(t, "Account not found")
}

func TestAdminUpdateAccountEmail(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	s := b.signUp(t)
	b.signUpAs(t, "bob")
	b.confirmed(t, s)
	update := func(name, email string) answer {
		return b.admin(t, comatproto.AdminUpdateAccountEmailNSID, object("account", name, "email", email))
	}
	for _, name := range []string{s.DID, "Alice.test"} {
		update(name, "New@Example.com").wantBody(t, "")
	}
	if a := b.getSession(t, s.AccessJWT).wantOK(t); !strings.Contains(a.body, `"email":"new@example.com","emailConfirmed":false`) {
		t.Errorf("session: got %s", a.body)
	}
	update("nobody.test", "new@example.com").wantInvalid(t, "Account does not exist: nobody.test")
	update(s.DID, "bob@example.com").wantInvalid(t, "This email address is already in use, please use a different email.")
	update(s.DID, "bad").wantInvalid(t, "This email address is not supported, please use a different email.")
}

// An administrator may give reserved handles, but none that is bad or another's.
func TestAdminUpdateAccountHandle(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	s := b.signUp(t)
	b.signUpAs(t, "bob")
	update := func(did, handle string) answer {
		return b.admin(t, comatproto.AdminUpdateAccountHandleNSID, object("did", did, "handle", handle))
	}
	update(s.DID, "Dril.test").wantBody(t, "")
	if got := b.getSession(t, s.AccessJWT).text(t, "handle"); got != "dril.test" {
		t.Errorf("handle: got %s", got)
	}
	b.resolve(t, "dril.test").wantBody(t, `{"did":"`+s.DID+`"}`)
	update(s.DID, "bob.test").wantError(t, 400, "HandleNotAvailable", "Handle already taken: bob.test")
	update(s.DID, "dril.onion").wantError(t, 400, "InvalidHandle", "Handle TLD is invalid or disallowed")
	update(s.DID, strings.Repeat("j", 19)+".test").wantError(t, 400, "InvalidHandle", "Handle too long")
	update(nobody, "carol.test").wantInvalid(t, "Account not found")
}

func TestAdminUpdateAccountPassword(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	s := b.signUp(t)
	b.admin(t, comatproto.AdminUpdateAccountPasswordNSID, object("did", s.DID, "password", "new")).wantBody(t, "")
	b.refresh(t, s.RefreshJWT).wantError(t, 400, "ExpiredToken", "Token has been revoked")
	b.logIn(t, "asdf").wantError(t, 401, "AuthenticationRequired", "Invalid identifier or password")
	b.do(t, call{nsid: comatproto.ServerCreateSessionNSID, body: object("identifier", s.DID, "password", "new")}).wantOK(t)
	b.admin(t, comatproto.AdminUpdateAccountPasswordNSID, object("did", nobody, "password", "new")).wantInvalid(t, "Account not found")
	b.admin(t, comatproto.AdminUpdateAccountPasswordNSID, object("did", s.DID, "password", strings.Repeat("a", 257))).
		wantInvalid(t, "Invalid password length.")
}

func TestSendEmail(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	s := b.signUp(t)
	send := func(pairs ...any) answer {
		return b.admin(t, comatproto.AdminSendEmailNSID, object(append([]any{"senderDid", moderator, "content", "Be <kind>."}, pairs...)...))
	}
	send("recipientDid", s.DID).wantBody(t, `{"sent":true}`)
	b.mail(t, "Message via your PDS", "alice@example.com", "Be &lt;kind&gt;.")
	events, err := b.service.Store.Events(t.Context(), syntax.DID(s.DID), 1)
	if err != nil || len(events) != 1 || events[0].Kind != account.EventMailSent || events[0].Detail != moderator {
		t.Errorf("audit log: got %+v, %v, want a mail by %s", events, err, moderator)
	}
	send("recipientDid", s.DID, "subject", "A word", "comment", "for moderators").wantBody(t, `{"sent":true}`)
	if got := b.mail(t, "A word", "alice@example.com"); strings.Contains(got.Text, "for moderators") {
		t.Errorf("mail: got %s", got.Text)
	}
	send("recipientDid", nobody).wantInvalid(t, "Recipient not found")
}
