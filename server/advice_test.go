package main

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// startAndStop starts a server, stops it, and returns its log.
func startAndStop(t *testing.T, folder string, variables map[string]string, args ...string) string {
	t.Helper()
	s := startServerIn(t, folder, variables, args...)
	s.stop()
	return s.log.String()
}

// What an operator may not have meant is a line in the log, and nothing else is.
func TestAdvice(t *testing.T) {
	t.Parallel()
	const (
		noMails       = "nobody can reset a password"
		noDirectory   = "published nowhere else"
		newDirectory  = "unknown there"
		readableByAll = "may read the master key"
		oldKeys       = "the keys are older than the database"
		otherName     = "the server had another name"
		notReserved   = "words that are not reserved need no release"
	)
	public := []string{"--hostname", "pds.example.com"}
	fitted := append([]string{"--plc-directory", "https://plc.example.com"}, public...)
	smtp := map[string]string{"LEXGEN_SMTP_URL": "smtps://user:password@mail.example.com"}
	tests := []struct {
		name      string
		prepare   func(t *testing.T, folder string)
		variables map[string]string
		args      []string
		want      []string
	}{
		{"for development", nil, nil, nil, nil},
		{"public as it comes", nil, nil, public, []string{noMails, noDirectory}},
		{"public", nil, smtp, fitted, nil},
		{"a directory for later accounts", startWithAccount, smtp, []string{"--plc-directory", "https://plc.example.com"}, []string{newDirectory}},
		{"a directory before all accounts", func(t *testing.T, folder string) {
			startAndStop(t, folder, nil, public...)
		}, smtp, fitted, nil},
		{"the same name again", startWithAccount, nil, nil, nil},
		{"another hostname", startOnce, smtp, fitted, []string{otherName + `: the handles and identities of its accounts still bear that" ` +
			`hostname=pds.example.com did=did:web:pds.example.com hostname_before=localhost did_before=did:web:localhost`}},
		{"another service DID", startOnce, nil, []string{"--service-did", "did:web:other.example.com"}, []string{otherName}},
		{"a database that is lost", func(t *testing.T, folder string) {
			startWithAccount(t, folder)
			removeAll(t, folder, "account.sqlite*")
		}, nil, nil, []string{oldKeys}},
		{"a master key before the first start", func(t *testing.T, folder string) {
			write(t, folder, "master.key", strings.Repeat("ab", 32))
		}, nil, nil, nil},
		{"released words", nil, nil, []string{"--release-handles", "dril, Pelican,walrus"}, []string{notReserved + ` (see --release-handles)" words="Pelican walrus"`}},
		{"a master key for everybody", exposeMasterKey, nil, nil, []string{readableByAll}},
		{"a master key for the group", func(t *testing.T, folder string) {
			exposeMasterKey(t, folder)
			must(t, os.Chmod(filepath.Join(folder, "master.key"), 0o640))
		}, nil, nil, []string{readableByAll}},
		{"a master key that is not used", exposeMasterKey, map[string]string{"LEXGEN_MASTER_KEY": strings.Repeat("ab", 32)}, nil, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			folder := t.TempDir()
			if test.prepare != nil {
				test.prepare(t, folder)
			}
			log := startAndStop(t, folder, test.variables, test.args...)
			wantContains(t, "log", log, test.want...)
			if got := strings.Count(log, "level=WARN"); got != len(test.want) {
				t.Errorf("got %d warnings, want %d: %s", got, len(test.want), log)
			}
		})
	}
}

// exposeMasterKey writes a master key that every user of the machine can read.
func exposeMasterKey(t *testing.T, folder string) {
	t.Helper()
	write(t, folder, "master.key", strings.Repeat("ab", 32))
	must(t, os.Chmod(filepath.Join(folder, "master.key"), 0o644))
}

// A proxy that the operator has not named is noticed once.
func TestUnnamedProxy(t *testing.T) {
	t.Parallel()
	const warning = "X-Forwarded-For is not believed"
	for name, test := range map[string]struct {
		args []string
		want int
	}{
		"unnamed": {nil, 1},
		"named":   {[]string{"--trusted-proxies", "127.0.0.1"}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := startServer(t, t.TempDir(), test.args...)
			for range 2 {
				r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.url+"/", http.NoBody)
				must(t, err)
				r.Header.Set("X-Forwarded-For", "198.51.100.1")
				do(t, r)
			}
			s.stop()
			if got := strings.Count(s.log.String(), warning); got != test.want {
				t.Errorf("warnings: got %d, want %d: %s", got, test.want, s.log.String())
			}
			if test.want == 0 {
				wantContains(t, "log", s.log.String(), "client=198.51.100.1")
			}
		})
	}
}
