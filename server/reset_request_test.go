package main

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/lexgen-go/lexgen/generated/comatproto"
	"github.com/lexgen-go/lexgen/runtime/xrpc"
)

// Who was told that a request for a reset is taken gets the mail, also if the server goes down before it
// looks whose the address is.
func TestResetRequestBeforeRestart(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	startWithAccount(t, folder)
	c, err := parseConfig([]string{"--listen", "127.0.0.1:0", "--data", folder}, env(nil))
	must(t, err)
	p, err := newProgram(t.Context(), c, &logbook{}) // which does nothing but answer, as it does not run
	must(t, err)
	for _, email := range []string{aliceEmail, "nobody@example.com"} {
		r := httptest.NewRequest("POST", xrpc.PathPrefix+comatproto.ServerRequestPasswordResetNSID, strings.NewReader(`{"email":"`+email+`"}`))
		r.Header.Set("Content-Type", "application/json")
		w := httptest.NewRecorder()
		p.servers[0].Handler.ServeHTTP(w, r)
		if w.Code != http.StatusOK || w.Body.Len() != 0 {
			t.Errorf("request for %s: got %d %s", email, w.Code, w.Body)
		}
	}
	counts, err := p.store.Counts(t.Context())
	must(t, err)
	if counts.Mails != 0 {
		t.Errorf("got %d mails before the restart, want none yet", counts.Mails)
	}
	must(t, p.Close())

	s := startServer(t, folder)
	reset := &comatproto.ServerResetPasswordInput{Token: s.mailedToken(t, subjectReset), Password: "new password"}
	must(t, client(s.url, "").ResetPassword(t.Context(), reset))
}

// Requests for resets do not wait for the mails before them to be sent.
func TestResetsBesideSlowMails(t *testing.T) {
	t.Parallel()
	a := newArena(t, nil)
	came, letGo := a.mails.hold()
	defer letGo()
	joined := a.join(t, "alice.test")
	_, err := client(a.url, joined.AccessJWT).CreateAppPassword(t.Context(), &comatproto.ServerCreateAppPasswordInput{Name: appName})
	must(t, err)
	<-came
	must(t, client(a.url, "").RequestPasswordReset(t.Context(), &comatproto.ServerRequestPasswordResetInput{Email: emailOf("alice.test")}))
	if !eventually(t, func() bool {
		counts, err := a.store.Counts(t.Context())
		must(t, err)
		return counts.Mails == 2
	}) {
		t.Error("the mail of a reset is not queued as long as another one is sent")
	}
}
