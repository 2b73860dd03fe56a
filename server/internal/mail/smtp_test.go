package mail_test

import (
	"context"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/lexgen-go/lexgen/server/internal/account"
	"github.com/lexgen-go/lexgen/server/internal/mail"
)

const from = "Example Server <noreply@example.com>"

var letter = account.Mail{
	To:      "someone@example.org",
	Subject: "Password Reset Requested",
	Text:    "Hello,\n\nyour code is\n\nABCDE-FGHIJ\n\n.\nGood bye = ü\n",
	HTML:    "<p>your code is <code>ABCDE-FGHIJ</code></p>" + strings.Repeat("<p>ü</p>", 50),
}

// urlOf returns the URL of a server, with a login if a password is given.
func urlOf(scheme, address, password, query string) string {
	u := url.URL{Scheme: scheme, Host: address, RawQuery: query}
	if password != "" {
		u.User = url.UserPassword(user, password)
	}
	return u.String()
}

func newSMTP(t *testing.T, url string, change func(*mail.Config)) *mail.SMTP {
	t.Helper()
	config := mail.Config{URL: url, From: from, Timeout: 10 * time.Second, Now: func() time.Time { return date }}
	if change != nil {
		change(&config)
	}
	s, err := mail.NewSMTP(config)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestSend(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name      string
		server    mailServer
		scheme    string
		password  string
		query     string
		encrypted bool
	}{
		{name: "plain on this machine", scheme: "smtp"},
		{name: "plain although TLS is offered", server: mailServer{certificate: true}, scheme: "smtp"},
		{name: "STARTTLS", server: mailServer{certificate: true}, scheme: "smtp", query: "tls=mandatory", encrypted: true},
		{
			name: "opportunity taken", server: mailServer{certificate: true},
			scheme: "smtp", query: "tls=opportunistic", encrypted: true,
		},
		{name: "no opportunity", scheme: "smtp", query: "tls=opportunistic"},
		{
			name: "TLS from the first byte on", server: mailServer{certificate: true, implicit: true},
			scheme: "smtps", encrypted: true,
		},
		{name: "login on this machine", server: mailServer{login: true}, scheme: "smtp", password: password},
		{
			name: "login after STARTTLS", server: mailServer{certificate: true, login: true},
			scheme: "smtp", password: password, query: "tls=mandatory", encrypted: true,
		},
		{
			name: "login over TLS", server: mailServer{certificate: true, implicit: true, login: true},
			scheme: "smtps", password: password, encrypted: true,
		},
	}
	for i := range tests {
		test := &tests[i]
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			server := test.server.start(t)
			s := newSMTP(t, urlOf(test.scheme, server.address, test.password, test.query), func(c *mail.Config) {
				c.RootCAs = server.roots
			})
			if err := s.Send(t.Context(), letter); err != nil {
				t.Fatal(err)
			}
			mails := server.mails()
			if len(mails) != 1 {
				t.Fatalf("%d mails arrived, want 1", len(mails))
			}
			got := mails[0]
			if got.from != "noreply@example.com" || got.to != letter.To || got.encrypted != test.encrypted {
				t.Errorf("from %s to %s, encrypted: %t", got.from, got.to, got.encrypted)
			}
			if got.utf8 {
				t.Error("the mail asks for SMTPUTF8 without need")
			}
			checkMessage(t, got.message, letter)
		})
	}
}

func TestSendFails(t *testing.T) {
	t.Parallel()
	refuse := func(code int) func(string) error {
		return func(to string) error { return answer(code, "not for "+to) }
	}
	tests := []struct {
		name     string
		server   mailServer
		password string
		query    string
		refused  bool
		want     string
	}{
		{name: "recipient refused", server: mailServer{onRecipient: refuse(550)}, refused: true, want: "550"},
		{name: "recipient deferred", server: mailServer{onRecipient: refuse(451)}, want: "451"},
		{
			name:   "message deferred",
			server: mailServer{onData: func() error { return answer(451, "try again") }}, want: "451",
		},
		{
			name:   "message refused",
			server: mailServer{onData: func() error { return answer(554, "no") }}, want: "554",
		},
		{name: "login needed", server: mailServer{login: true}, want: "502"},
		{name: "wrong password", server: mailServer{login: true}, password: "wrong-password", want: "535"},
		{
			name: "server repeats the password",
			server: mailServer{login: true, onPassword: func(password string) error {
				return answer(535, "your password is not "+password)
			}},
			password: "wrong-password", want: "535",
		},
		{name: "STARTTLS is missing", query: "tls=mandatory", want: "STARTTLS"},
	}
	for i := range tests {
		test := &tests[i]
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			server := test.server.start(t)
			err := newSMTP(t, urlOf("smtp", server.address, test.password, test.query), nil).Send(t.Context(), letter)
			if err == nil {
				t.Fatal("no error")
			}
			if got := errors.Is(err, account.ErrMailRefused); got != test.refused {
				t.Errorf("%q is a refusal: %t, want %t", err, got, test.refused)
			}
			if !strings.Contains(err.Error(), test.want) {
				t.Errorf("%q does not contain %q", err, test.want)
			}
			for _, secret := range []string{"wrong-password", letter.To, "ABCDE-FGHIJ"} {
				if strings.Contains(err.Error(), secret) {
					t.Errorf("%q contains %q", err, secret)
				}
			}
			if n := len(server.mails()); n != 0 {
				t.Errorf("%d mails arrived", n)
			}
		})
	}
}

func TestStrangersCertificate(t *testing.T) {
	t.Parallel()
	for _, implicit := range []bool{false, true} {
		server := (&mailServer{certificate: true, implicit: implicit}).start(t)
		target := urlOf("smtp", server.address, "", "tls=opportunistic")
		if implicit {
			target = urlOf("smtps", server.address, "", "")
		}
		err := newSMTP(t, target, nil).Send(t.Context(), letter)
		if _, ok := errors.AsType[x509.UnknownAuthorityError](err); !ok {
			t.Errorf("TLS from the first byte on: %t: got %v, want an unknown authority", implicit, err)
		}
		if n := len(server.mails()); n != 0 {
			t.Errorf("%d mails arrived", n)
		}
	}
}

func TestServerIsDown(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	listener.Close()
	err = newSMTP(t, urlOf("smtp", listener.Addr().String(), password, ""), nil).Send(t.Context(), letter)
	if err == nil || errors.Is(err, account.ErrMailRefused) || strings.Contains(err.Error(), password) {
		t.Errorf("got %v, want an error that the mail may be sent again after", err)
	}
}

func TestTimeout(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name     string
		greeting string
		pairs    [][2]string
	}{
		{"no greeting", "", [][2]string{{"never", ""}}},
		{"no answer to EHLO", "220 hello\r\n", [][2]string{{"never", ""}}},
		{"no answer to MAIL", "220 hello\r\n", [][2]string{{"EHLO", "250 hello\r\n"}, {"never", ""}}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			address := startScript(t, test.greeting, test.pairs...)
			s := newSMTP(t, urlOf("smtp", address, "", ""), func(c *mail.Config) { c.Timeout = 50 * time.Millisecond })
			if err := s.Send(t.Context(), letter); !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("got %v, want a deadline that is exceeded", err)
			}
		})
	}
}

func TestCancel(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	server := (&mailServer{onRecipient: func(string) error {
		cancel()
		return answer(451, "too late")
	}}).start(t)
	err := newSMTP(t, urlOf("smtp", server.address, "", ""), nil).Send(ctx, letter)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want a canceled context", err)
	}
}

// TestServerHangsUp checks that a mail that the server has taken is not sent again only
// because the connection broke after that.
func TestServerHangsUp(t *testing.T) {
	t.Parallel()
	conversation := [][2]string{
		{"EHLO", "250 hello\r\n"},
		{"MAIL", "250 ok\r\n"},
		{"RCPT", "250 ok\r\n"},
		{"DATA", "354 go on\r\n"},
		{".\r\n", "250 taken\r\n"},
	}
	for length := range len(conversation) + 1 {
		address := startScript(t, "220 hello\r\n", conversation[:length]...)
		err := newSMTP(t, urlOf("smtp", address, "", ""), nil).Send(t.Context(), letter)
		if taken := length == len(conversation); (err == nil) != taken || errors.Is(err, account.ErrMailRefused) {
			t.Errorf("after %d answers: %v", length, err)
		}
	}
}

// TestUnusualServers talks to servers that break the rules in the hope that an error repeats
// what they say.
func TestUnusualServers(t *testing.T) {
	t.Parallel()
	echo := base64.StdEncoding.EncodeToString([]byte(password))
	tests := []struct {
		name  string
		pairs [][2]string
	}{
		{"challenge that is the password", [][2]string{
			{"EHLO", "250-hello\r\n250 AUTH LOGIN\r\n"}, {"AUTH", "334 " + echo + "\r\n"}, {"never", ""},
		}},
		{"answer without a number", [][2]string{
			{"EHLO", "250-hello\r\n250 AUTH PLAIN\r\n"}, {"AUTH", password + "\r\n"}, {"never", ""},
		}},
		{"no mechanism that we know", [][2]string{{"EHLO", "250-hello\r\n250 AUTH X\r\n"}, {"never", ""}}},
		{"no login", [][2]string{{"EHLO", "250 hello\r\n"}, {"never", ""}}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			address := startScript(t, "220 hello\r\n", test.pairs...)
			s := newSMTP(t, urlOf("smtp", address, password, ""), func(c *mail.Config) { c.Timeout = time.Second })
			err := s.Send(t.Context(), letter)
			if err == nil || errors.Is(err, account.ErrMailRefused) {
				t.Fatalf("got %v, want an error that the mail may be sent again after", err)
			}
			for _, secret := range []string{password, echo} {
				if strings.Contains(err.Error(), secret) {
					t.Errorf("%q contains the password", err)
				}
			}
		})
	}
}

func TestSendAtOnce(t *testing.T) {
	t.Parallel()
	server := (&mailServer{login: true}).start(t)
	s := newSMTP(t, urlOf("smtp", server.address, password, ""), nil)
	var group sync.WaitGroup
	for i := range 10 {
		group.Go(func() {
			m := letter
			m.To = fmt.Sprintf("someone%d@example.org", i)
			if err := s.Send(t.Context(), m); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	recipients := make(map[string]bool)
	for _, m := range server.mails() {
		recipients[m.to] = true
	}
	if len(recipients) != 10 {
		t.Errorf("mail arrived for %d recipients, want 10", len(recipients))
	}
}

func TestBadConfig(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, url, from string
	}{
		{"malformed URL", "smtp://user:secret%@host", from},
		{"password with a slash", "smtp://user:secret/word@host", from},
		{"no scheme", "host:587", from},
		{"other scheme", "https://user:secret@host", from},
		{"no host", "smtp://user:secret@", from},
		{"path", "smtp://user:secret@host/inbox", from},
		{"fragment", "smtp://user:secret@host#x", from},
		{"port 0", "smtp://user:secret@host:0", from},
		{"large port", "smtp://user:secret@host:70000", from},
		{"unknown policy", "smtp://user:secret@host?tls=maybe", from},
		{"empty policy", "smtp://user:secret@host?tls=", from},
		{"two policies", "smtp://user:secret@host?tls=none&tls=mandatory", from},
		{"unknown parameter", "smtp://user:secret@host?secret=1", from},
		{"malformed parameter", "smtp://user:secret@host?tls=%zz", from},
		{"policy for smtps", "smtps://user:secret@host?tls=none", from},
		{"password in the clear", "smtp://user:secret@host?tls=none", from},
		{"user without password", "smtp://secret@host", from},
		{"password without user", "smtp://:secret@host", from},
		{"no sender", "smtp://user:secret@host", ""},
		{"bad sender", "smtp://user:secret@host", "nobody"},
		{"sender with a line break", "smtp://user:secret@host", "a\r\n <a@example.com>"},
		{"two senders", "smtp://user:secret@host", "a@example.com, b@example.com"},
		{"sender beyond ASCII", "smtp://user:secret@host", "ä@example.com"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			_, err := mail.NewSMTP(mail.Config{URL: test.url, From: test.from})
			if err == nil {
				t.Fatal("no error")
			}
			if strings.Contains(err.Error(), "secret") {
				t.Errorf("%q contains the password", err)
			}
		})
	}
}
