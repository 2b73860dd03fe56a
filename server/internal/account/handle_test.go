package account_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/server/internal/account"
)

func newPolicy(tb testing.TB, rules account.HandleRules) *account.HandlePolicy {
	tb.Helper()
	policy, err := account.NewHandlePolicy(rules)
	if err != nil {
		tb.Fatal(err)
	}
	return policy
}

// testRules has domains of which one ends with another, and one word more and one
// less than usual.
func testRules() account.HandleRules {
	return account.HandleRules{
		Domains: []string{".test", ".pds.test", ".Long-Domain-Of-A-Server.example.org"},
		Reserve: []string{"Pelican"},
		Release: []string{"dril"},
		Block:   []string{"rude"},
	}
}

func TestHandlePolicyAccepts(t *testing.T) {
	t.Parallel()
	policy := newPolicy(t, testRules())
	for handle, want := range map[syntax.Handle]syntax.Handle{
		"alice.test":                  "alice.test",
		"ALICE.Test":                  "alice.test",
		"bob.test":                    "bob.test",
		"a-1.test":                    "a-1.test",
		"eighteen-letters-x.test":     "eighteen-letters-x.test",
		"eighteen-letters-x.pds.test": "eighteen-letters-x.pds.test",
		"alice.long-domain-of-a-server.example.org": "alice.long-domain-of-a-server.example.org",
		"dril.test":     "dril.test",
		"rudeness.test": "rudeness.test",
		"pelicans.test": "pelicans.test",
	} {
		got, err := policy.Check(handle)
		if err != nil || got != want {
			t.Errorf("Check(%s): got %q, %v, want %q", handle, got, err, want)
		}
	}
}

func TestHandlePolicyRefuses(t *testing.T) {
	t.Parallel()
	const (
		syntaxText   = "handle must be a valid handle"
		tldText      = "Handle TLD is invalid or disallowed"
		wordText     = "Inappropriate language in handle"
		charText     = "Invalid characters in handle"
		shortText    = "Handle too short"
		longText     = "Handle too long"
		reservedText = "Reserved handle"
		domainText   = "Not a supported handle domain"
	)
	tests := []struct {
		handle syntax.Handle
		want   error
		text   string
	}{
		{"", account.ErrHandleInvalid, syntaxText},
		{"test", account.ErrHandleInvalid, syntaxText},
		{"jo_hn.test", account.ErrHandleInvalid, syntaxText},
		{"jo!hn.test", account.ErrHandleInvalid, syntaxText},
		{"did:john", account.ErrHandleInvalid, syntaxText},
		{"john.test.", account.ErrHandleInvalid, syntaxText},
		{"john.test\x00", account.ErrHandleInvalid, syntaxText},
		{"jöhn.test", account.ErrHandleInvalid, syntaxText},
		{".test", account.ErrHandleInvalid, syntaxText},

		{"john.local", account.ErrHandleInvalid, tldText},
		{"john.arpa", account.ErrHandleInvalid, tldText},
		{"john.INVALID", account.ErrHandleInvalid, tldText},
		{"john.localhost", account.ErrHandleInvalid, tldText},
		{"john.internal", account.ErrHandleInvalid, tldText},
		{"john.example", account.ErrHandleInvalid, tldText},
		{"john.alt", account.ErrHandleInvalid, tldText},
		{"john.onion", account.ErrHandleInvalid, tldText},

		{"rude.test", account.ErrHandleInvalid, wordText},
		{"so-rude.test", account.ErrHandleInvalid, wordText},
		{"r-u-d-e.test", account.ErrHandleInvalid, wordText},
		{"rude.example.com", account.ErrHandleInvalid, wordText},

		{"john.doe.test", account.ErrHandleInvalid, charText},
		{"a.b.pds.test", account.ErrHandleInvalid, charText},
		{"jo.test", account.ErrHandleInvalid, shortText},
		{"at.test", account.ErrHandleInvalid, shortText},
		{"nineteen-letters-xx.test", account.ErrHandleInvalid, longText},
		{"nineteen-letters-xx.pds.test", account.ErrHandleInvalid, longText},

		{"about.test", account.ErrReservedHandle, reservedText},
		{"atp.test", account.ErrReservedHandle, reservedText},
		{"BarackObama.test", account.ErrReservedHandle, reservedText},
		{"barack-obama.test", account.ErrReservedHandle, reservedText},
		{"a-dmin.pds.test", account.ErrReservedHandle, reservedText},
		{"pelican.test", account.ErrReservedHandle, reservedText},

		{"john.bsky.io", account.ErrUnsupportedDomain, domainText},
		{"admin.blah", account.ErrUnsupportedDomain, domainText},
		{"john.nottest", account.ErrUnsupportedDomain, domainText},
		{"pds.testing", account.ErrUnsupportedDomain, domainText},
	}
	policy := newPolicy(t, testRules())
	for _, tt := range tests {
		_, err := policy.Check(tt.handle)
		wantError(t, "Check("+string(tt.handle)+")", err, tt.want)
		wantText(t, "Check("+string(tt.handle)+")", err, tt.text)
	}
}

func TestHandlePolicyDomains(t *testing.T) {
	t.Parallel()
	for _, domain := range []string{"", ".", "test", "..test", ".te st", ".test.", ".1", ".localhost", ".service.internal", ".-a.test"} {
		if _, err := account.NewHandlePolicy(account.HandleRules{Domains: []string{domain}}); err == nil {
			t.Errorf("NewHandlePolicy with domain %q succeeded", domain)
		}
	}
	if _, err := account.NewHandlePolicy(account.HandleRules{}); err == nil {
		t.Error("NewHandlePolicy without a domain succeeded")
	}
	policy := newPolicy(t, account.HandleRules{Domains: []string{".Test", ".long.test"}})
	if got := strings.Join(policy.Domains(), " "); got != ".test .long.test" {
		t.Errorf("Domains: got %q, want them in the given order", got)
	}
}

// A handle that passes is one that a server may give: valid, in small letters,
// under its domain, and it passes again.
func FuzzHandlePolicy(f *testing.F) {
	for _, seed := range []string{"alice.test", "ALICE.pds.test", "a.b.test", "about.test", "jo_hn.test", "x.local", "at://alice.test"} {
		f.Add(seed)
	}
	policy := newPolicy(f, testRules())
	f.Fuzz(func(t *testing.T, s string) {
		got, err := policy.Check(syntax.Handle(s))
		if err != nil {
			var refusal *account.Refusal
			if !errors.As(err, &refusal) {
				t.Fatalf("Check(%q): got error %v, want a refusal", s, err)
			}
			return
		}
		if !got.Valid() || string(got) != strings.ToLower(s) || strings.Count(string(got), ".") == 0 {
			t.Errorf("Check(%q): got %q", s, got)
		}
		again, err := policy.Check(got)
		if err != nil || again != got {
			t.Errorf("Check(%q): got %q, %v, want the same", got, again, err)
		}
	})
}
