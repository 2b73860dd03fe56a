package account

import (
	"regexp"
	"strings"
	"testing"
	"time"
)

// Programs and people know these letters by their subjects and by these words.
func TestTokenLetters(t *testing.T) {
	t.Parallel()
	tests := []struct {
		purpose EmailPurpose
		subject string
		html    []string
	}{
		{PurposeResetPassword, "Password Reset Requested", []string{"Reset password", "alice.test"}},
		{PurposeDeleteAccount, "Account Deletion Requested", []string{"To permanently delete your account"}},
		{PurposeConfirmEmail, "Email Confirmation", []string{"Confirm your email"}},
		{PurposeUpdateEmail, "Email Update Requested", []string{"Update your email"}},
		{PurposePLCOperation, "PLC Update Operation Requested", []string{"PLC update requested", "We received a request to update your PLC"}},
		{PurposeAuthFactor, "Sign In Code", nil},
	}
	for _, tt := range tests {
		t.Run(string(tt.purpose), func(t *testing.T) {
			t.Parallel()
			mail := write(t, tokenLetter(tt.purpose, "ABCDE-FGH23"))
			if mail.Subject != tt.subject {
				t.Errorf("subject: got %q, want %q", mail.Subject, tt.subject)
			}
			for _, want := range tt.html {
				if !strings.Contains(mail.HTML, want) {
					t.Errorf("HTML: got %s, want it to have %q", mail.HTML, want)
				}
			}
			// Programs look for the code alone in its element.
			codes := regexp.MustCompile(`(?i)>([a-z0-9]{5}-[a-z0-9]{5})<`).FindAllStringSubmatch(mail.HTML, -1)
			if len(codes) != 1 || codes[0][1] != "ABCDE-FGH23" {
				t.Errorf("codes in the HTML: got %v, want one", codes)
			}
			for _, want := range []string{"\n    ABCDE-FGH23\n", "15 minutes", "Hello @alice.test,", "\n-- \npds.test\n"} {
				if !strings.Contains(mail.Text, want) {
					t.Errorf("text: got %s, want it to have %q", mail.Text, want)
				}
			}
		})
	}
}

func TestNotices(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 3, 1, 13, 4, 5, 0, time.FixedZone("", 3600))
	client := Client{IP: "192.0.2.1", UserAgent: "app <1>"}
	tests := []struct {
		name   string
		letter letter
		want   string
	}{
		{"login", newLoginNotice(client, at), `on 1 March 2026 at 12:04 UTC from the address 192.0.2.1 with "app <1>".`},
		{"login of a client that says nothing", newLoginNotice(Client{}, at), "on 1 March 2026 at 12:04 UTC."},
		{"app password", appPasswordCreatedNotice("phone"), `"phone" was created`},
		{"app password revoked", appPasswordRevokedNotice("phone"), `"phone" was revoked`},
		{"password", passwordChangedNotice(nil), "The password of your account was changed"},
		{"password, with app passwords", passwordChangedNotice([]AppPassword{{Name: "phone"}, {Name: "web"}}), "- phone\n- web\n"},
		{"email", emailChangedNotice(Account{}, "new@example.com"), "is new@example.com now"},
		{"email and with it factor off", emailChangedNotice(Account{EmailAuthFactor: true}, "new@example.com"), "Sign in codes are turned off with that"},
		{"factor on", authFactorNotice(true), "also needs a code"},
		{"factor off", authFactorNotice(false), "your password is enough"},
		{"handle", handleChangedNotice("old.test"), "it was @old.test."},
		{"handle where there was none", handleChangedNotice(""), "it was @handle.invalid."},
		{"deactivated", deactivatedNotice(time.Time{}), "until you activate it"},
		{"deactivated with a deadline", deactivatedNotice(at), "deleted for good after 1 March 2026 at 12:04 UTC"},
		{"activated", activatedNotice(), "Your account is active."},
		{"operation", operationSignedNotice(), "changes your PLC identity"},
		{"token replayed", tokenReplayedNotice(Session{CreatedAt: at, Client: client}), `on 1 March 2026 at 12:04 UTC from the address 192.0.2.1 with "app <1>" was logged out`},
		{"farewell", farewellNotice(), "was deleted from this server"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			mail := write(t, tt.letter)
			if !strings.Contains(mail.Text, tt.want) {
				t.Errorf("text: got %s, want it to have %q", mail.Text, tt.want)
			}
			if !strings.Contains(mail.Text, "If that was not you, ") {
				t.Errorf("text: got %s, want it to say what to do", mail.Text)
			}
			if strings.Contains(mail.HTML, "<1>") {
				t.Errorf("HTML: got %s, want it escaped", mail.HTML)
			}
		})
	}
}

// A letter reads as it should, down to the empty lines.
func TestLetterText(t *testing.T) {
	t.Parallel()
	want := `Hello @alice.test,

before

    ABCDE-FGH23

after

the end
`
	mail, err := letter{lead: []string{"before"}, code: "ABCDE-FGH23", rest: []string{"after", "the end"}}.to(Account{Handle: "alice.test"}, "")
	if err != nil {
		t.Fatal(err)
	}
	if mail.Text != want {
		t.Errorf("got %q, want %q", mail.Text, want)
	}
}

func write(t *testing.T, l letter) Mail {
	t.Helper()
	mail, err := l.to(Account{Handle: "alice.test", Email: "alice@example.com"}, "pds.test")
	if err != nil {
		t.Fatal(err)
	}
	if mail.To != "alice@example.com" || mail.Subject == "" {
		t.Errorf("got mail to %q with subject %q, want one to alice", mail.To, mail.Subject)
	}
	return mail
}
