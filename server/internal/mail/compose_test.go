package mail

import (
	"errors"
	"io"
	"maps"
	"net/mail"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	gomail "github.com/wneessen/go-mail"

	"github.com/lexgen-go/lexgen/server/internal/account"
)

// FuzzCompose checks that no recipient and no subject adds a header or a recipient, and that
// no text ends the message.
func FuzzCompose(f *testing.F) {
	f.Add("someone@example.org", "Email Confirmation", "code")
	f.Add("a@example.org\r\nBcc: b@example.org", "s\r\n\r\nbody", "\n.\n")
	f.Add("a@example.org", "=?utf-8?q?=0D=0ABcc:?= \u2028 ü\xff"+strings.Repeat("x", 2000), "\r--\r\n")
	sender := &mail.Address{Name: "Example", Address: "noreply@example.com"}
	f.Fuzz(func(t *testing.T, to, subject, text string) {
		m := account.Mail{To: to, Subject: subject, Text: text, HTML: text}
		message, err := compose(sender, m, time.Unix(0, 0), gomail.EncodingQP)
		if errors.Is(err, account.ErrMailRefused) {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		var written strings.Builder
		if _, err := message.WriteTo(&written); err != nil {
			t.Fatal(err)
		}
		checkHeaders(t, written.String(), to)
	})
}

func checkHeaders(t *testing.T, message, to string) {
	t.Helper()
	parsed, err := mail.ReadMessage(strings.NewReader(message))
	if err != nil {
		t.Fatal(err)
	}
	for name, values := range parsed.Header {
		if len(values) != 1 {
			t.Errorf("%d headers %s", len(values), name)
		}
	}
	want := []string{
		"Auto-Submitted", "Content-Type", "Date", "From", "Message-Id", "Mime-Version", "Subject", "To",
	}
	if diff := cmp.Diff(want, slices.Sorted(maps.Keys(parsed.Header))); diff != "" {
		t.Errorf("headers (-want +got):\n%s", diff)
	}
	if list, err := parsed.Header.AddressList("To"); err != nil || len(list) != 1 || list[0].Address != to {
		t.Errorf("recipients %v (%v), want %s", list, err, to)
	}
	body, err := io.ReadAll(parsed.Body)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Count(string(body), "\n") != strings.Count(string(body), "\r\n") {
		t.Errorf("the body has bare line feeds:\n%q", body)
	}
}
