package main

import (
	"encoding/csv"
	"errors"
	"fmt"
	"runtime"
	"strconv"
	"strings"

	"github.com/spf13/pflag"

	"github.com/lexgen-go/lexgen/server/internal/account"
	"github.com/lexgen-go/lexgen/server/internal/keys"
)

// envPrefix begins the names of the environment variables that stand for flags.
const envPrefix = "LEXGEN_"

// The formats of the log.
const (
	formatText = "text"
	formatJSON = "json"
)

// parseCommand reads the command line and the environment, and fills in what follows from the rest. It
// returns also which command is wanted, with its options; the command is nil if the server is to serve.
// The error is [pflag.ErrHelp] if help was asked for; otherwise it names all mistakes, a line each.
func parseCommand(args []string, getenv func(string) string) (config, *command, options, error) {
	var c config
	var o options
	wanted, args := findCommand(args)
	flags := newFlags(&c)
	if wanted != nil && wanted.define != nil {
		wanted.define(flags, &o)
	}
	err := readArguments(flags, args, wanted, &o)
	if errors.Is(err, pflag.ErrHelp) {
		return c, wanted, o, pflag.ErrHelp
	}
	err = errors.Join(err, readEnvironment(flags, getenv), c.readSecrets(getenv))
	err = errors.Join(err, c.complete())
	return c, wanted, o, err
}

// readArguments sets the flags that are on the command line. It returns all mistakes up to a flag that
// it does not know. The operand of the command goes to o.
func readArguments(flags *pflag.FlagSet, args []string, wanted *command, o *options) error {
	var problems []error
	err := flags.ParseAll(args, func(f *pflag.Flag, text string) error {
		problems = append(problems, setFlag(flags, f, "--"+f.Name, text))
		return nil
	})
	problems = append(problems, err)
	if err == nil {
		problems = append(problems, readOperand(flags.Args(), wanted, o))
	}
	return errors.Join(problems...)
}

// setFlag sets a flag to a value that came under a name: that of the flag or of its variable. A value
// that is refused leaves the default.
func setFlag(flags *pflag.FlagSet, f *pflag.Flag, name, text string) error {
	err := flags.Set(f.Name, text)
	if err == nil {
		return nil
	}
	if _, isList := f.Value.(pflag.SliceValue); !isList { // numbers are 0 now, lists as before
		err = errors.Join(err, f.Value.Set(f.DefValue))
	}
	return describeValueError(f.Value.Type(), name, text, err)
}

// readSecrets takes the secrets from the environment that are there. None of them has a flag: what is on
// a command line can be read by every user of the machine.
func (c *config) readSecrets(getenv func(string) string) error {
	c.adminPassword = getenv(envName("admin-password"))
	c.smtpURL = getenv(envName("smtp-url"))
	c.rateBypass = getenv(envName("rate-limit-bypass"))
	return c.readMasterKey(getenv)
}

func (c *config) readMasterKey(getenv func(string) string) error {
	name := envName("master-key")
	text := getenv(name)
	if text == "" {
		return nil
	}
	key, err := keys.ParseMasterKey(text)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	c.masterKey = &key
	return nil
}

// newFlags defines the flags of all commands, which fill in c.
func newFlags(c *config) *pflag.FlagSet {
	flags := pflag.NewFlagSet("server", pflag.ContinueOnError)
	flags.SortFlags = false
	flags.Usage = func() {}
	c.hash = account.DefaultArgon2Params()
	flags.StringVar(&c.listen, "listen", "127.0.0.1:2583", "`address` to listen on")
	flags.StringVar(&c.data, "data", "./data", "`folder` of the database and the keys; a server creates it if it does not exist")
	flags.StringVar(&c.hostname, "hostname", localhost, "public `name` of the server")
	flags.StringVar(&c.publicURL, "public-url", "", "`URL` under which clients reach the server (default https:// and the hostname; for localhost http:// with the port)")
	flags.StringVar(&c.serviceDID, "service-did", "", "`DID` of the server (default did:web: and the hostname)")
	flags.StringSliceVar(&c.handleDomains, "handle-domains", nil, "`suffixes` under which handles are given, such as .example.com (default a dot and the hostname; .test for localhost)")
	flags.StringSliceVar(&c.reserve, "reserve-handles", nil, "more `words` that nobody can have as a handle")
	flags.StringSliceVar(&c.release, "release-handles", nil, "reserved `words` that are to be had as handles after all")
	flags.StringSliceVar(&c.block, "block-words", nil, "`words` that no part of a handle may be")
	flags.StringSliceVar(&c.blockEmails, "block-email-domains", nil, "more `domains` at which a new email address cannot be, with those below them, besides those of throwaway addresses")
	flags.StringSliceVar(&c.allowEmails, "allow-email-domains", nil, "`domains` at which an email address can be after all, with those below them")
	flags.IntVar(&c.passwordMin, "password-min", 0, "least `number` of characters of a new password")
	flags.BoolVar(&c.passwordOptional, "password-optional", false, "let accounts be made without a password; their owners set one with a code by mail")
	flags.StringVar(&c.breached, "breached-passwords", "", "`file` of passwords known from breaches, which nobody can choose: lines with a SHA-1 in hexadecimal, a colon and a count, sorted")
	flags.Uint32Var(&c.hash.MemoryKiB, "hash-memory", c.hash.MemoryKiB, "memory in `KiB` for hashing one password with Argon2id")
	flags.Uint32Var(&c.hash.Passes, "hash-passes", c.hash.Passes, "`passes` over that memory")
	flags.Uint8Var(&c.hash.Threads, "hash-threads", c.hash.Threads, "`threads` for hashing one password")
	flags.IntVar(&c.hashParallel, "hash-parallel", min(max(1, runtime.NumCPU()/2), maxHashParallel), "`number` of passwords that are hashed at the same time")
	flags.StringVar(&c.privacyPolicy, "privacy-policy", "", "`URL` of the privacy policy, for describeServer")
	flags.StringVar(&c.termsOfService, "terms-of-service", "", "`URL` of the terms of service, for describeServer")
	flags.StringVar(&c.contactEmail, "contact-email", "", "`address` of the operator, for describeServer")
	flags.BoolVar(&c.inviteRequired, "invite-required", false, "let nobody sign up without an invite code")
	flags.DurationVar(&c.inviteInterval, "invite-interval", 0, "`age` that earns an account an invite code, such as 168h (default: accounts earn none)")
	flags.StringVar(&c.inviteEpochText, "invite-epoch", "", "`time` from when on invite codes are earned, such as 2026-01-31T00:00:00Z")
	flags.DurationVar(&c.quarantine, "handle-quarantine", 0, "`time` for which nobody else can have a handle that was given up")
	flags.BoolVar(&c.omitDIDDoc, "omit-did-doc", false, "leave DID documents out of the answers of createSession, refreshSession and getSession")
	flags.BoolVar(&c.resetDrops, "reset-drops-app-passwords", false, "delete the app passwords of an account when its password is reset")
	flags.BoolVar(&c.confineApps, "confine-app-passwords", false, "let sessions of an app password see and revoke no other app password")
	flags.BoolVar(&c.confineServices, "confine-service-tokens", false, "give sessions of an app password that is not privileged no service token without a method")
	flags.BoolVar(&c.hideEmails, "hide-taken-emails", false, "answer a taken email address like one that is not supported")
	flags.BoolVar(&c.endReplayed, "end-replayed-sessions", false, "end a session when a refresh token of it is presented two hours or more after its first use")
	flags.StringVar(&c.mailFrom, "mail-from", "", "`address` that mails come from (default noreply@ and the hostname)")
	flags.StringVar(&c.plcDirectory, "plc-directory", "", "`URL` of the did:plc directory that identities are published to (default: the server is one, below /plc)")
	flags.StringVar(&c.recoveryKey, "recovery-key", "", "`did:key` of the operator that goes into every new identity, above the server's own key")
	flags.StringVar(&c.dnsServer, "dns-server", "", "`address` of the DNS server that handles are looked up with (default: that of the machine)")
	flags.StringVar(&c.moderationDID, "moderation-did", "", "`DID` of the service that may act as a moderator")
	flags.StringSliceVar(&c.trustedProxies, "trusted-proxies", nil, "`addresses` or networks of proxies whose X-Forwarded-For is believed")
	flags.BoolVar(&c.rateLimits, "rate-limits", true, "limit how often clients may call")
	flags.StringVar(&c.adminListen, "admin-listen", "", "`address` on which alone the methods of the administrator are served (default: with all others)")
	flags.StringVar(&c.metricsListen, "metrics-listen", "", "`address` on which Prometheus finds /metrics (default: nowhere)")
	flags.StringVar(&c.logFormat, "log-format", formatText, "`format` of the log on standard error: text or json")
	flags.StringVar(&c.logLevel, "log-level", "info", "least `level` that is logged: debug, info (with a line for each request), warn or error")
	return flags
}

// envName returns the environment variable that stands for a flag.
func envName(flag string) string {
	return envPrefix + strings.ToUpper(strings.ReplaceAll(flag, "-", "_"))
}

// usage returns the help text, of a command if it is not nil.
func usage(wanted *command) string {
	var c config
	var o options
	flags := newFlags(&c)
	text := "An AT Protocol account server.\n\nUsage: server [flags]\n       server COMMAND [flags]\n\n" + listCommands() + "\nFlags:\n"
	if wanted != nil {
		text = wanted.help(&o) + "\nFlags of the server, of which a command needs the same as the server that it is for:\n"
	}
	flags.VisitAll(func(f *pflag.Flag) { f.Usage += " [" + envName(f.Name) + "]" })
	return text + flags.FlagUsages() +
		"  -h, --help                      print this text\n\n" +
		"Each flag can be set by the environment variable in brackets, unless that is empty; the command\n" +
		"line wins. Secrets are taken from the environment only:\n" +
		"  " + envName("master-key") + "      encrypts all other keys: 32 bytes in hexadecimal or base64.\n" +
		"                         Without it the key is in the file master.key of the data folder.\n" +
		"  " + envName("admin-password") + "  of the user admin, for the methods of the administrator: at least 16 characters.\n" +
		"  " + envName("smtp-url") + "        where mails are sent, such as smtp://user:password@mail.example.com:587.\n" +
		"                         Without it they become files in the folder outbox of the data folder.\n" +
		"  " + envName("rate-limit-bypass") + "\n" +
		"                         lets requests past the rate limits that have it in the header x-ratelimit-bypass:\n" +
		"                         at least 16 characters of ASCII, and no spaces.\n"
}

// readEnvironment sets the flags that were not on the command line. It returns all mistakes.
func readEnvironment(flags *pflag.FlagSet, getenv func(string) string) error {
	var problems []error
	flags.VisitAll(func(f *pflag.Flag) {
		text := getenv(envName(f.Name))
		if text == "" || f.Changed {
			return
		}
		problems = append(problems, setFlag(flags, f, envName(f.Name), text))
	})
	return errors.Join(problems...)
}

// describeValueError says what is wrong with a value in words that are not those of a Go function.
func describeValueError(kind, name, text string, err error) error {
	var misquoted *csv.ParseError
	switch {
	case errors.As(err, &misquoted):
		return fmt.Errorf("%s: %s is not a list of words with commas between them: a quotation mark is out of place", name, text)
	case kind == "bool":
		return fmt.Errorf("%s: %q is neither true nor false", name, text)
	case kind == "duration":
		return fmt.Errorf("%s: %q is not a time such as 90m or 48h", name, text)
	case errors.Is(err, strconv.ErrSyntax):
		return fmt.Errorf("%s: %q is not a whole number", name, text)
	case errors.Is(err, strconv.ErrRange):
		return fmt.Errorf("%s: %s is out of range", name, text)
	}
	return fmt.Errorf("%s: %w", name, err)
}
