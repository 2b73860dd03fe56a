package main

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	netmail "net/mail"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/server/internal/didkey"
)

// Bounds of what an operator may ask for.
const (
	maxPasswordMin   = 64 // longer passwords might be refused as too long
	minAdminPassword = 16
	minBypass        = 16
	maxHashParallel  = 64 // at 46 MiB each
)

// check returns all that is wrong with values that stand for themselves.
func (c *config) check() error {
	return errors.Join(
		c.checkAddresses(),
		c.checkPasswords(),
		c.checkIdentities(),
		c.checkRest(),
		checkWords("--reserve-handles", c.reserve),
		checkWords("--release-handles", c.release),
		checkWords("--block-words", c.block),
		checkOrigin("--public-url", c.publicURL),
		checkURL("--plc-directory", c.plcDirectory),
		checkURL("--privacy-policy", c.privacyPolicy),
		checkURL("--terms-of-service", c.termsOfService),
	)
}

func (c *config) checkAddresses() error {
	var problems []error
	for _, a := range []struct{ flag, address, example string }{
		{"--listen", c.listen, "127.0.0.1:2583"},
		{"--admin-listen", c.adminListen, "127.0.0.1:2584"},
		{"--metrics-listen", c.metricsListen, "127.0.0.1:2585"},
		{"--dns-server", c.dnsServer, "127.0.0.1:53"},
	} {
		isLeftOut := a.address == "" && a.flag != "--listen"
		if !isLeftOut && !isAddress(a.address) {
			problems = append(problems, fmt.Errorf("%s: %q is not a host and a port, such as %s", a.flag, a.address, a.example))
		}
	}
	return errors.Join(problems...)
}

// checkPasswords checks what passwords must be like, how they are hashed, that of the administrator, and
// the secret that goes around the rate limits.
func (c *config) checkPasswords() error {
	var problems []error
	if c.passwordMin < 0 || c.passwordMin > maxPasswordMin {
		problems = append(problems, fmt.Errorf("--password-min: must be between 0 and %d", maxPasswordMin))
	}
	if err := c.hash.Check(); err != nil {
		problems = append(problems, fmt.Errorf("--hash-memory, --hash-passes, --hash-threads: %w", err))
	}
	if c.hashParallel < 1 || c.hashParallel > maxHashParallel {
		problems = append(problems, fmt.Errorf("--hash-parallel: must be between 1 and %d", maxHashParallel))
	}
	switch {
	case c.adminListen != "" && c.adminPassword == "":
		problems = append(problems, fmt.Errorf("--admin-listen: nobody could use it without a password in %s", envName("admin-password")))
	case c.adminPassword != "" && utf8.RuneCountInString(c.adminPassword) < minAdminPassword:
		problems = append(problems, fmt.Errorf("%s: must have at least %d characters: take what openssl rand -hex 16 prints",
			envName("admin-password"), minAdminPassword))
	}
	if c.rateBypass != "" && !isBypass(c.rateBypass) {
		problems = append(problems, fmt.Errorf("%s: must have at least %d characters of ASCII and no spaces: take what openssl rand -hex 16 prints",
			envName("rate-limit-bypass"), minBypass))
	}
	return errors.Join(problems...)
}

// isBypass reports whether a secret is long enough and can be in a header.
func isBypass(secret string) bool {
	isOdd := func(r rune) bool { return r <= ' ' || r > '~' }
	return len(secret) >= minBypass && !strings.ContainsFunc(secret, isOdd)
}

// checkIdentities checks who the server, its operator and its moderator are.
func (c *config) checkIdentities() error {
	var problems []error
	if !syntax.DID(c.serviceDID).Valid() {
		problems = append(problems, fmt.Errorf("--service-did: %q is not a DID", c.serviceDID))
	}
	if c.moderationDID != "" && !syntax.DID(c.moderationDID).Valid() {
		problems = append(problems, fmt.Errorf("--moderation-did: %q is not a DID", c.moderationDID))
	}
	if _, err := didkey.Parse(c.recoveryKey); c.recoveryKey != "" && err != nil {
		problems = append(problems, fmt.Errorf("--recovery-key: %w", err))
	}
	if _, err := netmail.ParseAddress(c.contactEmail); c.contactEmail != "" && err != nil {
		problems = append(problems, fmt.Errorf("--contact-email: %q is not an email address", c.contactEmail))
	}
	return errors.Join(problems...)
}

func (c *config) checkRest() error {
	var problems []error
	if c.data == "" {
		problems = append(problems, errors.New("--data: must not be empty"))
	}
	if c.inviteInterval < 0 {
		problems = append(problems, errors.New("--invite-interval: must not be negative"))
	}
	if c.quarantine < 0 {
		problems = append(problems, errors.New("--handle-quarantine: must not be negative"))
	}
	if c.logFormat != formatText && c.logFormat != formatJSON {
		problems = append(problems, fmt.Errorf("--log-format: %q is neither %s nor %s", c.logFormat, formatText, formatJSON))
	}
	if _, err := parseLevel(c.logLevel); err != nil {
		problems = append(problems, fmt.Errorf("--log-level: %w", err))
	}
	return errors.Join(problems...)
}

// checkWords returns an error if one of the words of a flag cannot stand in a handle between dots.
func checkWords(flag string, words []string) error {
	for _, word := range words {
		if strings.Contains(word, ".") || !syntax.Handle(word+".test").Valid() {
			return fmt.Errorf("%s: %q is not a word of letters, digits and hyphens", flag, word)
		}
	}
	return nil
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
