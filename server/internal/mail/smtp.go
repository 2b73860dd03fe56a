// Package mail sends the mail of accounts: through an SMTP server, or into a folder where
// people who develop or try the server can read it. It imports account, whose
// [account.Mailer] it implements, durable, and go-mail, which writes messages and speaks SMTP.
package mail

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/mail"
	"net/textproto"
	"time"

	gomail "github.com/wneessen/go-mail"
	gosmtp "github.com/wneessen/go-mail/smtp"

	"github.com/lexgen-go/lexgen/server/internal/account"
)

// defaultTimeout bounds the sending of a mail if the configuration does not.
const defaultTimeout = 30 * time.Second

// Config says how to send mail through an SMTP server.
type Config struct {
	// URL is the server: "smtp://user:password@host:587" or, for TLS from the first byte
	// on, "smtps://user:password@host:465"; the user and the port may be left out. After
	// smtp:// a connection is encrypted with STARTTLS or not used, except to the machine
	// itself, where it is not encrypted. The parameter tls says otherwise: mandatory,
	// opportunistic (as the server offers) or none.
	URL string
	// From is the address that mails come from, such as "Example <noreply@example.com>".
	From string
	// Timeout bounds the sending of one mail; 30 seconds if it is zero.
	Timeout time.Duration
	// RootCAs are trusted to vouch for the server; nil for those of the system.
	RootCAs *x509.CertPool
	// Now tells the date of a mail; nil for the time of the system.
	Now account.Clock
}

// An SMTP sends mail through a server, with a connection for each. It may be used
// concurrently.
type SMTP struct {
	server  server
	sender  *mail.Address
	timeout time.Duration
	roots   *x509.CertPool
	now     account.Clock
}

var _ account.Mailer = (*SMTP)(nil)

// NewSMTP returns a mailer for a server, to which it does not connect yet. Its errors do
// not contain the URL.
func NewSMTP(config Config) (*SMTP, error) {
	server, err := parseURL(config.URL)
	if err != nil {
		return nil, fmt.Errorf("URL of the mail server: %w", err)
	}
	sender, err := parseSender(config.From)
	if err != nil {
		return nil, err
	}
	s := &SMTP{server: server, sender: sender, timeout: config.Timeout, roots: config.RootCAs, now: config.Now}
	if s.timeout <= 0 {
		s.timeout = defaultTimeout
	}
	if s.now == nil {
		s.now = time.Now
	}
	return s, nil
}

// Send hands a mail to the server. It returns [account.ErrMailRefused] if the server
// refuses the recipient for good, or for a mail whose recipient is no address or whose
// subject has control characters. After any other error the mail may be sent again.
// Errors contain the numbers of the server's answers and not their text, which
// may repeat what it was sent.
func (s *SMTP) Send(ctx context.Context, m account.Mail) error {
	message, err := compose(s.sender, m, s.now(), gomail.EncodingQP)
	if err != nil {
		return fmt.Errorf("send mail: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, s.timeout)
	defer cancel()
	client, err := gomail.NewClient(s.server.host, s.options(ctx)...)
	if err != nil {
		return fmt.Errorf("send mail: %w", err)
	}
	err = client.DialAndSendWithContext(ctx, message)
	switch {
	case err == nil, message.IsDelivered():
		// The server has taken the mail. If only the goodbye failed, to send it again
		// would be to send it twice.
		return nil
	case ctx.Err() != nil:
		return fmt.Errorf("send mail: %w", ctx.Err())
	}
	return fmt.Errorf("send mail: %w", describe(err))
}

// options returns how go-mail speaks to the server until ctx ends.
func (s *SMTP) options(ctx context.Context) []gomail.Option {
	options := []gomail.Option{
		gomail.WithPort(s.server.port),
		gomail.WithTimeout(2 * s.timeout), // longer than ctx, which bounds all steps together
		gomail.WithTLSConfig(s.tlsConfig()),
		gomail.WithTLSPolicy(s.server.startTLS),
		gomail.WithDialContextFunc(s.dialer(ctx)),
		gomail.WithHELO(domain(s.sender)),
		gomail.WithoutNoop(),
		gomail.WithoutRset(),
		// All addresses are ASCII. A mail that says it needs more is bounced by a relay
		// that does not know of it.
		gomail.WithoutSMTPUTF8(),
	}
	if s.server.implicit {
		options = append(options, gomail.WithSSL())
	}
	if s.server.user != "" {
		options = append(options,
			gomail.WithUsername(s.server.user),
			gomail.WithPassword(s.server.password),
			// PLAIN and LOGIN are only used over TLS, or on the machine itself.
			gomail.WithOpportunisticSMTPAuth(
				gomail.SMTPAuthSCRAMSHA256, gomail.SMTPAuthSCRAMSHA1, gomail.SMTPAuthPlain, gomail.SMTPAuthLogin,
			),
		)
	}
	return options
}

func (s *SMTP) tlsConfig() *tls.Config {
	return &tls.Config{ServerName: s.server.host, RootCAs: s.roots, MinVersion: tls.VersionTLS12}
}

// dialer returns a function that connects to the server and closes the connection when
// ctx ends. go-mail gives up only while it connects, and does not close a
// connection whose first answers it does not like.
func (s *SMTP) dialer(ctx context.Context) gomail.DialContextFunc {
	return func(dialing context.Context, network, address string) (net.Conn, error) {
		dial := (&net.Dialer{}).DialContext
		if s.server.implicit {
			dial = (&tls.Dialer{Config: s.tlsConfig()}).DialContext
		}
		conn, err := dial(dialing, network, address)
		if err != nil {
			return nil, err
		}
		context.AfterFunc(ctx, func() { conn.Close() })
		return conn, nil
	}
}

// describe returns an error that says what went wrong without the words of the server.
func describe(err error) error {
	var refused *gomail.SendError
	var answer *textproto.Error
	var malformed textproto.ProtocolError
	switch {
	case errors.As(err, &refused):
		return describeSend(refused)
	case errors.As(err, &answer):
		return fmt.Errorf("open session: answer %d", answer.Code)
	case errors.As(err, &malformed), errors.Is(err, gosmtp.ErrUnexpectedServerResponse):
		return errors.New("open session: the server does not follow the protocol")
	}
	return fmt.Errorf("open session: %w", err)
}

func describeSend(refused *gomail.SendError) error {
	code := refused.ErrorCode()
	switch {
	case code == 0:
		return fmt.Errorf("%s: no answer", refused.Reason)
	case refused.Reason == gomail.ErrSMTPRcptTo && code >= 500:
		return fmt.Errorf("%s: answer %d %s: %w", refused.Reason, code, refused.EnhancedStatusCode(), account.ErrMailRefused)
	}
	return fmt.Errorf("%s: answer %d %s", refused.Reason, code, refused.EnhancedStatusCode())
}
