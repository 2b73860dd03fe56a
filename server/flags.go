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

// parseConfig reads the command line and the environment, and fills in what follows from the rest.
// The error is [pflag.ErrHelp] if help was asked for; otherwise it names all mistakes, a line each.
func parseConfig(args []string, getenv func(string) string) (config, error) {
	var c config
	flags := newFlags(&c)
	err := readArguments(flags, args)
	if errors.Is(err, pflag.ErrHelp) {
		return c, pflag.ErrHelp
	}
	err = errors.Join(err, readEnvironment(flags, getenv), c.readMasterKey(getenv))
	err = errors.Join(err, c.complete())
	return c, err
}

// readArguments sets the flags that are on the command line. It returns all mistakes up to a flag that
// it does not know.
func readArguments(flags *pflag.FlagSet, args []string) error {
	var problems []error
	err := flags.ParseAll(args, func(f *pflag.Flag, text string) error {
		problems = append(problems, setFlag(flags, f, "--"+f.Name, text))
		return nil
	})
	problems = append(problems, err)
	if flags.NArg() > 0 {
		problems = append(problems, fmt.Errorf("unexpected argument %q", flags.Arg(0)))
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
	return describeValueError(name, text, err)
}

// readMasterKey takes the master key from the environment, if it is there.
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

// newFlags defines the flags, which fill in c. The master key is not among them: what is on a
// command line can be read by every user of the machine.
func newFlags(c *config) *pflag.FlagSet {
	flags := pflag.NewFlagSet("server", pflag.ContinueOnError)
	flags.SortFlags = false
	flags.Usage = func() {}
	c.hash = account.DefaultArgon2Params()
	flags.StringVar(&c.listen, "listen", "127.0.0.1:2583", "`address` to listen on")
	flags.StringVar(&c.data, "data", "./data", "`folder` of the database and the keys; it is created if it does not exist")
	flags.StringVar(&c.hostname, "hostname", localhost, "public `name` of the server")
	flags.StringVar(&c.publicURL, "public-url", "", "`URL` under which clients reach the server (default https:// and the hostname; for localhost http:// with the port)")
	flags.StringVar(&c.serviceDID, "service-did", "", "`DID` of the server (default did:web: and the hostname)")
	flags.StringSliceVar(&c.handleDomains, "handle-domains", nil, "`suffixes` under which handles are given, such as .example.com (default a dot and the hostname; .test for localhost)")
	flags.StringSliceVar(&c.reserve, "reserve-handles", nil, "more `words` that nobody can have as a handle")
	flags.StringSliceVar(&c.release, "release-handles", nil, "reserved `words` that are to be had as handles after all")
	flags.StringSliceVar(&c.block, "block-words", nil, "`words` that no part of a handle may be")
	flags.IntVar(&c.passwordMin, "password-min", 0, "least `number` of characters of a new password")
	flags.Uint32Var(&c.hash.MemoryKiB, "hash-memory", c.hash.MemoryKiB, "memory in `KiB` for hashing one password with Argon2id")
	flags.Uint32Var(&c.hash.Passes, "hash-passes", c.hash.Passes, "`passes` over that memory")
	flags.Uint8Var(&c.hash.Threads, "hash-threads", c.hash.Threads, "`threads` for hashing one password")
	flags.IntVar(&c.hashParallel, "hash-parallel", max(1, runtime.NumCPU()/2), "`number` of passwords that are hashed at the same time")
	flags.StringVar(&c.privacyPolicy, "privacy-policy", "", "`URL` of the privacy policy, for describeServer")
	flags.StringVar(&c.termsOfService, "terms-of-service", "", "`URL` of the terms of service, for describeServer")
	flags.StringVar(&c.logFormat, "log-format", formatText, "`format` of the log on standard error: text or json")
	flags.StringVar(&c.logLevel, "log-level", "info", "least `level` that is logged: debug, info (with a line for each request), warn or error")
	return flags
}

// envName returns the environment variable that stands for a flag.
func envName(flag string) string {
	return envPrefix + strings.ToUpper(strings.ReplaceAll(flag, "-", "_"))
}

// usage returns the help text.
func usage() string {
	flags := newFlags(new(config))
	flags.VisitAll(func(f *pflag.Flag) { f.Usage += " [" + envName(f.Name) + "]" })
	return "An AT Protocol account server.\n\nUsage: server [flags]\n\n" + flags.FlagUsages() +
		"  -h, --help                      print this text\n\n" +
		"Each flag can be set by the environment variable in brackets, unless that is empty; the command\n" +
		"line wins. " + envName("master-key") + " may hold the key that encrypts all other keys: 32 bytes in\n" +
		"hexadecimal or base64. Without it the key is in the file master.key of the data folder.\n"
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
func describeValueError(name, text string, err error) error {
	var misquoted *csv.ParseError
	switch {
	case errors.As(err, &misquoted):
		return fmt.Errorf("%s: %s is not a list of words with commas between them: a quotation mark is out of place", name, text)
	case errors.Is(err, strconv.ErrSyntax):
		return fmt.Errorf("%s: %q is not a whole number", name, text)
	case errors.Is(err, strconv.ErrRange):
		return fmt.Errorf("%s: %s is out of range", name, text)
	}
	return fmt.Errorf("%s: %w", name, err)
}
