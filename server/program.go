package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"path/filepath"
	"time"

	"github.com/lexgen-go/lexgen/generated/comatproto"
	"github.com/lexgen-go/lexgen/runtime/lexdata"
	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/server/internal/account"
	"github.com/lexgen-go/lexgen/server/internal/identity"
	"github.com/lexgen-go/lexgen/server/internal/keys"
	"github.com/lexgen-go/lexgen/server/internal/sqlite"
	"github.com/lexgen-go/lexgen/server/internal/token"
)

// Bounds of what a connection may take, and of how long a shutdown waits for the last responses.
const (
	readHeaderTimeout = 10 * time.Second
	readTimeout       = 30 * time.Second
	writeTimeout      = 60 * time.Second
	idleTimeout       = 2 * time.Minute
	maxHeaderBytes    = 32 << 10
	shutdownTimeout   = 10 * time.Second
)

// Bounds of the queue for hashing passwords.
const (
	hashQueue    = 64
	hashPatience = 10 * time.Second
)

// program is a server with all its parts.
type program struct {
	config   config
	logger   *slog.Logger
	listener net.Listener
	store    *sqlite.Store
	http     *http.Server
	patience time.Duration // of a shutdown
}

// newProgram opens everything that the server needs. Whatever it opened is closed if it fails.
func newProgram(ctx context.Context, c config, stderr io.Writer) (*program, error) {
	p := &program{config: c, logger: newLogger(c, stderr), patience: shutdownTimeout}
	if err := p.open(ctx); err != nil {
		return nil, errors.Join(err, p.Close())
	}
	return p, nil
}

func (p *program) open(ctx context.Context) error {
	var err error
	if p.listener, err = net.Listen("tcp", p.config.listen); err != nil {
		return err
	}
	if p.config.publicURL == "" {
		_, port, _ := net.SplitHostPort(p.listener.Addr().String()) // an address that a listener has
		p.config.publicURL = "http://" + net.JoinHostPort(localhost, port)
	}
	if err := keys.PrepareFolder(p.config.data); err != nil {
		return err
	}
	if p.store, err = sqlite.Open(ctx, p.config.data); err != nil {
		return err
	}
	inUse, err := p.store.HasAccounts(ctx)
	if err != nil {
		return err
	}
	s, err := openSecrets(p.config, inUse)
	if err != nil {
		return err
	}
	accounts, err := newService(p.config, p.store, s)
	if err != nil {
		return err
	}
	p.http = newHTTPServer(newHandler(accounts, describe(p.config), p.store, p.logger), p.logger)
	return nil
}

// newHTTPServer returns a server whose connections are bounded.
func newHTTPServer(handler http.Handler, logger *slog.Logger) *http.Server {
	var silent newcomers
	server := &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: readHeaderTimeout,
		ReadTimeout:       readTimeout,
		WriteTimeout:      writeTimeout,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    maxHeaderBytes,
		ConnState:         silent.follow,
		ErrorLog:          slog.NewLogLogger(logger.Handler(), slog.LevelWarn),
	}
	server.RegisterOnShutdown(silent.close)
	return server
}

// newLogger returns the log. What is logged names no password, token or address of a person.
func newLogger(c config, stderr io.Writer) *slog.Logger {
	level, _ := parseLevel(c.logLevel) // which the configuration was checked for
	options := &slog.HandlerOptions{Level: level}
	if c.logFormat == formatJSON {
		return slog.New(slog.NewJSONHandler(stderr, options))
	}
	return slog.New(slog.NewTextHandler(stderr, options))
}

// newService puts the rules together with their store, keys and policies.
func newService(c config, store *sqlite.Store, s secrets) (*account.Service, error) {
	tokens, err := newIssuer(c, s)
	if err != nil {
		return nil, err
	}
	rotationKey, err := s.load(keys.PLCRotation, identity.GenerateRotationKey)
	if err != nil {
		return nil, err
	}
	plc, err := identity.NewPLC(identity.Config{
		RotationKey: rotationKey, PublicURL: c.publicURL, Sealer: s.vault, Rand: rand.Reader,
	})
	if err != nil {
		return nil, err
	}
	return &account.Service{
		Accounts: store,
		Sessions: store,
		Tokens:   tokens,
		Identity: plc,
		Hasher: account.NewArgon2(account.Argon2Config{
			Params: c.hash, Parallel: c.hashParallel, Waiting: hashQueue, Patience: hashPatience, Rand: rand.Reader,
		}),
		Handles:   c.handles,
		Passwords: account.PasswordPolicy{MinLength: c.passwordMin},
		Now:       time.Now,
		Rand:      rand.Reader,
	}, nil
}

// newIssuer makes the issuer of tokens with its keys.
func newIssuer(c config, s secrets) (*token.Issuer, error) {
	encoded, err := s.load(keys.TokenKeyring, token.GenerateKeyring)
	if err != nil {
		return nil, err
	}
	keyring, err := token.DecodeKeyring(encoded)
	if err != nil {
		return nil, err
	}
	refreshKey, err := s.load(keys.RefreshDerivation, keys.RandomSecret)
	if err != nil {
		return nil, err
	}
	return token.NewIssuer(token.Config{Audience: syntax.DID(c.serviceDID), Keys: keyring, RefreshKey: refreshKey})
}

// describe returns what describeServer answers.
func describe(c config) comatproto.ServerDescribeServerOutput {
	description := comatproto.ServerDescribeServerOutput{
		InviteCodeRequired:   lexdata.Some(false),
		AvailableUserDomains: c.handles.Domains(),
	}
	if c.privacyPolicy != "" || c.termsOfService != "" {
		description.Links = &comatproto.ServerDescribeServerLinks{}
	}
	if c.privacyPolicy != "" {
		description.Links.PrivacyPolicy = lexdata.Some(c.privacyPolicy)
	}
	if c.termsOfService != "" {
		description.Links.TermsOfService = lexdata.Some(c.termsOfService)
	}
	return description
}

// Run serves until ctx ends, and then for as long as the requests under way take, within bounds.
// It begins by telling stdout where the server is.
func (p *program) Run(ctx context.Context, stdout io.Writer) error {
	address := p.listener.Addr().String()
	data, err := filepath.Abs(p.config.data)
	if err != nil {
		return err
	}
	fmt.Fprintf(stdout, "listening on http://%s\ndata in %s\ntry: curl http://%s/xrpc/%s\n",
		address, data, address, comatproto.ServerDescribeServerNSID)
	served := make(chan error, 1)
	go func() { served <- p.http.Serve(p.listener) }()
	select {
	case err := <-served:
		return fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
	}
	fmt.Fprintln(stdout, "shutting down")
	return p.shutDown(context.WithoutCancel(ctx))
}

// shutDown waits for the requests under way, and cuts off those that take too long.
func (p *program) shutDown(ctx context.Context) error {
	deadline, cancel := context.WithTimeout(ctx, p.patience)
	defer cancel()
	err := p.http.Shutdown(deadline)
	if errors.Is(err, context.DeadlineExceeded) {
		p.logger.Warn("requests under way were cut off by the shutdown", "after", p.patience.String())
		err = p.http.Close()
	}
	if err != nil {
		return fmt.Errorf("shut down: %w", err)
	}
	return nil
}

// Close releases what the program holds. It must not be called while Run serves.
func (p *program) Close() error {
	var problems []error
	if p.listener != nil {
		if err := p.listener.Close(); !errors.Is(err, net.ErrClosed) {
			problems = append(problems, err)
		}
	}
	if p.store != nil {
		if err := p.store.Checkpoint(context.Background()); err != nil {
			p.logger.Warn("the database was not written into one file; the next start will try again", "error", err)
		}
		problems = append(problems, p.store.Close())
	}
	return errors.Join(problems...)
}
