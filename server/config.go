package main

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	netmail "net/mail"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/server/internal/account"
	"github.com/lexgen-go/lexgen/server/internal/clientaddr"
	"github.com/lexgen-go/lexgen/server/internal/didkey"
	"github.com/lexgen-go/lexgen/server/internal/keys"
	"github.com/lexgen-go/lexgen/server/internal/mail"
)

// localhost is the hostname of a server for development. Its public URL has the port that it
// listens on, which may not be known before.
const localhost = "localhost"

// maxPasswordMin keeps an operator from asking for passwords that would be refused as too long.
const maxPasswordMin = 64

// config is what an operator decides.
type config struct {
	listen         string
	data           string
	hostname       string
	publicURL      string // empty if it has the port of localhost
	serviceDID     string
	handleDomains  []string
	reserve        []string
	release        []string
	block          []string
	masterKey      *keys.MasterKey // nil if the data folder keeps it
	passwordMin    int
	hash           account.Argon2Params
	hashParallel   int
	privacyPolicy  string
	termsOfService string
	logFormat      string
	logLevel       string

	adminPassword   string // empty: nobody is the administrator
	adminListen     string // empty: the administrator's methods are served with the others
	metricsListen   string // empty: no metrics are served
	trustedProxies  []string
	rateLimits      bool
	contactEmail    string
	smtpURL         string // empty: mails become files in the data folder
	mailFrom        string
	plcDirectory    string // empty: the server keeps the identities itself
	recoveryKey     string
	dnsServer       string
	moderationDID   string
	inviteRequired  bool
	inviteInterval  time.Duration
	inviteEpochText string
	quarantine      time.Duration
	omitDIDDoc      bool
	resetDrops      bool
	confineApps     bool

	handles     *account.HandlePolicy // follow from the above
	proxies     []netip.Prefix
	inviteEpoch time.Time
}

// isLocal reports whether the server is for development on one machine.
func (c *config) isLocal() bool { return c.hostname == localhost }

// complete fills in what follows from the hostname, and checks what no other package does.
func (c *config) complete() error {
	return errors.Join(c.completeHostname(), c.completeHandles(), c.completeRest(), c.check())
}

func (c *config) completeRest() error {
	var problems []error
	var err error
	if c.proxies, err = clientaddr.ParsePrefixes(c.trustedProxies); err != nil {
		problems = append(problems, fmt.Errorf("--trusted-proxies: %w", err))
	}
	if c.inviteEpochText != "" {
		if c.inviteEpoch, err = time.Parse(time.RFC3339, c.inviteEpochText); err != nil {
			problems = append(problems, fmt.Errorf("--invite-epoch: %q is not a time such as 2026-01-31T00:00:00Z", c.inviteEpochText))
		}
	}
	if c.mailFrom == "" {
		c.mailFrom = "noreply@" + c.hostname
	}
	return errors.Join(append(problems, c.checkMail())...)
}

// checkMail returns an error if no mail could be sent with what is configured. Making a mailer shows it:
// that connects to nothing yet.
func (c *config) checkMail() error {
	if _, err := mail.NewSMTP(mail.Config{URL: "smtp://" + localhost, From: c.mailFrom}); err != nil {
		return fmt.Errorf("--mail-from: %w", err)
	}
	if c.smtpURL == "" {
		return nil
	}
	if _, err := mail.NewSMTP(mail.Config{URL: c.smtpURL, From: c.mailFrom}); err != nil {
		return fmt.Errorf("%s: %w", envName("smtp-url"), err)
	}
	return nil
}

func (c *config) completeHostname() error {
	var err error
	c.hostname = strings.ToLower(c.hostname)
	if !syntax.Handle("example." + c.hostname).Valid() { // handles have the syntax of domain names
		err = fmt.Errorf("--hostname: %q is not a domain name", c.hostname)
		c.hostname = localhost // so that what follows from it is not wrong too
	}
	if c.publicURL == "" && !c.isLocal() {
		c.publicURL = "https://" + c.hostname
	}
	if c.serviceDID == "" {
		c.serviceDID = "did:web:" + c.hostname
	}
	return err
}

// completePublicURL fills in the public URL of a server for development that listens on address, which
// was checked.
func (c *config) completePublicURL(address string) {
	if c.publicURL == "" {
		_, port, _ := net.SplitHostPort(address)
		c.publicURL = "http://" + net.JoinHostPort(localhost, port)
	}
}

func (c *config) completeHandles() error {
	for i, domain := range c.handleDomains {
		c.handleDomains[i] = strings.TrimSpace(domain)
	}
	flag := "--handle-domains"
	if len(c.handleDomains) == 0 {
		flag = "--hostname"
		c.handleDomains = []string{"." + c.hostname}
		if c.isLocal() {
			c.handleDomains = []string{".test"}
		}
	}
	var err error
	c.handles, err = account.NewHandlePolicy(account.HandleRules{
		Domains: c.handleDomains, Reserve: c.reserve, Release: c.release, Block: c.block,
	})
	if err != nil {
		return fmt.Errorf("%s: %w", flag, err)
	}
	return nil
}

// check returns all that is wrong with values that stand for themselves.
func (c *config) check() error {
	var problems []error
	report := func(format string, args ...any) { problems = append(problems, fmt.Errorf(format, args...)) }
	if !isAddress(c.listen) {
		report("--listen: %q is not a host and a port, such as 127.0.0.1:2583", c.listen)
	}
	if c.data == "" {
		report("--data: must not be empty")
	}
	if !syntax.DID(c.serviceDID).Valid() {
		report("--service-did: %q is not a DID", c.serviceDID)
	}
	if c.passwordMin < 0 || c.passwordMin > maxPasswordMin {
		report("--password-min: must be between 0 and %d", maxPasswordMin)
	}
	if err := c.hash.Check(); err != nil {
		report("--hash-memory, --hash-passes, --hash-threads: %w", err)
	}
	if c.hashParallel < 1 {
		report("--hash-parallel: must be at least 1")
	}
	for _, listener := range []struct{ flag, address string }{
		{"--admin-listen", c.adminListen}, {"--metrics-listen", c.metricsListen},
	} {
		if listener.address != "" && !isAddress(listener.address) {
			report("%s: %q is not a host and a port, such as 127.0.0.1:2584", listener.flag, listener.address)
		}
	}
	if c.dnsServer != "" && !isAddress(c.dnsServer) {
		report("--dns-server: %q is not a host and a port, such as 127.0.0.1:53", c.dnsServer)
	}
	if c.adminListen != "" && c.adminPassword == "" {
		report("--admin-listen: nobody could use it without a password in %s", envName("admin-password"))
	}
	if _, err := netmail.ParseAddress(c.contactEmail); c.contactEmail != "" && err != nil {
		report("--contact-email: %q is not an email address", c.contactEmail)
	}
	if c.moderationDID != "" && !syntax.DID(c.moderationDID).Valid() {
		report("--moderation-did: %q is not a DID", c.moderationDID)
	}
	if _, err := didkey.Parse(c.recoveryKey); c.recoveryKey != "" && err != nil {
		report("--recovery-key: %w", err)
	}
	if c.inviteInterval < 0 {
		report("--invite-interval: must not be negative")
	}
	if c.quarantine < 0 {
		report("--handle-quarantine: must not be negative")
	}
	if c.logFormat != formatText && c.logFormat != formatJSON {
		report("--log-format: %q is neither %s nor %s", c.logFormat, formatText, formatJSON)
	}
	if _, err := parseLevel(c.logLevel); err != nil {
		report("--log-level: %w", err)
	}
	return errors.Join(append(problems,
		checkOrigin("--public-url", c.publicURL),
		checkURL("--plc-directory", c.plcDirectory),
		checkURL("--privacy-policy", c.privacyPolicy),
		checkURL("--terms-of-service", c.termsOfService),
	)...)
}

// isAddress reports whether text is a host, which may be empty, and the number of a port.
func isAddress(text string) bool {
	_, port, err := net.SplitHostPort(text)
	if err != nil {
		return false
	}
	_, err = strconv.ParseUint(port, 10, 16)
	return err == nil
}

// checkURL returns an error if the value of a flag is given and no address of a web page.
func checkURL(flag, text string) error {
	if text == "" {
		return nil
	}
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" || !syntax.URI(text).Valid() {
		return fmt.Errorf("%s: %q is not an http or https URL", flag, text)
	}
	return nil
}

// checkOrigin is checkURL for an address that consists of a scheme and a host, and perhaps a slash.
func checkOrigin(flag, text string) error {
	if err := checkURL(flag, text); text == "" || err != nil {
		return err
	}
	u, err := url.Parse(text)
	if err != nil || !strings.EqualFold(strings.TrimSuffix(text, "/"), u.Scheme+"://"+u.Host) {
		return fmt.Errorf("%s: %q has more than a scheme, a host and a port", flag, text)
	}
	return nil
}

// parseLevel reads a level of the log.
func parseLevel(text string) (slog.Level, error) {
	switch text {
	case "debug":
		return slog.LevelDebug, nil
	case "info":
		return slog.LevelInfo, nil
	case "warn":
		return slog.LevelWarn, nil
	case "error":
		return slog.LevelError, nil
	}
	return 0, fmt.Errorf("%q is none of debug, info, warn and error", text)
}
