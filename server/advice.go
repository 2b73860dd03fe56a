package main

import (
	"log/slog"
	"net/netip"
	"path/filepath"
	"strings"
	"sync"

	"github.com/labstack/echo/v4"

	"github.com/lexgen-go/lexgen/server/internal/clientaddr"
	"github.com/lexgen-go/lexgen/server/internal/keys"
	"github.com/lexgen-go/lexgen/server/internal/sqlite"
)

// advise logs what an operator may not have meant.
func (p *parts) advise() {
	outbox := filepath.Join(p.config.data, outboxFolder)
	switch {
	case p.config.smtpURL != "":
	case p.config.isLocal():
		p.logger.Info("mails are not sent, but become files", "folder", outbox)
	default:
		p.logger.Warn("mails are not sent, but become files: nobody can reset a password (see "+envName("smtp-url")+")", "folder", outbox)
	}
	if p.config.plcDirectory == "" && !p.config.isLocal() {
		p.logger.Warn("identities are published nowhere else, and other servers do not find the accounts of this one (see --plc-directory)")
	}
	if p.config.plcDirectory != "" && p.found.Identities {
		p.logger.Warn("the identities from the time without --plc-directory are unknown there: these accounts cannot change their handles, and other servers do not find them")
	}
	if p.config.inviteInterval > 0 && !p.config.inviteRequired {
		p.logger.Warn("accounts earn no invite codes, because none are needed (see --invite-required)")
	}
	if words := p.config.handles.Unreserved(); len(words) > 0 {
		p.logger.Warn("words that are not reserved need no release (see --release-handles)", "words", strings.Join(words, " "))
	}
	p.adviseOnFolder()
}

// adviseOnFolder logs what an operator may not have meant of the data folder.
func (p *parts) adviseOnFolder() {
	if p.orphaned {
		p.logger.Warn("the keys are older than the database, which is new and empty: if there were accounts, stop the server and put their database back",
			"folder", p.config.data)
	}
	if was, name := p.found.Server, p.name(); was != name && was != (sqlite.Server{}) {
		p.logger.Warn("the server had another name: the handles and identities of its accounts still bear that",
			"hostname", name.Hostname, "did", name.DID, "hostname_before", was.Hostname, "did_before", was.DID)
	}
	if file, shared := keys.SharedMasterKey(p.config.data); shared && p.config.masterKey == nil {
		p.logger.Warn("other users of this machine may read the master key, and with it everything: set the mode of its file to 0600", "file", file)
	}
}

// warnOfProxy logs, once, that a proxy seems to be in front of the server that the operator has not named:
// the limits take all that comes through it for one client.
func warnOfProxy(logger *slog.Logger, trusted []netip.Prefix) echo.MiddlewareFunc {
	unheeded := clientaddr.Unheeded(trusted)
	var once sync.Once
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			if peer, ok := unheeded(c.Request()); ok {
				once.Do(func() {
					logger.Warn("X-Forwarded-For is not believed, and all clients of a proxy count as one (see --trusted-proxies)", "proxy", peer)
				})
			}
			return next(c)
		}
	}
}
