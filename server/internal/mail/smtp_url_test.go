package mail

import (
	"testing"

	gomail "github.com/wneessen/go-mail"
)

func TestParseURL(t *testing.T) {
	t.Parallel()
	tests := []struct {
		url  string
		want server
	}{
		{"smtp://mail.example.com", server{host: "mail.example.com", port: 587, startTLS: gomail.TLSMandatory}},
		{"smtp://mail.example.com/", server{host: "mail.example.com", port: 587, startTLS: gomail.TLSMandatory}},
		{"smtp://192.0.2.1:25", server{host: "192.0.2.1", port: 25, startTLS: gomail.TLSMandatory}},
		{"smtp://[2001:db8::1]:25", server{host: "2001:db8::1", port: 25, startTLS: gomail.TLSMandatory}},
		{"smtp://localhost:1025", server{host: "localhost", port: 1025, startTLS: gomail.NoTLS}},
		{"smtp://127.0.0.1", server{host: "127.0.0.1", port: 587, startTLS: gomail.NoTLS}},
		{"smtp://[::1]", server{host: "::1", port: 587, startTLS: gomail.NoTLS}},
		{"smtp://localhost?tls=mandatory", server{host: "localhost", port: 587, startTLS: gomail.TLSMandatory}},
		{"smtp://mail.example.com?tls=none", server{host: "mail.example.com", port: 587, startTLS: gomail.NoTLS}},
		{
			"smtp://u%40example.com:p%2F%3A%40@mail.example.com?tls=opportunistic",
			server{
				host: "mail.example.com", port: 587, user: "u@example.com", password: "p/:@",
				startTLS: gomail.TLSOpportunistic,
			},
		},
		{
			"smtps://u:p@mail.example.com",
			server{host: "mail.example.com", port: 465, user: "u", password: "p", implicit: true},
		},
	}
	for _, test := range tests {
		t.Run(test.url, func(t *testing.T) {
			t.Parallel()
			got, err := parseURL(test.url)
			if err != nil {
				t.Fatal(err)
			}
			if got != test.want {
				t.Errorf("got %+v, want %+v", got, test.want)
			}
		})
	}
}
