package api_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/lexgen-go/lexgen/generated/comatproto"
	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/server/internal/account"
)

func TestTakedown(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	s := b.signUp(t)
	status := func() answer { return b.adminAsk(t, comatproto.AdminGetSubjectStatusNSID, "did="+s.DID) }
	subject := fmt.Sprintf(`{"subject":{"$type":"com.atproto.admin.defs#repoRef","did":%q}`, s.DID)
	status().wantBody(t, subject+`,"takedown":{"applied":false},"deactivated":{"applied":false}}`)

	update := func(body string) answer { return b.admin(t, comatproto.AdminUpdateSubjectStatusNSID, body) }
	update(subject+`,"takedown":{"applied":true,"ref":"case 1"}}`).wantBody(t, subject+`,"takedown":{"applied":true,"ref":"case 1"}}`)
	status().wantBody(t, subject+`,"takedown":{"applied":true,"ref":"case 1"},"deactivated":{"applied":false}}`)
	down.check(t, b.refresh(t, s.RefreshJWT))
	down.check(t, b.logIn(t, "asdf"))
	b.resolve(t, "alice.test").wantError(t, 400, "HandleNotFound", "Unable to resolve handle")

	update(takedownOf(s.DID, true)).wantBody(t, takedownOf(s.DID, true)) // what is so already
	status().wantBody(t, subject+`,"takedown":{"applied":true,"ref":"case 1"},"deactivated":{"applied":false}}`)
	update(takedownOf(s.DID, false)).wantBody(t, takedownOf(s.DID, false))
	update(takedownOf(s.DID, true)).wantOK(t)
	status().wantBody(t, subject+`,"takedown":{"applied":true,"ref":"2026-03-01T12:00:00.000Z"},"deactivated":{"applied":false}}`)
	for range 2 {
		update(takedownOf(s.DID, false)).wantBody(t, takedownOf(s.DID, false))
	}
	status().wantBody(t, subject+`,"takedown":{"applied":false},"deactivated":{"applied":false}}`)
	b.logIn(t, "asdf").wantOK(t)
	b.resolve(t, "alice.test").wantOK(t)
}

func TestDeactivateSubject(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	s := b.signUp(t)
	subject := fmt.Sprintf(`{"subject":{"$type":"com.atproto.admin.defs#repoRef","did":%q}`, s.DID)
	update := func(rest string) answer {
		return b.admin(t, comatproto.AdminUpdateSubjectStatusNSID, subject+rest)
	}
	update(`,"deactivated":{"applied":true}}`).wantBody(t, subject+"}")
	b.adminAsk(t, comatproto.AdminGetSubjectStatusNSID, "did="+s.DID).
		wantBody(t, subject+`,"takedown":{"applied":false},"deactivated":{"applied":true}}`)
	if a := b.getSession(t, s.AccessJWT).wantOK(t); !strings.Contains(a.body, `"status":"deactivated"`) {
		t.Errorf("session: got %s", a.body)
	}
	update(`,"deactivated":{"applied":false}}`).wantOK(t)
	b.resolve(t, "alice.test").wantOK(t)

	update(`,"takedown":{"applied":true},"deactivated":{"applied":false}}`).
		wantInvalid(t, "Cannot activate and takedown an account at the same time")
	update(`,"takedown":{"applied":true}}`).wantOK(t)
	update(`,"deactivated":{"applied":false}}`).wantError(t, 400, "AccountNotFound", "user not found")
}

// Who decides nothing changes nothing, and ends no session.
func TestNothingDecided(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	s := b.signUp(t)
	nothing := fmt.Sprintf(`{"subject":{"$type":"com.atproto.admin.defs#repoRef","did":%q}}`, s.DID)
	wantNoChange := func(when string) {
		t.Helper()
		account, events := b.kept(t, s.DID)
		b.admin(t, comatproto.AdminUpdateSubjectStatusNSID, nothing).wantBody(t, nothing)
		afterwards, more := b.kept(t, s.DID)
		if afterwards != account || len(more) != len(events) {
			t.Errorf("%s: got %+v and %d events, want %+v and %d", when, afterwards, len(more), account, len(events))
		}
	}
	wantNoChange("an active account")
	b.as(t, s.AccessJWT, comatproto.ServerDeactivateAccountNSID, object("deleteAfter", "2026-04-01T00:00:00.000Z")).wantOK(t)
	wantNoChange("an account with a deadline")
	b.refresh(t, s.RefreshJWT).wantOK(t)
	b.admin(t, comatproto.AdminUpdateSubjectStatusNSID, takedownOf(s.DID, true)).wantOK(t)
	moving := b.logInTakendown(t)
	wantNoChange("an account that is taken down")
	b.ask(t, moving.AccessJWT, comatproto.ServerGetServiceAuthNSID, "aud=did:web:other.example.com&lxm="+comatproto.ServerCreateAccountNSID).wantOK(t)
	b.admin(t, comatproto.AdminUpdateSubjectStatusNSID, strings.Replace(nothing, s.DID, nobody, 1)).wantError(t, 400, "NotFound", "Subject not found")
}

// kept returns what the store has of an account and its audit log.
func (b *bench) kept(t *testing.T, did string) (account.Account, []account.Event) {
	t.Helper()
	found, err := b.service.SubjectStatus(t.Context(), syntax.DID(did))
	must(t, err)
	events, err := b.service.Events(t.Context(), found.DID, 100)
	must(t, err)
	return found, events
}

func TestSubjectsRefused(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	s := b.signUp(t)
	const cid = "bafyreigbtj4x7ip5legnfznufuopl4sg4knzc2cof6duas4b3q2fy6swua"
	const noneHere = "Only accounts have a status here: this server keeps no records and no blobs"
	updates := []struct {
		name, subject string
		want          wanted
	}{
		{"record", `{"$type":"com.atproto.repo.strongRef","uri":"at://` + s.DID + `/app.bsky.feed.post/3","cid":"` + cid + `"}`, wanted{400, "InvalidRequest", noneHere}},
		{"blob", `{"$type":"com.atproto.admin.defs#repoBlobRef","did":"` + s.DID + `","cid":"` + cid + `"}`, wanted{400, "InvalidRequest", noneHere}},
		{"unknown", `{"$type":"com.example.thing"}`, wanted{400, "InvalidRequest", noneHere}},
		{"nobody", `{"$type":"com.atproto.admin.defs#repoRef","did":"` + nobody + `"}`, wanted{400, "NotFound", "Subject not found"}},
	}
	for _, test := range updates {
		t.Run("update "+test.name, func(t *testing.T) {
			body := `{"subject":` + test.subject + `,"takedown":{"applied":true}}`
			test.want.check(t, b.admin(t, comatproto.AdminUpdateSubjectStatusNSID, body))
		})
	}
	queries := []struct {
		name, query string
		want        wanted
	}{
		{"nothing", "", wanted{400, "InvalidRequest", "No provided subject"}},
		{"blob without a DID", "blob=" + cid, wanted{400, "InvalidRequest", "Must provide a did to request blob state"}},
		{"blob", "did=" + s.DID + "&blob=" + cid, wanted{400, "NotFound", "Subject not found"}},
		{"record", "uri=at://" + s.DID + "/app.bsky.feed.post/3", wanted{400, "NotFound", "Subject not found"}},
		{"nobody", "did=" + nobody, wanted{400, "NotFound", "Subject not found"}},
	}
	for _, test := range queries {
		t.Run("get "+test.name, func(t *testing.T) {
			test.want.check(t, b.adminAsk(t, comatproto.AdminGetSubjectStatusNSID, test.query))
		})
	}
}
