package main

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"runtime"
	"strings"

	"github.com/spf13/pflag"

	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/server/internal/account"
	"github.com/lexgen-go/lexgen/server/internal/keys"
)

// localhost is the hostname of a server for development. Its public URL has the port that it
// listens on, which may not be known before.
const localhost = "localhost"

// envPrefix begins the names of the environment variables that stand for flags.
const envPrefix = "LEXGEN_"

// config is what an operator decides.
type config struct {
	listen         string
	data           string
	hostname       string
	publicURL      string
	serviceDID     string
	handleDomains  []string
	reserve        []string
	release        []string
	block          []string
	masterKey      *keys.MasterKey // nil if the data folder keeps it
	passwordMin    int
	hash           account.Argon2Params
	hashParallel   int
	privacyPolicy  string
	termsOfService string
	logFormat      string
}

// newFlags defines the flags, which fill in c. The master key is not among them: what is on a
// command line can be read by every user of the machine.
func newFlags(c *config) *pflag.FlagSet {
	flags := pflag.NewFlagSet("server", pflag.ContinueOnError)
	flags.SortFlags = false
	flags.Usage = func() {}
	flags.SetInterspersed(true)
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
	flags.StringVar(&c.logFormat, "log-format", "text", "`format` of the log on standard error: text or json")
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
	return "An AT Protocol account server.\n\nUsage: server [flags]\n\n" + flags.FlagUsages() + "\n" +
		"Each flag can be set by the environment variable in brackets; the command line wins.\n" +
		envName("master-key") + " may hold the key that encrypts all other keys: 32 bytes in hexadecimal or\n" +
		"base64. Without it the key is in the file master.key of the data folder.\n"
}

// parseConfig reads the command line and the environment, and fills in what follows from the rest.
// The error is pflag.ErrHelp if help was asked for.
func parseConfig(args []string, getenv func(string) string) (config, error) {
	var c config
	flags := newFlags(&c)
	if err := flags.Parse(args); err != nil {
		return c, err
	}
	if flags.NArg() > 0 {
		return c, fmt.Errorf("unexpected argument %q", flags.Arg(0))
	}
	var problems []error
	flags.VisitAll(func(f *pflag.Flag) {
		if text := getenv(envName(f.Name)); text != "" && !f.Changed {
			if err := flags.Set(f.Name, text); err != nil {
				problems = append(problems, fmt.Errorf("%s: %w", envName(f.Name), err))
			}
		}
	})
	if text := getenv(envName("master-key")); text != "" {
		key, err := keys.ParseMasterKey(text)
		if err != nil {
			problems = append(problems, fmt.Errorf("%s: %w", envName("master-key"), err))
		}
		c.masterKey = &key
	}
	if err := errors.Join(problems...); err != nil {
		return c, err
	}
	return c, c.complete()
}

// complete fills in what follows from the hostname, and checks what no other package does.
func (c *config) complete() error {
	if _, _, err := net.SplitHostPort(c.listen); err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	local := c.hostname == localhost
	if c.publicURL == "" && !local {
		c.publicURL = "https://" + c.hostname
	}
	if c.serviceDID == "" {
		c.serviceDID = "did:web:" + c.hostname
	}
	if len(c.handleDomains) == 0 {
		c.handleDomains = []string{"." + c.hostname}
		if local {
			c.handleDomains = []string{".test"}
		}
	}
	switch {
	case !syntax.DID(c.serviceDID).Valid():
		return fmt.Errorf("service-did: %q is not a DID", c.serviceDID)
	case c.logFormat != "text" && c.logFormat != "json":
		return fmt.Errorf("log-format: %q is neither text nor json", c.logFormat)
	case c.hashParallel < 1:
		return errors.New("hash-parallel: must be at least 1")
	case c.passwordMin < 0 || c.passwordMin > maxPasswordMin:
		return fmt.Errorf("password-min: must be between 0 and %d", maxPasswordMin)
	}
	for name, link := range map[string]string{"privacy-policy": c.privacyPolicy, "terms-of-service": c.termsOfService} {
		if u, err := url.Parse(link); link != "" && (err != nil || u.Host == "") {
			return fmt.Errorf("%s: %q is not a URL", name, link)
		}
	}
	return c.hash.Check()
}

// maxPasswordMin keeps an operator from asking for passwords that would be refused as too long.
const maxPasswordMin = 64
