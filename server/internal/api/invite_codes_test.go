package api_test

import (
	"encoding/json"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/lexgen-go/lexgen/generated/comatproto"
	"github.com/lexgen-go/lexgen/server/internal/account"
	"github.com/lexgen-go/lexgen/server/internal/api"
)

// inviteOnly makes sign-ups need a code, of which accounts earn one a day.
func inviteOnly(s *account.Service, _ *api.Config) {
	s.Policy.InvitesRequired = true
	s.Policy.InviteInterval = 24 * time.Hour
}

// invite creates a code of the administrator.
func (b *bench) invite(t *testing.T, uses int) string {
	t.Helper()
	return b.admin(t, comatproto.ServerCreateInviteCodeNSID, object("useCount", uses)).text(t, "code")
}

// join creates the account of somebody with a code.
func (b *bench) join(t *testing.T, name, code string) answer {
	t.Helper()
	return b.do(t, call{
		nsid: comatproto.ServerCreateAccountNSID,
		body: signup("handle", name+".test", "email", name+"@example.com", "inviteCode", code),
	})
}

// An invite is a code as an answer has it.
type invite struct {
	Code       string
	Available  int
	Disabled   bool
	ForAccount string
	CreatedBy  string
	Uses       []struct{ UsedBy, UsedAt string }
}

func (b *bench) invites(t *testing.T, s session, query string) []invite {
	t.Helper()
	var got struct{ Codes []invite }
	b.ask(t, s.AccessJWT, comatproto.ServerGetAccountInviteCodesNSID, query).wantSecret(t).read(t, &got)
	return got.Codes
}

func TestCreateInviteCode(t *testing.T) {
	t.Parallel()
	b := newBench(t, inviteOnly)
	pattern := regexp.MustCompile(`^example-com-[a-z2-7]{5}-[a-z2-7]{5}$`)
	for _, nsid := range []string{comatproto.ServerCreateInviteCodeNSID, comatproto.AccountCreateInviteCodeNSID} {
		code := b.admin(t, nsid, `{"useCount":1}`).wantSecret(t).text(t, "code")
		if !pattern.MatchString(code) {
			t.Errorf("%s: got %s", nsid, code)
		}
		for _, count := range []int{0, -1, 100_001} {
			b.admin(t, nsid, object("useCount", count)).wantInvalid(t, "the number of uses must be from 1 to 100000")
		}
		b.join(t, fmt.Sprintf("new%d", len(nsid)), " "+strings.ToUpper(code)).wantOK(t)
		b.join(t, "late", code).wantError(t, 400, "InvalidInviteCode", "Provided invite code not available")
	}
}

func TestCreateInviteCodes(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	create := func(body string) []map[string]any {
		var got struct{ Codes []map[string]any }
		b.admin(t, comatproto.ServerCreateInviteCodesNSID, body).wantSecret(t).read(t, &got)
		return got.Codes
	}
	one := create(`{"useCount":1}`)
	if len(one) != 1 || one[0]["account"] != "admin" || len(one[0]["codes"].([]any)) != 1 {
		t.Errorf("without accounts: got %v", one)
	}
	groups := create(`{"useCount":1,"codeCount":2,"forAccounts":["did:plc:a","did:plc:b","did:plc:a","did:plc:c"]}`)
	var accounts []string
	for _, group := range groups {
		accounts = append(accounts, group["account"].(string))
		if got := len(group["codes"].([]any)); got != 2 {
			t.Errorf("codes: got %d, want 2", got)
		}
	}
	if want := []string{"did:plc:a", "did:plc:b", "did:plc:c"}; !slices.Equal(accounts, want) {
		t.Errorf("accounts: got %v, want %v", accounts, want)
	}
	b.admin(t, comatproto.ServerCreateInviteCodesNSID, `{"useCount":1,"forAccounts":[]}`).wantBody(t, `{"codes":[]}`)
	for body, message := range map[string]string{
		`{"useCount":1,"codeCount":1001}`:                         "the number of codes must be from 1 to 1000",
		`{"useCount":1,"codeCount":0}`:                            "the number of codes must be from 1 to 1000",
		`{"useCount":1,"codeCount":-1}`:                           "the number of codes must be from 1 to 1000",
		`{"useCount":1,"codeCount":null}`:                         "codeCount must be an integer",
		`{"useCount":1,"codeCount":"1"}`:                          "codeCount must be an integer",
		`{"useCount":1,"forAccounts":["admin"]}`:                  "forAccounts[0] must be a valid DID",
		`{"useCount":1,"forAccounts":["did:plc:a","alice.test"]}`: "forAccounts[1] must be a valid DID",
		`{"codeCount":1}`:                                         "useCount is required",
	} {
		b.admin(t, comatproto.ServerCreateInviteCodesNSID, body).wantInvalid(t, message)
	}
}

func TestSignUpWithInvite(t *testing.T) {
	t.Parallel()
	b := newBench(t, inviteOnly)
	b.join(t, "carol", "").wantError(t, 400, "InvalidInviteCode", "No invite code provided")
	b.join(t, "carol", "example-com-aaaaa-aaaaa").wantError(t, 400, "InvalidInviteCode", "Provided invite code not available")
	code := b.invite(t, 1)
	b.do(t, call{nsid: comatproto.AccountCreateNSID, body: signup("inviteCode", code)}).wantOK(t)
	b.join(t, "dave", code).wantError(t, 400, "InvalidInviteCode", "Provided invite code not available")
	disabled := b.invite(t, 1)
	b.admin(t, comatproto.AdminDisableInviteCodesNSID, object("codes", []string{disabled})).wantBody(t, "")
	b.join(t, "dave", disabled).wantError(t, 400, "InvalidInviteCode", "Provided invite code not available")
}

// The code of an account that was taken down works again when it is restored.
func TestInviteOfTakendownAccount(t *testing.T) {
	t.Parallel()
	b := newBench(t, inviteOnly)
	s := b.join(t, "carol", b.invite(t, 1)).session(t)
	body := object("useCount", 1, "forAccount", s.DID)
	code := b.admin(t, comatproto.ServerCreateInviteCodeNSID, body).text(t, "code")
	b.admin(t, comatproto.AdminUpdateSubjectStatusNSID, takedownOf(s.DID, true)).wantOK(t)
	b.join(t, "dave", code).wantError(t, 400, "InvalidInviteCode", "Provided invite code not available")
	b.admin(t, comatproto.AdminUpdateSubjectStatusNSID, takedownOf(s.DID, false)).wantOK(t)
	b.join(t, "dave", code).wantOK(t)
}

// An account earns a code each day, and those that are used up it has still.
func TestAccountInviteCodes(t *testing.T) {
	t.Parallel()
	b := newBench(t, inviteOnly)
	s := b.join(t, "carol", b.invite(t, 1)).session(t)
	if got := b.invites(t, s, ""); len(got) != 0 {
		t.Errorf("at first: got %v", got)
	}
	b.pass(48 * time.Hour)
	s = b.do(t, call{nsid: comatproto.ServerCreateSessionNSID, body: object("identifier", "carol.test", "password", "asdf")}).session(t)
	if got := b.invites(t, s, "createAvailable=false"); len(got) != 0 {
		t.Errorf("without creating: got %v", got)
	}
	codes := b.invites(t, s, "")
	if len(codes) != 2 || codes[0].Available != 1 || codes[0].CreatedBy != s.DID || codes[0].ForAccount != s.DID {
		t.Fatalf("after two days: got %v", codes)
	}
	dave := b.join(t, "dave", codes[0].Code).session(t)
	b.join(t, "erin", codes[1].Code).wantOK(t)
	used := b.invites(t, s, "")
	if len(used) != 2 || len(used[0].Uses) != 1 {
		t.Fatalf("after their use: got %v", used)
	}
	if !slices.ContainsFunc(used, func(i invite) bool { return i.Uses[0].UsedBy == dave.DID }) {
		t.Errorf("nobody invited %s: got %v", dave.DID, used)
	}
	if got := b.invites(t, s, "includeUsed=false"); len(got) != 0 {
		t.Errorf("without those that are used: got %v", got)
	}
}

// An account that may not invite gets nothing, and catches up later.
func TestDisableAccountInvites(t *testing.T) {
	t.Parallel()
	b := newBench(t, inviteOnly)
	s := b.join(t, "carol", b.invite(t, 1)).session(t)
	b.pass(time.Hour)
	set := func(nsid, note string) {
		b.admin(t, nsid, object("account", s.DID, "note", note)).wantBody(t, "")
	}
	set(comatproto.AdminDisableAccountInvitesNSID, "sells them")
	var info struct {
		InvitesDisabled bool
		InviteNote      string
	}
	b.adminAsk(t, comatproto.AdminGetAccountInfoNSID, "did="+s.DID).read(t, &info)
	if !info.InvitesDisabled || info.InviteNote != "sells them" {
		t.Errorf("info: got %+v", info)
	}
	b.pass(72 * time.Hour)
	s = b.do(t, call{nsid: comatproto.ServerCreateSessionNSID, body: object("identifier", "carol.test", "password", "asdf")}).session(t)
	if got := b.invites(t, s, ""); len(got) != 0 {
		t.Errorf("while disabled: got %v", got)
	}
	set(comatproto.AdminEnableAccountInvitesNSID, "")
	b.pass(24 * time.Hour)
	s = b.do(t, call{nsid: comatproto.ServerCreateSessionNSID, body: object("identifier", "carol.test", "password", "asdf")}).session(t)
	if got := b.invites(t, s, ""); len(got) == 0 {
		t.Error("enabled again: got no code")
	}
	nobody := object("account", "did:plc:nobodynobodynobodynobody")
	b.admin(t, comatproto.AdminDisableAccountInvitesNSID, nobody).wantInvalid(t, "Account not found")
	b.admin(t, comatproto.AdminEnableAccountInvitesNSID, nobody).wantInvalid(t, "Account not found")
}

// An account that may invite again does so at once, if it was there for longer than what it got while it
// might not.
func TestEnableAccountInvites(t *testing.T) {
	t.Parallel()
	for days, want := range map[int]int{5: 0, 6: 1, 8: 3, 20: 5} {
		t.Run(fmt.Sprint(days), func(t *testing.T) {
			t.Parallel()
			b := newBench(t, inviteOnly)
			did := b.join(t, "carol", b.invite(t, 1)).session(t).DID
			body := object("account", did)
			b.admin(t, comatproto.AdminDisableAccountInvitesNSID, body).wantOK(t)
			b.pass(time.Duration(days) * 24 * time.Hour)
			s := b.do(t, call{nsid: comatproto.ServerCreateSessionNSID, body: object("identifier", did, "password", "asdf")}).session(t)
			if got := b.invites(t, s, ""); len(got) != 0 {
				t.Errorf("while disabled: got %v", got)
			}
			b.admin(t, comatproto.AdminEnableAccountInvitesNSID, body).wantOK(t)
			got := b.invites(t, s, "")
			if len(got) != want {
				t.Fatalf("enabled again: got %d codes, want %d", len(got), want)
			}
			if want > 0 {
				b.join(t, "dave", got[0].Code).wantOK(t)
			}
		})
	}
}

// A code is as good as its owner: one that was never here takes nothing away from it, but those of an
// account go with it.
func TestInviteCodeOwners(t *testing.T) {
	t.Parallel()
	b := newBench(t, inviteOnly)
	s := b.join(t, "carol", b.invite(t, 1)).session(t)
	codeOf := func(did string) string {
		return b.admin(t, comatproto.ServerCreateInviteCodeNSID, object("useCount", 2, "forAccount", did)).text(t, "code")
	}
	ownersCode, strangersCode := codeOf(s.DID), codeOf(nobody)
	for name, code := range map[string]string{"dave": ownersCode, "erin": strangersCode} {
		b.join(t, name, code).wantOK(t)
	}
	b.admin(t, comatproto.AdminDeleteAccountNSID, object("did", s.DID)).wantOK(t)
	b.join(t, "frank", ownersCode).wantError(t, 400, "InvalidInviteCode", "Provided invite code not available")
	b.join(t, "frank", strangersCode).wantOK(t)
}

func TestDisableInviteCodes(t *testing.T) {
	t.Parallel()
	b := newBench(t, inviteOnly)
	s := b.join(t, "carol", b.invite(t, 1)).session(t)
	body := object("useCount", 1, "forAccount", s.DID)
	code := b.admin(t, comatproto.ServerCreateInviteCodeNSID, body).text(t, "code")
	b.admin(t, comatproto.AdminDisableInviteCodesNSID, `{"accounts":["admin"]}`).wantInvalid(t, "cannot disable admin invite codes")
	b.admin(t, comatproto.AdminDisableInviteCodesNSID, object("accounts", []string{s.DID})).wantBody(t, "")
	b.join(t, "dave", code).wantError(t, 400, "InvalidInviteCode", "Provided invite code not available")
	b.admin(t, comatproto.AdminDisableInviteCodesNSID, `{}`).wantBody(t, "")
}

// Pages put together are the whole list, in each order.
func TestGetInviteCodes(t *testing.T) {
	t.Parallel()
	b := newBench(t, inviteOnly)
	for i := range 7 {
		code := b.invite(t, 3)
		b.pass(time.Duration(i%2) * time.Second)
		for use := range i % 3 {
			b.join(t, fmt.Sprintf("user%d%d", i, use), code).wantOK(t)
		}
	}
	page := func(query string) (codes []invite, cursor string) {
		var got struct {
			Cursor string
			Codes  []invite
		}
		b.adminAsk(t, comatproto.AdminGetInviteCodesNSID, query).wantSecret(t).read(t, &got)
		return got.Codes, got.Cursor
	}
	for _, sort := range []string{"recent", "usage"} {
		whole, next := page("sort=" + sort)
		if len(whole) != 7 || next != "" {
			t.Errorf("%s: got %d codes, cursor %q", sort, len(whole), next)
		}
		var joined []invite
		for cursor := ""; ; {
			codes, next := page("sort=" + sort + "&limit=2&cursor=" + url.QueryEscape(cursor))
			joined = append(joined, codes...)
			if cursor = next; next == "" {
				break
			}
		}
		if got, want := jsonOf(t, joined), jsonOf(t, whole); got != want {
			t.Errorf("%s: got pages %s\nwant %s", sort, got, want)
		}
	}
	if codes, _ := page("sort=usage"); len(codes[0].Uses) != 2 || len(codes[6].Uses) != 0 {
		t.Errorf("by use: got %v", codes)
	}
	b.adminAsk(t, comatproto.AdminGetInviteCodesNSID, "sort=best").wantInvalid(t, "unknown sort method: best")
	b.adminAsk(t, comatproto.AdminGetInviteCodesNSID, "cursor=x").wantInvalid(t, "Malformed cursor")
	b.adminAsk(t, comatproto.AdminGetInviteCodesNSID, "limit=501").wantInvalid(t, "limit must be at most 500")
	b.adminAsk(t, comatproto.AdminGetInviteCodesNSID, "limit=0").wantInvalid(t, "limit must be at least 1")
	b.admin(t, comatproto.ServerCreateInviteCodesNSID, `{"codeCount":100,"useCount":1}`).wantOK(t)
	for query, want := range map[string]int{"": 100, "limit=101": 101, "limit=500": 107} {
		if codes, next := page(query); len(codes) != want || (next == "") != (want == 107) {
			t.Errorf("%q: got %d codes of 107, cursor %q, want %d codes", query, len(codes), next, want)
		}
	}
}

func jsonOf(t *testing.T, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	must(t, err)
	return string(text)
}
