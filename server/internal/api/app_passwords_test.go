package api_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/lexgen-go/lexgen/generated/comatproto"
	"github.com/lexgen-go/lexgen/server/internal/account"
	"github.com/lexgen-go/lexgen/server/internal/api"
)

func TestCreateAppPassword(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		body       string
		privileged bool
		scope      string
	}{
		{`{"name":"phone"}`, false, "com.atproto.appPass"},
		{`{"name":"phone","privileged":false}`, false, "com.atproto.appPass"},
		{`{"name":"phone","privileged":true}`, true, "com.atproto.appPassPrivileged"},
	} {
		t.Run(test.body, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			s := b.signUp(t)
			a := b.as(t, s.AccessJWT, comatproto.ServerCreateAppPasswordNSID, test.body).wantSecret(t)
			secret := a.text(t, "password")
			if !regexp.MustCompile(`^[a-z2-7]{4}(-[a-z2-7]{4}){3}$`).MatchString(secret) {
				t.Errorf("secret: got %s", secret)
			}
			a.wantBody(t, fmt.Sprintf(`{"name":"phone","password":%q,"createdAt":"2026-03-01T12:00:00.000Z","privileged":%v}`, secret, test.privileged))
			opened := b.logIn(t, secret).session(t)
			refreshed := b.refresh(t, opened.RefreshJWT).session(t)
			for _, token := range []string{opened.AccessJWT, refreshed.AccessJWT} {
				if got := scope(t, token); got != test.scope {
					t.Errorf("scope: got %s, want %s", got, test.scope)
				}
			}
			badScope.check(t, b.as(t, refreshed.AccessJWT, comatproto.ServerCreateAppPasswordNSID, `{"name":"other"}`))
		})
	}
}

// The owner is told of an app password, not what it is. One that was refused is none.
func TestCreateAppPasswordNotice(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	s := b.signUp(t)
	secret := b.appPassword(t, s, "phone", true)
	b.as(t, s.AccessJWT, comatproto.ServerCreateAppPasswordNSID, `{"name":"phone"}`).
		wantInvalid(t, "An app password with this name already exists")
	mail := b.mail(t, "App password created", "alice@example.com", "phone")
	if strings.Contains(mail.Text, secret) || strings.Contains(mail.HTML, secret) {
		t.Errorf("the mail shows the app password: got %s", mail.Text)
	}
	if got := len(b.mails(t, "App password created")); got != 1 {
		t.Errorf("mails: got %d, want 1", got)
	}
}

func TestCreateAppPasswordRefuses(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	s := b.signUp(t)
	b.appPassword(t, s, "phone", false)
	create := func(name string) answer {
		return b.as(t, s.AccessJWT, comatproto.ServerCreateAppPasswordNSID, object("name", name))
	}
	create("phone").wantInvalid(t, "An app password with this name already exists")
	create(" phone ").wantInvalid(t, "An app password with this name already exists")
	for _, name := range []string{"", " ", strings.Repeat("ä", 101), "a\nb"} {
		create(name).wantInvalid(t, "App password name must have 1 to 100 characters")
	}
	create(strings.Repeat("ä", 100)).wantOK(t)
}

func TestListAppPasswords(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	s := b.signUp(t)
	list := func(token string) answer { return b.ask(t, token, comatproto.ServerListAppPasswordsNSID, "") }
	list(s.AccessJWT).wantBody(t, `{"passwords":[]}`)
	b.appPassword(t, s, "old", false)
	b.pass(time.Second)
	b.appPassword(t, s, "new", true)
	list(s.AccessJWT).wantBody(t, `{"passwords":[`+
		`{"name":"new","createdAt":"2026-03-01T12:00:01.000Z","privileged":true},`+
		`{"name":"old","createdAt":"2026-03-01T12:00:00.000Z","privileged":false}]}`)
}

func TestRevokeAppPassword(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	s := b.signUp(t)
	secret := b.appPassword(t, s, "phone", false)
	kept := b.appPassword(t, s, "tablet", false)
	phone, tablet := b.logIn(t, secret).session(t), b.logIn(t, kept).session(t)
	for range 2 { // it need not be there
		b.as(t, tablet.AccessJWT, comatproto.ServerRevokeAppPasswordNSID, `{"name":"phone"}`).wantBody(t, "")
	}
	b.refresh(t, phone.RefreshJWT).wantError(t, 400, "ExpiredToken", "Token has been revoked")
	b.getSession(t, phone.AccessJWT).wantError(t, 400, "ExpiredToken", "Token has been revoked")
	b.logIn(t, secret).wantError(t, 401, "AuthenticationRequired", "Invalid identifier or password")
	b.refresh(t, tablet.RefreshJWT).wantOK(t)
	b.logIn(t, kept).wantOK(t)
	b.refresh(t, s.RefreshJWT).wantOK(t)
}

// An operator may keep app passwords from seeing and revoking each other.
func TestConfinedAppPasswords(t *testing.T) {
	t.Parallel()
	b := newBench(t, func(s *account.Service, _ *api.Config) { s.Policy.ConfineAppPasswords = true })
	s := b.signUp(t)
	phone := b.logIn(t, b.appPassword(t, s, "phone", false)).session(t)
	b.appPassword(t, s, "tablet", false)
	b.ask(t, phone.AccessJWT, comatproto.ServerListAppPasswordsNSID, "").
		wantBody(t, `{"passwords":[{"name":"phone","createdAt":"2026-03-01T12:00:00.000Z","privileged":false}]}`)
	badScope.check(t, b.as(t, phone.AccessJWT, comatproto.ServerRevokeAppPasswordNSID, `{"name":"tablet"}`))
	b.as(t, phone.AccessJWT, comatproto.ServerRevokeAppPasswordNSID, `{"name":"phone"}`).wantOK(t)
}
