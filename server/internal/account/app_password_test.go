package account_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/lexgen-go/lexgen/server/internal/account"
)

func TestAppPasswordLogin(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name       string
		privileged bool
		kind       account.SessionKind
		scope      account.Scope
	}{
		{"plain", false, account.SessionApp, "com.atproto.appPass"},
		{"privileged", true, account.SessionPrivileged, "com.atproto.appPassPrivileged"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			secret := b.newAppPassword(t, b.caller(t, b.signUp(t)), "phone", tt.privileged)
			if !regexp.MustCompile(`^[a-z2-7]{4}(-[a-z2-7]{4}){3}$`).MatchString(secret) {
				t.Errorf("app password: got %q, want four groups of four", secret)
			}
			b.now = b.now.Add(time.Minute)
			grant := b.logIn(t, secret)
			for range 2 { // the scope outlives a refresh
				claims, err := b.tokens.VerifyAccess(grant.AccessJWT, b.now)
				wantError(t, "VerifyAccess", err, nil)
				if claims.Scope != tt.scope {
					t.Errorf("scope: got %s, want %s", claims.Scope, tt.scope)
				}
				caller := b.caller(t, grant)
				if caller.Session.Kind != tt.kind || caller.Session.AppPassword != "phone" {
					t.Errorf("session: got %+v, want kind %s by phone", caller.Session, tt.kind)
				}
				grant = b.refresh(t, grant.RefreshJWT)
			}
			list, err := b.ListAppPasswords(t.Context(), b.caller(t, grant))
			wantError(t, "ListAppPasswords", err, nil)
			if len(list) != 1 || !list[0].LastUsedAt.Equal(b.now) {
				t.Errorf("app passwords: got %+v, want one that was used at %s", list, b.now)
			}
		})
	}
}

// An app password is good for its account and in one spelling, and costs as much as any
// other login.
func TestAppPasswordForms(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	secret := b.newAppPassword(t, b.caller(t, b.signUp(t)), "phone", false)
	b.enter(t, "did:plc:bob", "bob.test", "hash of secret")
	tests := []struct{ name, identifier, password string }{
		{"capitals", "alice.test", strings.ToUpper(secret)},
		{"no hyphens", "alice.test", strings.ReplaceAll(secret, "-", "")},
		{"other places for hyphens", "alice.test", "-" + strings.Replace(secret, "-", "", 1)},
		{"space", "alice.test", secret + " "},
		{"another account", "bob.test", secret},
		{"nobody", "nobody.test", secret},
	}
	for _, tt := range tests {
		before := b.hasher.worked
		_, err := b.CreateSession(t.Context(), account.LoginRequest{Identifier: tt.identifier, Password: tt.password})
		wantError(t, tt.name, err, account.ErrInvalidLogin)
		if got := b.hasher.worked - before; got != 1 {
			t.Errorf("%s: got %d verifications, want 1", tt.name, got)
		}
	}
	before := b.hasher.worked
	b.logIn(t, secret)
	if got := b.hasher.worked - before; got != 1 {
		t.Errorf("right app password: got %d verifications, want 1", got)
	}
}

func TestCreateAppPasswordNames(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	caller := b.caller(t, b.signUp(t))
	tests := []struct {
		name, request, want string
		err                 error
	}{
		{"trimmed", "  phone\t", "phone", nil},
		{"taken", "phone", "", account.ErrAppPasswordTaken},
		{"taken but for space", " phone", "", account.ErrAppPasswordTaken},
		{"longest", strings.Repeat("é", 100), strings.Repeat("é", 100), nil},
		{"too long", strings.Repeat("é", 101), "", account.ErrAppPasswordName},
		{"empty", "", "", account.ErrAppPasswordName},
		{"only space", " \n ", "", account.ErrAppPasswordName},
		{"two lines", "a\nb", "", account.ErrAppPasswordName},
		{"no text", "a\xff", "", account.ErrAppPasswordName},
	}
	for _, tt := range tests {
		_, created, err := b.CreateAppPassword(t.Context(), caller, account.AppPasswordRequest{Name: tt.request})
		wantError(t, tt.name, err, tt.err)
		if created.Name != tt.want {
			t.Errorf("%s: got name %q, want %q", tt.name, created.Name, tt.want)
		}
	}
}

func TestCreateAppPasswordLimit(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	caller := b.caller(t, b.signUp(t))
	for i := range 100 {
		b.newAppPassword(t, caller, fmt.Sprint("app ", i), false)
	}
	_, _, err := b.CreateAppPassword(t.Context(), caller, account.AppPasswordRequest{Name: "one more"})
	wantError(t, "CreateAppPassword", err, account.ErrTooManyAppPasswords)
}

// A revoked app password ends its sessions and no other, and its owner hears of it.
func TestRevokeAppPassword(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	own := b.signUp(t)
	caller := b.caller(t, own)
	phone, tablet := b.newAppPassword(t, caller, "phone", false), b.newAppPassword(t, caller, "tablet", false)
	onPhone, onTablet := b.logIn(t, phone), b.logIn(t, tablet)
	b.newMails(t)
	for range 2 {
		wantError(t, "RevokeAppPassword", b.RevokeAppPassword(t.Context(), caller, "phone", account.Client{}), nil)
	}
	b.wantMails(t, "App password revoked")
	_, err := b.RefreshSession(t.Context(), onPhone.RefreshJWT)
	wantText(t, "RefreshSession", err, "Token has been revoked")
	_, err = b.Authenticate(t.Context(), onPhone.AccessJWT)
	wantError(t, "Authenticate", err, account.ErrTokenRevoked)
	_, err = b.CreateSession(t.Context(), account.LoginRequest{Identifier: "alice.test", Password: phone})
	wantError(t, "CreateSession", err, account.ErrInvalidLogin)
	b.refresh(t, onTablet.RefreshJWT)
	b.refresh(t, own.RefreshJWT)
}

// Under the stricter policy the session of an app password knows of no other.
func TestConfineAppPasswords(t *testing.T) {
	t.Parallel()
	for _, confined := range []bool{false, true} {
		t.Run(fmt.Sprintf("confined %t", confined), func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			b.Policy.ConfineAppPasswords = confined
			owner := b.caller(t, b.signUp(t))
			app := b.caller(t, b.logIn(t, b.newAppPassword(t, owner, "phone", false)))
			b.newAppPassword(t, owner, "tablet", false)

			wantCount := map[bool]int{false: 2, true: 1}[confined]
			list, err := b.ListAppPasswords(t.Context(), app)
			if err != nil || len(list) != wantCount {
				t.Errorf("list of the app: got %v, %v, want %d", list, err, wantCount)
			}
			wantRefusal := map[bool]error{false: nil, true: account.ErrBadScope}[confined]
			wantError(t, "revoke another", b.RevokeAppPassword(t.Context(), app, "tablet", account.Client{}), wantRefusal)
			wantError(t, "revoke one's own", b.RevokeAppPassword(t.Context(), app, "phone", account.Client{}), nil)
			wantLeft := map[bool]int{false: 0, true: 1}[confined]
			if list, err := b.ListAppPasswords(t.Context(), owner); err != nil || len(list) != wantLeft {
				t.Errorf("list of the owner: got %v, %v, want %d", list, err, wantLeft)
			}
		})
	}
}
