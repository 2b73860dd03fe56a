package mail

import (
	"errors"
	"net/netip"
	"net/url"
	"strconv"

	gomail "github.com/wneessen/go-mail"
)

// Ports of servers that take mail from its authors, by RFC 8314, section 3.3 and
// RFC 6409, section 3.1.
const (
	portTLS        = 465
	portSubmission = 587
)

// A server is what a URL says about an SMTP server.
type server struct {
	host     string
	port     int
	user     string // empty if it asks for none
	password string
	implicit bool             // TLS from the first byte on
	startTLS gomail.TLSPolicy // if not implicit
}

// parseURL reads the URL of a server. No error may quote any of it: the part that is wrong
// may be, or begin with, the password.
func parseURL(s string) (server, error) {
	u, err := url.Parse(s)
	if err != nil {
		return server{}, errors.New("it is malformed; special characters of the password must be percent-encoded")
	}
	if u.Hostname() == "" || u.Opaque != "" || u.Path != "" && u.Path != "/" || u.Fragment != "" {
		return server{}, errors.New("it must look like smtp://user:password@host:587")
	}
	parsed := server{host: u.Hostname()}
	switch u.Scheme {
	case "smtp":
		parsed.port = portSubmission
	case "smtps":
		parsed.port, parsed.implicit = portTLS, true
	default:
		return server{}, errors.New("it must begin with smtp:// or smtps://")
	}
	if port := u.Port(); port != "" {
		n, err := strconv.ParseUint(port, 10, 16)
		if err != nil || n == 0 {
			return server{}, errors.New("the port must be a number from 1 to 65535")
		}
		parsed.port = int(n)
	}
	if err := parsed.readTLS(u.RawQuery); err != nil {
		return server{}, err
	}
	return parsed, parsed.readUser(u.User)
}

// readTLS reads the policy for STARTTLS from the query of a URL.
func (s *server) readTLS(rawQuery string) error {
	query, err := url.ParseQuery(rawQuery)
	if err != nil || len(query) > 1 || len(query) == 1 && len(query["tls"]) != 1 {
		return errors.New("its only parameter is tls")
	}
	policy := query.Get("tls")
	if s.implicit && len(query) > 0 {
		return errors.New("smtps:// has no parameter tls: it always uses TLS")
	}
	switch {
	case policy == "mandatory", len(query) == 0 && !isLoopback(s.host):
		s.startTLS = gomail.TLSMandatory
	case policy == "opportunistic":
		s.startTLS = gomail.TLSOpportunistic
	case policy == "none", len(query) == 0:
		s.startTLS = gomail.NoTLS
	default:
		return errors.New("tls must be mandatory, opportunistic or none")
	}
	return nil
}

func (s *server) readUser(user *url.Userinfo) error {
	if user == nil {
		return nil
	}
	s.user = user.Username()
	s.password, _ = user.Password()
	if s.user == "" || s.password == "" {
		return errors.New("a user needs a password and a password a user")
	}
	if !s.implicit && s.startTLS == gomail.NoTLS && !isLoopback(s.host) {
		return errors.New("a password needs TLS")
	}
	return nil
}

// isLoopback tells whether a host is this machine, on which TLS would hide nothing.
func isLoopback(host string) bool {
	addr, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && addr.IsLoopback()
}
