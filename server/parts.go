package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"path/filepath"
	"time"

	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/server/internal/account"
	"github.com/lexgen-go/lexgen/server/internal/breached"
	"github.com/lexgen-go/lexgen/server/internal/identity"
	"github.com/lexgen-go/lexgen/server/internal/keys"
	"github.com/lexgen-go/lexgen/server/internal/mail"
	"github.com/lexgen-go/lexgen/server/internal/plc/directory"
	"github.com/lexgen-go/lexgen/server/internal/ratelimit"
	"github.com/lexgen-go/lexgen/server/internal/sqlite"
	"github.com/lexgen-go/lexgen/server/internal/token"
)

// Bounds of the queue for hashing passwords.
const (
	hashQueue    = 64
	hashPatience = 10 * time.Second
)

// outboxFolder is where in the data folder mails become files.
const outboxFolder = "outbox"

// parts are what serving and commands have in common: the rules with all that they need.
type parts struct {
	config    config
	logger    *slog.Logger
	found     sqlite.Found   // in the data folder, before it was opened
	orphaned  bool           // keys were there, before there was a database
	breached  *breached.List // nil if the operator has none
	secrets   secrets
	store     *sqlite.Store
	directory *directory.Directory // nil if identities are published elsewhere
	service   *account.Service
}

// openParts opens the data folder and puts the rules together. Whatever it opened is closed if it fails.
func openParts(ctx context.Context, c config, logger *slog.Logger, use purpose) (*parts, error) {
	p := &parts{config: c, logger: logger}
	if err := p.open(ctx, use); err != nil {
		return nil, errors.Join(err, p.close())
	}
	return p, nil
}

// A purpose says what the data folder is opened for.
type purpose int

const (
	// toServe creates what is not there yet, but for the folder.
	toServe purpose = iota
	// toCommand creates nothing: where nothing is, somebody has mistyped the name of the folder.
	toCommand
)

func (p *parts) open(ctx context.Context, use purpose) error {
	if err := p.openBreached(); err != nil {
		return err
	}
	var err error
	if p.found, err = sqlite.Inspect(ctx, p.config.data); err != nil {
		return err
	}
	openData := p.openToServe
	if use == toCommand {
		openData = p.openToCommand
	}
	if err := openData(ctx); err != nil {
		return err
	}
	if p.service, err = p.newService(); err == nil && use == toServe {
		p.service.Mailer, err = newMailer(p.config)
	}
	return err
}

// openBreached opens the list of breached passwords, if the operator has one.
func (p *parts) openBreached() error {
	if p.config.breached == "" {
		return nil
	}
	var err error
	if p.breached, err = breached.Open(p.config.breached); err != nil {
		return fmt.Errorf("--breached-passwords: %w", err)
	}
	return nil
}

// openToServe opens the keys and the database. An older database is brought up to date when the keys
// are there that one of today has, so that they are not taken for lost if that is interrupted.
func (p *parts) openToServe(ctx context.Context) error {
	p.orphaned = p.found.Version == 0 && len(keys.Sealed(p.config.data)) > 0
	var err error
	if p.secrets, err = openSecrets(p.config, p.found, toServe); err != nil {
		return err
	}
	if err := sqlite.Upgrade(ctx, p.config.data, p.secrets.vault); err != nil {
		return err
	}
	if p.store, err = sqlite.Open(ctx, p.config.data); err != nil {
		return err
	}
	if name := p.name(); p.found.Server != name {
		return p.store.Name(ctx, name)
	}
	return nil
}

// name is what the server calls itself.
func (p *parts) name() sqlite.Server {
	return sqlite.Server{Hostname: p.config.hostname, DID: p.config.serviceDID}
}

// openToCommand opens the database, unless that is older than the program: a server may be at work with
// it. Then it opens the keys.
func (p *parts) openToCommand(ctx context.Context) error {
	if p.found.Version == 0 {
		return fmt.Errorf("no server has used the data folder %s (see --data): there is no database", p.config.data)
	}
	if err := p.checkName(); err != nil {
		return err
	}
	var err error
	if p.store, err = sqlite.Open(ctx, p.config.data); err != nil {
		return err
	}
	p.secrets, err = openSecrets(p.config, p.found, toCommand)
	return err
}

// checkName returns an error if the server was started under another name than the command has: invite
// codes and mails would bear the wrong one.
func (p *parts) checkName() error {
	was, name := p.found.Server, p.name()
	for _, part := range []struct{ flag, was, is string }{
		{"hostname", was.Hostname, name.Hostname},
		{"service-did", was.DID, name.DID},
	} {
		if part.was != "" && part.was != part.is {
			return fmt.Errorf("the server of this folder is %s: set %s (or --%s)", part.was, envName(part.flag), part.flag)
		}
	}
	return nil
}

// close releases what was opened.
func (p *parts) close() error {
	var problems []error
	if p.breached != nil {
		problems = append(problems, p.breached.Close())
	}
	if p.store != nil {
		problems = append(problems, p.store.Close())
	}
	return errors.Join(problems...)
}

// newService puts the rules together with their store, keys and policies, but without what sends mails:
// commands leave that to the server.
func (p *parts) newService() (*account.Service, error) {
	tokens, err := newIssuer(p.config, p.secrets)
	if err != nil {
		return nil, err
	}
	identities, err := p.newIdentity()
	if err != nil {
		return nil, err
	}
	return &account.Service{
		Store:         p.store,
		Tokens:        tokens,
		ServiceTokens: token.Services{},
		Identity:      identities,
		Hasher: account.NewArgon2(account.Argon2Config{
			Params: p.config.hash, Parallel: p.config.hashParallel, Waiting: hashQueue, Patience: hashPatience, Rand: rand.Reader,
		}),
		Sealer:    p.secrets.vault,
		Failures:  newFailures(p.config),
		Handles:   p.config.handles,
		Emails:    p.config.emails,
		Passwords: p.newPasswordPolicy(),
		Policy:    newPolicy(p.config),
		Now:       time.Now,
		Rand:      rand.Reader,
		Pepper:    p.secrets.pepper,
	}, nil
}

// newPasswordPolicy returns what the operator decided about passwords.
func (p *parts) newPasswordPolicy() account.PasswordPolicy {
	policy := account.PasswordPolicy{MinLength: p.config.passwordMin, Optional: p.config.passwordOptional}
	if p.breached != nil { // an interface that holds a nil pointer is not nil
		policy.Breached = p.breached
	}
	return policy
}

// newPolicy returns what the operator decided about accounts.
func newPolicy(c config) account.Policy {
	return account.Policy{
		ServiceDID:             syntax.DID(c.serviceDID),
		Hostname:               c.hostname,
		InvitesRequired:        c.inviteRequired,
		InviteInterval:         c.inviteInterval,
		InviteEpoch:            c.inviteEpoch,
		HandleQuarantine:       c.quarantine,
		OmitDIDDoc:             c.omitDIDDoc,
		ResetDropsAppPasswords: c.resetDrops,
		ConfineAppPasswords:    c.confineApps,
		ConfineServiceTokens:   c.confineServices,
		HideTakenEmails:        c.hideEmails,
		EndReplayedSessions:    c.endReplayed,
		ModerationDID:          syntax.DID(c.moderationDID),
	}
}

// newIdentity makes what identities are created, changed and resolved with.
func (p *parts) newIdentity() (*identity.Service, error) {
	c := identity.Config{
		RotationKey:   p.secrets.rotationKey,
		RecoveryKey:   p.config.recoveryKey,
		PublicURL:     p.config.publicURL,
		DNSServer:     p.config.dnsServer,
		AllowLoopback: p.config.isLocal(),
		Now:           time.Now,
		Rand:          rand.Reader,
	}
	if p.config.plcDirectory != "" {
		c.Directory = identity.NewDirectoryClient(p.config.plcDirectory, http.DefaultClient)
	} else {
		p.directory = directory.New(p.store, time.Now)
		c.Directory = p.directory
	}
	return identity.New(c)
}

// newMailer makes what sends mails: an SMTP server's client, or a folder.
func newMailer(c config) (account.Mailer, error) {
	if c.smtpURL == "" {
		return mail.NewFolder(filepath.Join(c.data, outboxFolder), c.mailFrom, time.Now)
	}
	return mail.NewSMTP(mail.Config{URL: c.smtpURL, From: c.mailFrom})
}

// newIssuer makes the issuer of tokens with its keys.
func newIssuer(c config, s secrets) (*token.Issuer, error) {
	keyring, err := token.DecodeKeyring(s.keyring)
	if err != nil {
		return nil, err
	}
	return token.NewIssuer(token.Config{Audience: syntax.DID(c.serviceDID), Keys: keyring, RefreshKey: s.refreshKey})
}

// unlimited is the failure budget of a server without rate limits.
type unlimited struct{}

func (unlimited) Try(string) time.Duration { return 0 }
func (unlimited) Forgive(string)           {}
func (unlimited) Succeed(string)           {}

// newFailures makes what slows down who guesses passwords.
func newFailures(c config) account.FailureBudget {
	if !c.rateLimits {
		return unlimited{}
	}
	return ratelimit.NewBackoff(time.Now, maxIdentifiers, ratelimit.Penance{Free: freeFailures, Base: time.Second, Max: maxBackoff})
}

// How often a password may be guessed at before it takes time, how much at most, and for how many
// identifiers that is remembered.
const (
	freeFailures   = 10
	maxBackoff     = 15 * time.Minute
	maxIdentifiers = 100_000
)
