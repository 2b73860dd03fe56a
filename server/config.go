package main

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strings"
	"time"

	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/server/internal/account"
	"github.com/lexgen-go/lexgen/server/internal/clientaddr"
	"github.com/lexgen-go/lexgen/server/internal/keys"
	"github.com/lexgen-go/lexgen/server/internal/mail"
)

// localhost is the hostname of a server for development. Its public URL has the port that it
// listens on, which may not be known before.
const localhost = "localhost"

// config is what an operator decides.
type config struct {
	listen           string
	data             string
	hostname         string
	publicURL        string // empty if it has the port of localhost
	serviceDID       string
	handleDomains    []string
	reserve          []string
	release          []string
	block            []string
	blockEmails      []string
	allowEmails      []string
	masterKey        *keys.MasterKey // nil if the data folder keeps it
	passwordMin      int
	passwordOptional bool
	breached         string // empty: passwords that are known from breaches can be chosen
	hash             account.Argon2Params
	hashParallel     int
	privacyPolicy    string
	termsOfService   string
	logFormat        string
	logLevel         string

	adminPassword   string // empty: nobody is the administrator
	adminListen     string // empty: the administrator's methods are served with the others
	metricsListen   string // empty: no metrics are served
	trustedProxies  []string
	rateLimits      bool
	rateBypass      string // secret of who is not limited; empty: there is none
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
	confineServices bool
	hideEmails      bool
	endReplayed     bool

	handles     *account.HandlePolicy // follow from the above
	emails      *account.EmailPolicy
	proxies     []netip.Prefix
	inviteEpoch time.Time
}

// isLocal reports whether the server is for development on one machine.
func (c *config) isLocal() bool { return c.hostname == localhost }

// complete fills in what follows from the hostname, and checks what no other package does.
func (c *config) complete() error {
	return errors.Join(c.completeHostname(), c.completeHandles(), c.completeEmails(), c.completeRest(), c.check())
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
	for _, texts := range [][]string{c.handleDomains, c.reserve, c.release, c.block} {
		trimSpace(texts)
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

func (c *config) completeEmails() error {
	trimSpace(c.blockEmails)
	trimSpace(c.allowEmails)
	var err error
	c.emails, err = account.NewEmailPolicy(account.EmailRules{Block: c.blockEmails, Allow: c.allowEmails})
	if err != nil {
		return fmt.Errorf("--block-email-domains, --allow-email-domains: %w", err)
	}
	return nil
}

// trimSpace removes the space around each text of a list.
func trimSpace(texts []string) {
	for i, text := range texts {
		texts[i] = strings.TrimSpace(text)
	}
}
