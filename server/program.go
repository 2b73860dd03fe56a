package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"github.com/lexgen-go/lexgen/generated/comatproto"
	"github.com/lexgen-go/lexgen/runtime/lexdata"
	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/server/internal/keys"
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

// program is a server with all its parts.
type program struct {
	*parts
	listener   net.Listener
	others     []otherListener // of the administrator and of the metrics, as far as configured
	lock       *os.File
	servers    []*http.Server // one for each listener, in their order
	background background

	clearUpBudget time.Duration // for interrupted work of each kind, at the start
	patience      time.Duration // of a shutdown
}

// An otherListener takes connections for one purpose, at a path unless that is empty.
type otherListener struct {
	net.Listener
	purpose string
	path    string
}

// newProgram opens everything that the server needs. Whatever it opened is closed if it fails.
func newProgram(ctx context.Context, c config, stderr io.Writer) (*program, error) {
	p := &program{parts: &parts{config: c, logger: newLogger(c, stderr)}, patience: shutdownTimeout, clearUpBudget: clearUpBudget}
	if err := p.open(ctx); err != nil {
		return nil, errors.Join(err, p.Close())
	}
	return p, nil
}

func (p *program) open(ctx context.Context) error {
	if err := p.listen(); err != nil {
		return err
	}
	if err := keys.PrepareFolder(p.config.data); err != nil {
		return err
	}
	var err error
	if p.lock, err = lockFolder(p.config.data, serverLock()); err != nil {
		return err
	}
	opened, err := openParts(ctx, p.config, p.logger, toServe)
	if err != nil {
		return err
	}
	p.parts = opened
	if err := p.clearUp(ctx); err != nil {
		return err
	}
	p.serve()
	return nil
}

// clearUpBudget is how long a start waits for what a directory says of interrupted work of one kind.
const clearUpBudget = 5 * time.Second

// clearUp finishes or takes back what a crash interrupted, so that those who come again find it done or
// undone. Where a directory gives no answer, the housekeeping goes on asking.
func (p *program) clearUp(ctx context.Context) error {
	// Nobody else serves from this folder, so that no request is at work on what is reserved there.
	if err := p.store.ExpireLeases(ctx); err != nil {
		return err
	}
	for _, work := range []struct {
		of string
		do func(ctx context.Context) error
	}{
		{"sign-ups", p.service.RecoverSignups},
		{"changes of handles", p.service.RecoverHandles},
	} {
		waiting, cancel := context.WithTimeout(ctx, p.clearUpBudget)
		err := work.do(waiting)
		cancel()
		if err != nil && ctx.Err() == nil {
			p.logger.Warn("interrupted work was not cleared up yet: it is tried again each minute", "of", work.of, "error", err)
		}
	}
	return ctx.Err()
}

// listen takes the addresses. The public URL of a server for development has the port of the first.
func (p *program) listen() error {
	var err error
	if p.listener, err = net.Listen("tcp", p.config.listen); err != nil {
		return err
	}
	p.config.completePublicURL(p.listener.Addr().String())
	for _, other := range []struct{ address, purpose, path string }{
		{p.config.adminListen, "administration", ""},
		{p.config.metricsListen, "metrics", metricsPath},
	} {
		if other.address == "" {
			continue
		}
		listener, err := net.Listen("tcp", other.address)
		if err != nil {
			return err
		}
		p.others = append(p.others, otherListener{listener, other.purpose, other.path})
	}
	return nil
}

// listeners returns those that were opened, the public one first.
func (p *program) listeners() []net.Listener {
	var all []net.Listener
	if p.listener != nil {
		all = append(all, p.listener)
	}
	for _, other := range p.others {
		all = append(all, other)
	}
	return all
}

// serve makes the server of each listener, and the work beside them.
func (p *program) serve() {
	m := newMetrics()
	m.watch(p.store.Counts)
	p.advise()
	handlers := []http.Handler{newHandler(p.parts, m, p.config.adminListen == "")}
	if p.config.adminListen != "" {
		handlers = append(handlers, newHandler(p.parts, m, true))
	}
	if p.config.metricsListen != "" {
		mux := http.NewServeMux()
		mux.Handle("GET "+metricsPath, m.handler(p.logger))
		handlers = append(handlers, mux)
	}
	for _, handler := range handlers {
		p.servers = append(p.servers, newHTTPServer(handler, p.logger))
	}
	p.background = background{service: p.service, logger: p.logger, metrics: m}
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

// newLogger returns the log. What is logged names no password, token or mail address, and what is logged
// in the context of a request bears its id.
func newLogger(c config, stderr io.Writer) *slog.Logger {
	level, _ := parseLevel(c.logLevel) // which the configuration was checked for
	options := &slog.HandlerOptions{Level: level}
	if c.logFormat == formatJSON {
		return slog.New(numbered{slog.NewJSONHandler(stderr, options)})
	}
	return slog.New(numbered{slog.NewTextHandler(stderr, options)})
}

// describe returns what describeServer answers.
func describe(c config) comatproto.ServerDescribeServerOutput {
	description := comatproto.ServerDescribeServerOutput{
		InviteCodeRequired:   lexdata.Some(c.inviteRequired),
		AvailableUserDomains: c.handles.Domains(),
		DID:                  syntax.DID(c.serviceDID),
	}
	if c.privacyPolicy != "" || c.termsOfService != "" {
		description.Links = &comatproto.ServerDescribeServerLinks{}
	}
	if c.privacyPolicy != "" {
		description.Links.PrivacyPolicy = lexdata.Some(syntax.URI(c.privacyPolicy))
	}
	if c.termsOfService != "" {
		description.Links.TermsOfService = lexdata.Some(syntax.URI(c.termsOfService))
	}
	if c.contactEmail != "" {
		description.Contact = &comatproto.ServerDescribeServerContact{Email: lexdata.Some(c.contactEmail)}
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
	fmt.Fprintf(stdout, "listening on http://%s\n", address)
	for _, other := range p.others {
		fmt.Fprintf(stdout, "%s on http://%s%s\n", other.purpose, other.Addr(), other.path)
	}
	fmt.Fprintf(stdout, "data in %s\ntry: curl http://%s/xrpc/%s\n", data, address, comatproto.ServerDescribeServerNSID)
	p.background.start(ctx)
	defer p.background.wait()
	served := make(chan error, len(p.servers))
	for i, listener := range p.listeners() {
		go func() { served <- p.servers[i].Serve(listener) }()
	}
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
	var problems []error
	for _, server := range p.servers {
		err := server.Shutdown(deadline)
		if errors.Is(err, context.DeadlineExceeded) {
			p.logger.Warn("requests under way were cut off by the shutdown", "after", p.patience.String())
			err = server.Close()
		}
		problems = append(problems, err)
	}
	if err := errors.Join(problems...); err != nil {
		return fmt.Errorf("shut down: %w", err)
	}
	return nil
}

// Close releases what the program holds. It must not be called while Run serves.
func (p *program) Close() error {
	var problems []error
	for _, listener := range p.listeners() {
		if err := listener.Close(); !errors.Is(err, net.ErrClosed) {
			problems = append(problems, err)
		}
	}
	if p.store != nil {
		if err := p.store.Checkpoint(context.Background()); err != nil {
			p.logger.Warn("the database was not written into one file; the next start will try again", "error", err)
		}
	}
	problems = append(problems, p.parts.close())
	if p.lock != nil {
		problems = append(problems, p.lock.Close())
	}
	return errors.Join(problems...)
}
