package mail_test

import (
	"errors"
	"io"
	"mime"
	"mime/multipart"
	netmail "net/mail"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/lexgen-go/lexgen/server/internal/account"
	"github.com/lexgen-go/lexgen/server/internal/mail"
)

var date = time.Date(2026, 1, 2, 3, 4, 5, 6, time.UTC)

// checkMessage reads a message as a mail program does and compares it with what was sent.
func checkMessage(t *testing.T, message string, want account.Mail) {
	t.Helper()
	parsed, err := netmail.ReadMessage(strings.NewReader(message))
	if err != nil {
		t.Fatal(err)
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(parsed.Header.Get("Subject"))
	if err != nil {
		t.Fatal(err)
	}
	parts := readParts(t, parsed)
	got := account.Mail{
		To: parsed.Header.Get("To"), Subject: subject, Text: parts["text/plain"], HTML: parts["text/html"],
	}
	want.To = "<" + want.To + ">"
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("mail (-want +got):\n%s", diff)
	}
	checkHeader(t, parsed.Header)
}

// checkHeader checks what is the same in all messages.
func checkHeader(t *testing.T, header netmail.Header) {
	t.Helper()
	if sent, err := header.Date(); err != nil || !sent.Equal(date.Truncate(time.Second)) {
		t.Errorf("date %v (%v), want %v", sent, err, date)
	}
	if got := header.Get("From"); got != `"Example Server" <noreply@example.com>` {
		t.Errorf("from %s", got)
	}
	if got := header.Get("Auto-Submitted"); got != "auto-generated" {
		t.Errorf("auto-submitted: %q", got)
	}
	if got := header.Get("Message-Id"); !strings.HasSuffix(got, "@example.com>") || len(got) < 30 {
		t.Errorf("message id %q", got)
	}
}

// readParts returns the decoded parts of a message by media type, with lines that end as ours.
func readParts(t *testing.T, message *netmail.Message) map[string]string {
	t.Helper()
	kind, params, err := mime.ParseMediaType(message.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/alternative" {
		t.Fatalf("content type %q: %v", kind, err)
	}
	parts := make(map[string]string)
	reader := multipart.NewReader(message.Body, params["boundary"])
	for {
		part, err := reader.NextPart() // decodes quoted-printable
		if errors.Is(err, io.EOF) {
			return parts
		}
		if err != nil {
			t.Fatal(err)
		}
		kind, params, err := mime.ParseMediaType(part.Header.Get("Content-Type"))
		if err != nil || !strings.EqualFold(params["charset"], "utf-8") {
			t.Fatalf("content type of a part: %q %v %v", kind, params, err)
		}
		content, err := io.ReadAll(part)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Count(string(content), "\n") != strings.Count(string(content), "\r\n") {
			t.Errorf("%s has bare line feeds", kind)
		}
		parts[kind] = strings.ReplaceAll(string(content), "\r\n", "\n")
	}
}

func TestSubjects(t *testing.T) {
	t.Parallel()
	for _, subject := range []string{
		"",
		"Email Confirmation",
		"Änderung: 验证码 ✓",
		strings.Repeat("Eine lange Überschrift ", 20) + "!",
		strings.Repeat("long words ", 20) + "!",
	} {
		server := (&mailServer{}).start(t)
		m := letter
		m.Subject = subject
		if err := newSMTP(t, urlOf("smtp", server.address, "", ""), nil).Send(t.Context(), m); err != nil {
			t.Fatal(err)
		}
		checkMessage(t, server.mails()[0].message, m)
	}
}

func TestBadMails(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, to, subject string
	}{
		{"no recipient", "", "s"},
		{"no address", "someone", "s"},
		{"line break in recipient", "a@example.org\r\nBcc: b@example.org", "s"},
		{"line feed in recipient", "a@example.org\nBcc: b@example.org", "s"},
		{"folded recipient", "a@example.org\r\n ", "s"},
		{"two recipients", "a@example.org, b@example.org", "s"},
		{"recipient with name", "A <a@example.org>", "s"},
		{"recipient in brackets", "<a@example.org>", "s"},
		{"recipient with comment", "a@example.org (a)", "s"},
		{"quoted recipient", `"a b"@example.org`, "s"},
		{"recipient beyond ASCII", "ä@example.org", "s"},
		{"long recipient", "a@" + strings.Repeat("example.", 40) + "org", "s"},
		{"line break in subject", "a@example.org", "s\r\nBcc: b@example.org"},
		{"carriage return in subject", "a@example.org", "s\rBcc: b@example.org"},
		{"NUL in subject", "a@example.org", "s\x00"},
	}
	server := (&mailServer{}).start(t)
	path := t.TempDir()
	folder, err := mail.NewFolder(path, from, func() time.Time { return date })
	if err != nil {
		t.Fatal(err)
	}
	mailers := map[string]account.Mailer{"SMTP": newSMTP(t, urlOf("smtp", server.address, "", ""), nil), "folder": folder}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			for name, mailer := range mailers {
				err := mailer.Send(t.Context(), account.Mail{To: test.to, Subject: test.subject, Text: "t", HTML: "h"})
				if !errors.Is(err, account.ErrMailRefused) {
					t.Errorf("%s: got %v, want a refusal", name, err)
				}
			}
		})
	}
	if files, err := os.ReadDir(path); len(server.mails()) != 0 || len(files) != 0 || err != nil {
		t.Errorf("%d mails were sent and %d written (%v)", len(server.mails()), len(files), err)
	}
}
