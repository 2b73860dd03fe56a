package mail_test

import (
	"bufio"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"log"
	"net"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// The account of the test server.
const (
	user     = "postmaster"
	password = "s3cr3t pass/word"
)

// A mailServer is an SMTP server that keeps what it takes. Fields are set before it starts.
type mailServer struct {
	certificate bool // offer TLS
	implicit    bool // TLS from the first byte on
	login       bool // take mail only after a login

	// The answers to RCPT, DATA and a wrong password; nil for the usual ones.
	onRecipient func(string) error
	onData      func() error
	onPassword  func(password string) error

	address string
	roots   *x509.CertPool

	mu       sync.Mutex
	received []received
}

type received struct {
	from, to, message string
	encrypted, utf8   bool
}

// start lets the server listen on the loopback interface until the test ends.
func (m *mailServer) start(t *testing.T) *mailServer {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	m.address = listener.Addr().String()
	server := smtp.NewServer(smtp.BackendFunc(func(c *smtp.Conn) (smtp.Session, error) {
		return &session{server: m, conn: c, loggedIn: !m.login}, nil
	}))
	server.Domain = "localhost"
	server.AllowInsecureAuth = true
	server.EnableSMTPUTF8 = true
	server.ErrorLog = log.New(io.Discard, "", 0)
	if m.certificate {
		server.TLSConfig = m.makeCertificate()
	}
	if m.implicit {
		listener = tls.NewListener(listener, server.TLSConfig)
	}
	var group sync.WaitGroup
	group.Go(func() { _ = server.Serve(listener) }) // returns an error when it is closed
	t.Cleanup(func() {
		server.Close()
		listener.Close() // the server does not know it before Serve has begun
		group.Wait()
	})
	return m
}

// makeCertificate returns a configuration with a certificate for 127.0.0.1, and trusts it.
func (m *mailServer) makeCertificate() *tls.Config {
	https := httptest.NewTLSServer(nil)
	defer https.Close()
	m.roots = x509.NewCertPool()
	m.roots.AddCert(https.Certificate())
	return &tls.Config{Certificates: https.TLS.Certificates}
}

func (m *mailServer) mails() []received {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.received
}

// A session is a connection to a mailServer.
type session struct {
	server   *mailServer
	conn     *smtp.Conn
	loggedIn bool
	mail     received
}

var _ smtp.AuthSession = (*session)(nil)

func (s *session) AuthMechanisms() []string { return []string{sasl.Plain} }

func (s *session) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, name, secret string) error {
		switch {
		case name == user && secret == password:
			s.loggedIn = true
			return nil
		case s.server.onPassword != nil:
			return s.server.onPassword(secret)
		}
		return smtp.ErrAuthFailed
	}), nil
}

func (s *session) Mail(from string, options *smtp.MailOptions) error {
	if !s.loggedIn {
		return smtp.ErrAuthRequired
	}
	_, encrypted := s.conn.TLSConnectionState()
	s.mail = received{from: from, encrypted: encrypted, utf8: options.UTF8}
	return nil
}

func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.mail.to = to
	if s.server.onRecipient != nil {
		return s.server.onRecipient(to)
	}
	return nil
}

func (s *session) Data(r io.Reader) error {
	message, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	if s.server.onData != nil {
		if err := s.server.onData(); err != nil {
			return err
		}
	}
	s.mail.message = string(message)
	s.server.mu.Lock()
	defer s.server.mu.Unlock()
	s.server.received = append(s.server.received, s.mail)
	return nil
}

func (s *session) Reset()        {}
func (s *session) Logout() error { return nil }

// answer returns an answer of an SMTP server.
func answer(code int, text string) error {
	return &smtp.SMTPError{Code: code, EnhancedCode: smtp.EnhancedCode{code / 100, 1, 1}, Message: text}
}

// startScript starts a server for one connection that greets, then answers each line that
// begins with the first word of a pair with the second, and others not at all. After the
// last pair it closes the connection. It returns the server's address.
func startScript(t *testing.T, greeting string, pairs ...[2]string) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var group sync.WaitGroup
	group.Go(func() {
		conn, err := listener.Accept()
		if err != nil {
			return
		}
		defer conn.Close()
		if err := play(conn, greeting, pairs); err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, net.ErrClosed) {
			t.Logf("scripted server: %v", err)
		}
	})
	t.Cleanup(func() {
		listener.Close()
		group.Wait()
	})
	return listener.Addr().String()
}

func play(conn net.Conn, greeting string, pairs [][2]string) error {
	if _, err := io.WriteString(conn, greeting); err != nil {
		return err
	}
	lines := bufio.NewReader(conn)
	for len(pairs) > 0 {
		line, err := lines.ReadString('\n')
		if err != nil {
			return err
		}
		if strings.HasPrefix(line, pairs[0][0]) {
			if _, err := io.WriteString(conn, pairs[0][1]); err != nil {
				return err
			}
			pairs = pairs[1:]
		}
	}
	return nil
}
