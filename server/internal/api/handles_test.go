package api_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/lexgen-go/lexgen/generated/comatproto"
	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/server/internal/account"
	"github.com/lexgen-go/lexgen/server/internal/api"
)

func (b *bench) resolve(t *testing.T, handle string) answer {
	t.Helper()
	return b.do(t, call{nsid: comatproto.IdentityResolveHandleNSID, query: "handle=" + handle})
}

func (b *bench) updateHandle(t *testing.T, s session, handle string) answer {
	t.Helper()
	return b.as(t, s.AccessJWT, comatproto.IdentityUpdateHandleNSID, object("handle", handle))
}

func TestResolveHandle(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	s := b.signUp(t)
	b.world.name("alice.example.com", "did:plc:elsewhereelsewhereelsewh")
	notFound := wanted{400, "HandleNotFound", "Unable to resolve handle"}
	b.resolve(t, "alice.test").wantBody(t, `{"did":"`+s.DID+`"}`)
	b.resolve(t, "ALICE.Test").wantBody(t, `{"did":"`+s.DID+`"}`)
	b.resolve(t, "alice.example.com").wantBody(t, `{"did":"did:plc:elsewhereelsewhereelsewh"}`)
	notFound.check(t, b.resolve(t, "nobody.test"))
	notFound.check(t, b.resolve(t, "nobody.example.com"))
	b.resolve(t, "no_handle.test").wantInvalid(t, "handle must be a valid handle")
	b.execute(t, "UPDATE account SET deactivated_at = 1")
	notFound.check(t, b.resolve(t, "alice.test"))
}

func TestUpdateHandle(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	s := b.signUp(t)
	for _, handle := range []string{"carol.test", "carol.test", "Dave.TEST"} {
		b.updateHandle(t, s, handle).wantBody(t, "")
		lower := strings.ToLower(handle)
		if got := b.getSession(t, s.AccessJWT).text(t, "handle"); got != lower {
			t.Errorf("handle: got %s, want %s", got, lower)
		}
		b.resolve(t, lower).wantOK(t)
		b.wantClaim(t, s, "at://"+lower)
	}
	b.resolve(t, "alice.test").wantError(t, 400, "HandleNotFound", "Unable to resolve handle")
	b.world.name("alice.example.com", s.DID)
	b.updateHandle(t, s, "alice.example.com").wantBody(t, "")
	b.wantClaim(t, s, "at://alice.example.com")
	app := b.do(t, call{
		nsid: comatproto.ServerCreateSessionNSID,
		body: object("identifier", s.DID, "password", b.appPassword(t, s, "phone", false)),
	}).session(t)
	b.updateHandle(t, app, "alice.test").wantBody(t, "")
}

// wantClaim checks what the directory says an identity is called.
func (b *bench) wantClaim(t *testing.T, s session, want string) {
	t.Helper()
	last, err := b.world.LastOperation(t.Context(), syntax.DID(s.DID))
	must(t, err)
	if got := last.Fields.AlsoKnownAs; len(got) != 1 || got[0] != want {
		t.Errorf("directory: got names %v, want %s", got, want)
	}
}

func TestUpdateHandleRefuses(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	s := b.signUp(t)
	b.signUpAs(t, "bob")
	b.world.name("bob.example.com", nobody)
	tests := []struct {
		handle string
		want   wanted
	}{
		{"bob.test", wanted{400, "HandleNotAvailable", "Handle already taken: bob.test"}},
		{"BOB.test", wanted{400, "HandleNotAvailable", "Handle already taken: bob.test"}},
		{"about.test", wanted{400, "HandleNotAvailable", "Reserved handle"}},
		{"al.ice.test", wanted{400, "InvalidHandle", "Invalid characters in handle"}},
		{"jj.test", wanted{400, "InvalidHandle", "Handle too short"}},
		{strings.Repeat("j", 19) + ".test", wanted{400, "InvalidHandle", "Handle too long"}},
		{"you-oaf.test", wanted{400, "InvalidHandle", "Inappropriate language in handle"}},
		{"alice.onion", wanted{400, "InvalidHandle", "Handle TLD is invalid or disallowed"}},
		{"bob.example.com", wanted{400, "InvalidRequest", "External handle did not resolve to DID"}},
		{"nobody.example.com", wanted{400, "InvalidRequest", "External handle did not resolve to DID"}},
		{"jo_hn.test", wanted{400, "InvalidRequest", "handle must be a valid handle"}},
	}
	for _, test := range tests {
		t.Run(test.handle, func(t *testing.T) {
			test.want.check(t, b.updateHandle(t, s, test.handle))
		})
	}
	b.wantClaim(t, s, "at://alice.test")
	b.world.fallSilent()
	b.updateHandle(t, s, "carol.test").wantError(t, 502, "UpstreamFailure", account.ErrDirectoryUnavailable.Error())
	if got := b.getSession(t, s.AccessJWT).text(t, "handle"); got != "alice.test" {
		t.Errorf("handle: got %s", got)
	}
}

// A handle that was given up, or whose account is gone, is nobody else's for a while, however it is asked
// for.
func TestHandleQuarantine(t *testing.T) {
	t.Parallel()
	const quarantine = 30 * 24 * time.Hour
	ways := []struct {
		name string
		free func(b *bench, owner session)
	}{
		{"given up", func(b *bench, owner session) { b.updateHandle(t, owner, "alicia.test").wantOK(t) }},
		{"given up for another, by an administrator", func(b *bench, owner session) {
			b.admin(t, comatproto.AdminUpdateAccountHandleNSID, object("did", owner.DID, "handle", "alicia.test")).wantOK(t)
		}},
		{"deleted", func(b *bench, owner session) {
			b.admin(t, comatproto.AdminDeleteAccountNSID, object("did", owner.DID)).wantOK(t)
		}},
	}
	for _, way := range ways {
		t.Run(way.name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, func(s *account.Service, _ *api.Config) { s.Policy.HandleQuarantine = quarantine })
			owner, other := b.signUp(t), b.signUpAs(t, "bob")
			check := func() string {
				return b.do(t, call{nsid: comatproto.TempCheckHandleAvailabilityNSID, query: "handle=alice.test"}).wantOK(t).body
			}
			way.free(b, owner)
			taken := wanted{400, "HandleNotAvailable", "Handle already taken: alice.test"}
			for _, nsid := range signUpNSIDs {
				taken.check(t, b.do(t, call{nsid: nsid, body: signup("handle", "Alice.test")}))
			}
			taken.check(t, b.updateHandle(t, other, "alice.test"))
			taken.check(t, b.admin(t, comatproto.AdminUpdateAccountHandleNSID, object("did", other.DID, "handle", "alice.test")))
			if got := check(); !strings.Contains(got, "#resultUnavailable") {
				t.Errorf("during the quarantine: got %s", got)
			}
			b.pass(quarantine)
			if got := check(); !strings.Contains(got, "#resultAvailable") {
				t.Errorf("after the quarantine: got %s", got)
			}
			b.do(t, call{nsid: comatproto.ServerCreateAccountNSID, body: signup("handle", "alice.test")}).wantOK(t)
		})
	}
}

func TestCheckHandleAvailability(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.signUp(t)
	check := func(query string) answer {
		return b.do(t, call{nsid: comatproto.TempCheckHandleAvailabilityNSID, query: query})
	}
	available := `{"handle":"carol.test","result":{"$type":"com.atproto.temp.checkHandleAvailability#resultAvailable"}}`
	check("handle=Carol.test").wantBody(t, available)
	check("handle=carol.test&email=alice@example.com").wantBody(t, available) // whether an email is taken is no matter
	for _, handle := range []string{"alice.test", "about.test"} {
		var got struct {
			Handle string
			Result struct {
				Type        string `json:"$type"`
				Suggestions []struct{ Handle, Method string }
			}
		}
		check("handle="+handle+"&email=wonder@example.com").read(t, &got)
		if got.Handle != handle || got.Result.Type != "com.atproto.temp.checkHandleAvailability#resultUnavailable" || len(got.Result.Suggestions) == 0 {
			t.Errorf("%s: got %+v", handle, got)
		}
		for _, s := range got.Result.Suggestions {
			check("handle="+s.Handle).
				wantBody(t, fmt.Sprintf(`{"handle":%q,"result":{"$type":"com.atproto.temp.checkHandleAvailability#resultAvailable"}}`, s.Handle))
		}
	}
	check("handle=carol.test&email=bad").wantError(t, 400, "InvalidEmail", "This email address is not supported, please use a different email.")
	check("handle=jj.test").wantError(t, 400, "InvalidHandle", "Handle too short")
	check("handle=jj.example.com").wantError(t, 400, "UnsupportedDomain", "Not a supported handle domain")
}
