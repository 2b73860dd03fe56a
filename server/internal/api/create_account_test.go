package api_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/lexgen-go/lexgen/generated/comatproto"
	"github.com/lexgen-go/lexgen/runtime/syntax"
)

// Sign-ups have two names and one service.
var signUpNSIDs = []string{comatproto.ServerCreateAccountNSID, comatproto.AccountCreateNSID}

// signup returns the body of a sign-up of carol after changes: pairs of a property and its value. A
// value of nil takes the property away.
func signup(changes ...any) string {
	body := map[string]any{"handle": "carol.test", "email": "carol@example.com", "password": "asdf"}
	for pair := range slices.Chunk(changes, 2) {
		body[pair[0].(string)] = pair[1]
		if pair[1] == nil {
			delete(body, pair[0].(string))
		}
	}
	text, err := json.Marshal(body)
	if err != nil {
		panic(err)
	}
	return string(text)
}

func TestCreateAccount(t *testing.T) {
	t.Parallel()
	for _, nsid := range signUpNSIDs {
		t.Run(nsid, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			body := signup("handle", "Carol.TEST", "email", "Carol@Example.com", "inviteCode", "any", "unknown", []int{1})
			answer := b.do(t, call{nsid: nsid, body: body}).wantOK(t)
			s := answer.session(t)
			want := fmt.Sprintf(`{"accessJwt":%q,"refreshJwt":%q,"handle":"carol.test","did":%q`, s.AccessJWT, s.RefreshJWT, s.DID)
			if nsid == comatproto.ServerCreateAccountNSID { // the older lexicon has no property for it
				document, err := b.world.Document(t.Context(), syntax.DID(s.DID), false /* fresh */)
				must(t, err)
				want += `,"didDoc":` + string(document.JSON)
			}
			if want += "}"; answer.body != want {
				t.Errorf("got %s\nwant %s", answer.body, want)
			}
			if !strings.HasPrefix(s.DID, "did:plc:") || len(s.DID) != len("did:plc:")+24 {
				t.Errorf("DID: got %s", s.DID)
			}
			wantTokenHeaders(t, answer)
			wantBody := fmt.Sprintf(`{"handle":"carol.test","did":%q,"email":"carol@example.com","emailConfirmed":false,"active":true}`, s.DID)
			if got := b.getSession(t, s.AccessJWT).wantOK(t).body; got != wantBody {
				t.Errorf("session: got %s, want %s", got, wantBody)
			}
			b.refresh(t, s.RefreshJWT).wantOK(t)
		})
	}
}

// wantTokenHeaders checks that no cache keeps tokens.
func wantTokenHeaders(t *testing.T, a answer) {
	t.Helper()
	if got := a.header.Get("Cache-Control"); got != "no-store" {
		t.Errorf("Cache-Control of tokens: got %q, want no-store", got)
	}
	if got := a.header.Get("Content-Type"); got != "application/json; charset=utf-8" {
		t.Errorf("Content-Type: got %q", got)
	}
}

func TestCreateAccountRefuses(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.signUp(t)
	const unsupportedEmail = "This email address is not supported, please use a different email."
	tests := []struct {
		name    string
		changes []any
		want    wanted
	}{
		{"password of 257", []any{"password", strings.Repeat("ä", 257)}, wanted{400, "InvalidPassword", "Password too long. Maximum length is 256 characters."}},
		{"empty password", []any{"password", ""}, wanted{400, "InvalidPassword", "Password is required"}},
		{"empty email", []any{"email", ""}, wanted{400, "InvalidRequest", "Email is required"}},
		{"no email address", []any{"email", "carol"}, wanted{400, "InvalidRequest", unsupportedEmail}},
		{"throwaway email", []any{"email", "carol@sub.Mailinator.com"}, wanted{400, "InvalidRequest", unsupportedEmail}},
		{"email with a name", []any{"email", "Carol <carol@example.com>"}, wanted{400, "InvalidRequest", unsupportedEmail}},
		{"bad password before bad email", []any{"password", "", "email", ""}, wanted{400, "InvalidPassword", "Password is required"}},
		{"bad email before bad handle", []any{"email", "", "handle", "x.test"}, wanted{400, "InvalidRequest", "Email is required"}},
		{"dot in front", []any{"handle", "car.ol.test"}, wanted{400, "InvalidHandle", "Invalid characters in handle"}},
		{"short handle", []any{"handle", "jj.test"}, wanted{400, "InvalidHandle", "Handle too short"}},
		{"handle of 19", []any{"handle", strings.Repeat("j", 19) + ".test"}, wanted{400, "InvalidHandle", "Handle too long"}},
		{"reserved: about", []any{"handle", "about.test"}, wanted{400, "HandleNotAvailable", "Reserved handle"}},
		{"reserved: ATP", []any{"handle", "ATP.test"}, wanted{400, "HandleNotAvailable", "Reserved handle"}},
		{"reserved: a name", []any{"handle", "barackobama.test"}, wanted{400, "HandleNotAvailable", "Reserved handle"}},
		{"blocked word", []any{"handle", "you-oaf.test"}, wanted{400, "InvalidHandle", "Inappropriate language in handle"}},
		{"local", []any{"handle", "carol.local"}, wanted{400, "InvalidHandle", "Handle TLD is invalid or disallowed"}},
		{"onion", []any{"handle", "carol.onion"}, wanted{400, "InvalidHandle", "Handle TLD is invalid or disallowed"}},
		{"handle taken", []any{"handle", "ALICE.test"}, wanted{400, "HandleNotAvailable", "Handle already taken: alice.test"}},
		{"email taken", []any{"email", "ALICE@example.com"}, wanted{400, "InvalidRequest", "Email already taken: ALICE@example.com"}},
		{"handle before email", []any{"handle", "alice.test", "email", "alice@example.com"}, wanted{400, "HandleNotAvailable", "Handle already taken: alice.test"}},
		{"recovery key", []any{"recoveryKey", "did:key:zgarbage"}, wanted{400, "InvalidRequest", "Recovery key must be the did:key of a P-256 or secp256k1 public key"}},
		{"wrong type", []any{"password", 1}, wanted{400, "InvalidRequest", "password must be a string"}},
		{"null", []any{"recoveryKey", json.RawMessage("null")}, wanted{400, "InvalidRequest", "recoveryKey must be a string"}},
		{"no handle", []any{"handle", nil}, wanted{400, "InvalidRequest", "handle is required"}},
	}
	for _, test := range tests {
		for _, nsid := range signUpNSIDs {
			t.Run(test.name+" to "+nsid, func(t *testing.T) {
				t.Parallel()
				test.want.check(t, b.do(t, call{nsid: nsid, body: signup(test.changes...)}))
			})
		}
	}
}

// What only the older lexicon requires, the server requires anyway.
func TestCreateAccountRequires(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	tests := []struct {
		name            string
		changes         []any
		created, legacy wanted
	}{
		{
			"no email",
			[]any{"email", nil},
			wanted{400, "InvalidRequest", "Email is required"},
			wanted{400, "InvalidRequest", "email is required"},
		},
		{
			"no password",
			[]any{"password", nil},
			wanted{400, "InvalidPassword", "Password is required"},
			wanted{400, "InvalidRequest", "password is required"},
		},
		{
			"nothing",
			[]any{"handle", nil, "email", nil, "password", nil},
			wanted{400, "InvalidRequest", "handle is required"},
			wanted{400, "InvalidRequest", "email is required (and 2 more)"},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			body := signup(test.changes...)
			test.created.check(t, b.do(t, call{nsid: comatproto.ServerCreateAccountNSID, body: body}))
			test.legacy.check(t, b.do(t, call{nsid: comatproto.AccountCreateNSID, body: body}))
		})
	}
}

// What only one of the two declares, the other says with a name of its own.
func TestCreateAccountRefusesByName(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	tests := []struct {
		handle  string
		created wanted
		legacy  wanted
	}{
		{
			"john.bsky.io",
			wanted{400, "UnsupportedDomain", "Not a supported handle domain"},
			wanted{400, "InvalidHandle", "Not a supported handle domain"},
		},
		{
			"admin.blah",
			wanted{400, "UnsupportedDomain", "Not a supported handle domain"},
			wanted{400, "InvalidHandle", "Not a supported handle domain"},
		},
	}
	for _, bad := range []string{
		"did:john", "jo_hn.test", "jo!hn.test", "jo%hn.test", "jo&hn.test", "jo*hn.test", "jo|hn.test", "jo:hn.test",
		"jo/hn.test", "did:bad-handle.test", "test", "", "john.test.", "-john.test",
	} {
		tests = append(tests, struct {
			handle          string
			created, legacy wanted
		}{
			bad,
			wanted{400, "InvalidRequest", "handle must be a valid handle"},
			wanted{400, "InvalidHandle", "handle must be a valid handle"},
		})
	}
	for _, test := range tests {
		t.Run(test.handle, func(t *testing.T) {
			t.Parallel()
			body := signup("handle", test.handle)
			test.created.check(t, b.do(t, call{nsid: comatproto.ServerCreateAccountNSID, body: body}))
			test.legacy.check(t, b.do(t, call{nsid: comatproto.AccountCreateNSID, body: body}))
		})
	}
}

// The longest front part and a long domain are fine together.
func TestCreateAccountAccepts(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for i, changes := range [][]any{
		{"handle", strings.Repeat("j", 18) + ".test"},
		{"handle", "jay.test"},
		{"password", strings.Repeat("ä", 256)},
		{"password", "a"},
	} {
		body := signup(append([]any{"handle", fmt.Sprintf("carol%d.test", i), "email", fmt.Sprintf("%d@example.com", i)}, changes...)...)
		b.do(t, call{nsid: comatproto.ServerCreateAccountNSID, body: body}).wantOK(t)
	}
}

// The names of an account that is not active are taken all the same.
func TestNamesOfInactiveAccounts(t *testing.T) {
	t.Parallel()
	for _, change := range []string{"deactivated_at = 1", "takendown_at = 1"} {
		t.Run(change, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			b.signUp(t)
			b.execute(t, "UPDATE account SET "+change)
			for _, nsid := range signUpNSIDs {
				a := b.do(t, call{nsid: nsid, body: signup("handle", "alice.test")})
				a.wantError(t, 400, "HandleNotAvailable", "Handle already taken: alice.test")
				b.do(t, call{nsid: nsid, body: signup("email", "alice@example.com")}).
					wantInvalid(t, "Email already taken: alice@example.com")
			}
		})
	}
}

// The older lexicon knows of no identity that moves here: what says so is as good as absent.
func TestLegacySignUpMovesNobody(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	body := signup("did", nobody, "plcOp", map[string]any{"type": "plc_operation"})
	s := b.do(t, call{nsid: comatproto.AccountCreateNSID, body: body}).session(t)
	if s.DID == nobody {
		t.Errorf("got the account %s, which is somebody else", s.DID)
	}
	b.wantStatus(t, s, true, true)
	b.wantClaim(t, s, "at://carol.test")
}

// The user's recovery key outranks the server's key.
func TestRecoveryKey(t *testing.T) {
	t.Parallel()
	for _, nsid := range signUpNSIDs {
		t.Run(nsid, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			key, err := b.world.NewSigningKey()
			must(t, err)
			s := b.do(t, call{nsid: nsid, body: signup("recoveryKey", key.Public)}).session(t)
			last, err := b.world.LastOperation(t.Context(), syntax.DID(s.DID))
			must(t, err)
			if got, want := last.Fields.RotationKeys, append([]string{key.Public}, b.world.RotationKeys()...); !slices.Equal(got, want) {
				t.Errorf("rotation keys: got %v, want %v", got, want)
			}
		})
	}
}

// Ten sign-ups race for one handle and one email. One wins, the others learn what is taken.
func TestRacingSignUps(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	answers := race(10, func(i int) answer {
		return b.do(t, call{nsid: signUpNSIDs[i%len(signUpNSIDs)], body: alice})
	})
	won := 0
	for _, a := range answers {
		if a.status == 200 {
			won++
		} else {
			a.wantError(t, 400, "HandleNotAvailable", "Handle already taken: alice.test")
		}
	}
	if won != 1 {
		t.Errorf("successes: got %d, want 1", won)
	}
	b.do(t, call{nsid: comatproto.ServerCreateSessionNSID, body: aliceLogin}).wantOK(t)
}

// Ten sign-ups race for one email, each with a handle of its own.
func TestRacingEmails(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	answers := race(10, func(i int) answer {
		body := signup("handle", fmt.Sprintf("carol%d.test", i))
		return b.do(t, call{nsid: comatproto.ServerCreateAccountNSID, body: body})
	})
	statuses := map[int]int{}
	for _, a := range answers {
		statuses[a.status]++
		if a.status != 200 {
			a.wantError(t, 400, "InvalidRequest", "Email already taken: carol@example.com")
		}
	}
	if want := map[int]int{200: 1, 400: 9}; !maps.Equal(statuses, want) {
		t.Errorf("statuses: got %v, want %v", statuses, want)
	}
}

// race makes n calls at once.
func race(n int, do func(i int) answer) []answer {
	answers := make([]answer, n)
	gate := make(chan struct{})
	var running sync.WaitGroup
	for i := range n {
		running.Go(func() {
			<-gate
			answers[i] = do(i)
		})
	}
	close(gate)
	running.Wait()
	return answers
}
