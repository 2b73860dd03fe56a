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
	"github.com/lexgen-go/lexgen/server/internal/identity"
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
	found     sqlite.Found // in the data folder, before it was opened
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
	p.service, err = p.newService()
	return err
}

// openToServe opens the keys and the database. An older database is brought up to date when the keys
// are there that one of today has, so that they are not taken for lost if that is interrupted.
func (p *parts) openToServe(ctx context.Context) error {
	var err error
	if p.secrets, err = openSecrets(p.config, p.found, toServe); err != nil {
		return err
	}
	if err := sqlite.Upgrade(ctx, p.config.data, p.secrets.vault); err != nil {
		return err
	}
	p.store, err = sqlite.Open(ctx, p.config.data)
	return err
}

// openToCommand opens the database, unless that is older than the program: a server may be at work with
// it. Then it opens the keys.
func (p *parts) openToCommand(ctx context.Context) error {
	if p.found.Version == 0 {
		return fmt.Errorf("no server has used the data folder %s (see --data): there is no database", p.config.data)
	}
	var err error
	if p.store, err = sqlite.Open(ctx, p.config.data); err != nil {
		return err
	}
	p.secrets, err = openSecrets(p.config, p.found, toCommand)
	return err
}

// close releases what was opened.
func (p *parts) close() error {
	if p.store == nil {
		return nil
	}
	return p.store.Close()
}

// newService puts the rules together with their store, keys and policies.
func (p *parts) newService() (*account.Service, error) {
	tokens, err := newIssuer(p.config, p.secrets)
	if err != nil {
		return nil, err
	}
	identities, err := p.newIdentity()
	if err != nil {
		return nil, err
	}
	mailer, err := newMailer(p.config)
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
		Mailer:    mailer,
		Failures:  newFailures(p.config),
		Handles:   p.config.handles,
		Emails:    p.config.emails,
		Passwords: account.PasswordPolicy{MinLength: p.config.passwordMin},
		Policy:    newPolicy(p.config),
		Now:       time.Now,
		Rand:      rand.Reader,
		Pepper:    p.secrets.pepper,
	}, nil
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
