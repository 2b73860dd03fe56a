package main

import (
	"slices"
	"strings"
	"testing"

	"github.com/spf13/pflag"
)

func TestDefaults(t *testing.T) {
	t.Parallel()
	c, err := parseConfig(nil, noEnv)
	must(t, err)
	if c.listen != "127.0.0.1:2583" || c.data != "./data" || c.publicURL != "" || c.serviceDID != "did:web:localhost" || c.masterKey != nil {
		t.Errorf("got %+v", c)
	}
	if got, want := c.handles.Domains(), []string{".test"}; !slices.Equal(got, want) {
		t.Errorf("handle domains: got %q, want %q", got, want)
	}
}

func TestHostname(t *testing.T) {
	t.Parallel()
	c, err := parseConfig([]string{"--hostname", "PDS.Example.com"}, noEnv)
	must(t, err)
	if c.publicURL != "https://pds.example.com" || c.serviceDID != "did:web:pds.example.com" {
		t.Errorf("got URL %s, DID %s", c.publicURL, c.serviceDID)
	}
	if got, want := c.handles.Domains(), []string{".pds.example.com"}; !slices.Equal(got, want) {
		t.Errorf("handle domains: got %q, want %q", got, want)
	}
}

func TestPublicURL(t *testing.T) {
	t.Parallel()
	for _, url := range []string{"https://example.com", "https://example.com/", "HTTPS://Example.com:8443", "http://[::1]:2583"} {
		if _, err := parseConfig([]string{"--public-url", url}, noEnv); err != nil {
			t.Errorf("%s: %v", url, err)
		}
	}
}

func TestEnvironment(t *testing.T) {
	t.Parallel()
	getenv := env(map[string]string{
		"LEXGEN_LISTEN":         "127.0.0.1:1",
		"LEXGEN_DATA":           "elsewhere",
		"LEXGEN_HANDLE_DOMAINS": ".one.example.com, .two.example.com",
		"LEXGEN_LOG_FORMAT":     "",
		"LEXGEN_PASSWORD_MIN":   "8",
		"LEXGEN_MASTER_KEY":     strings.Repeat("0f", 32),
	})
	c, err := parseConfig([]string{"--listen=127.0.0.1:2"}, getenv)
	must(t, err)
	if c.listen != "127.0.0.1:2" {
		t.Errorf("listen: got %s; the command line does not win", c.listen)
	}
	if c.data != "elsewhere" || c.passwordMin != 8 || c.logFormat != formatText {
		t.Errorf("got %+v", c)
	}
	if got, want := c.handles.Domains(), []string{".one.example.com", ".two.example.com"}; !slices.Equal(got, want) {
		t.Errorf("handle domains: got %q, want %q", got, want)
	}
	if c.masterKey == nil || c.masterKey[0] != 0x0f {
		t.Error("the master key was not read")
	}
}

// The help lists every flag with its variable, and each works in the other form.
func TestHelp(t *testing.T) {
	t.Parallel()
	var stdout, stderr strings.Builder
	if got := run(t.Context(), []string{"--help"}, noEnv, &stdout, &stderr); got != exitFine || stderr.Len() > 0 {
		t.Errorf("got exit status %d, standard error %q", got, stderr.String())
	}
	lines := strings.Split(stdout.String(), "\n")
	flags := 0
	newFlags(new(config)).VisitAll(func(f *pflag.Flag) {
		flags++
		i := slices.IndexFunc(lines, func(line string) bool { return strings.HasPrefix(line, "      --"+f.Name+" ") })
		if i < 0 || !strings.Contains(lines[i], "["+envName(f.Name)+"]") {
			t.Errorf("the help does not tell of --%s and %s", f.Name, envName(f.Name))
		}
	})
	if flags == 0 {
		t.Error("there are no flags")
	}
	wantContains(t, "help", stdout.String(), "--help", "LEXGEN_MASTER_KEY", "master.key")
}

// knownCommands is what follows the name of an unknown command.
const knownCommands = ": the commands are invite create, account list, account show, account takedown, account restore, " +
	"account reset-password, keys rotate, backup, check\n"

// Every mistake is answered with a line that names the flag or the variable, and nothing is started.
func TestBadConfiguration(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		args string
		env  map[string]string
		want string
	}{
		{"unknown flag", "--lissten :1", nil, "server: unknown flag: --lissten\n"},
		{"unknown command", "start", nil, "server: unknown command \"start\"" + knownCommands},
		{"misspelled command", "acount list --data x", nil, "server: unknown command \"acount list\"" + knownCommands},
		{"false behind its flag", "--rate-limits false", nil, "server: unexpected argument \"false\": flags that are true or false are written as in --rate-limits=false\n"},
		{"half a command", "account", nil, "server: unknown command \"account\"" + knownCommands},
		{"more than a command", "account lists accounts", nil, "server: unknown command \"account lists\"" + knownCommands},
		{"command behind flags", "--data x account list", nil, "server: the command \"account list\" must come before all flags\n"},
		{"no operand", "account show --data x", nil, "server: account show: ACCOUNT is missing\n"},
		{"no file", "backup", nil, "server: backup: FILE is missing\n"},
		{"two operands", "account takedown alice.test bob.test", nil, "server: unexpected argument \"bob.test\"\n"},
		{"operand of a command without", "check everything", nil, "server: unexpected argument \"everything\"\n"},
		{"flag of another command", "account list --uses 3", nil, "server: unknown flag: --uses\n"},
		{"flag of a command", "--uses 3", nil, "server: unknown flag: --uses\n"},
		{"number of a command", "invite create --uses many", nil, "server: --uses: \"many\" is not a whole number\n"},
		{"no value", "--data", nil, "server: flag needs an argument: --data\n"},
		{"no number", "--password-min eight", nil, "server: --password-min: \"eight\" is not a whole number\n"},
		{"too large a number", "--hash-threads 256", nil, "server: --hash-threads: 256 is out of range\n"},
		{"no number in the environment", "", map[string]string{"LEXGEN_HASH_PASSES": "x"}, "server: LEXGEN_HASH_PASSES: \"x\" is not a whole number\n"},
		{"master key", "", map[string]string{"LEXGEN_MASTER_KEY": "hunter2"}, "server: LEXGEN_MASTER_KEY: master key is not 32 bytes in hexadecimal or base64\n"},
		{"address without a port", "--listen localhost", nil, "server: --listen: \"localhost\" is not a host and a port, such as 127.0.0.1:2583\n"},
		{"port out of range", "--listen 127.0.0.1:65536", nil, "server: --listen: \"127.0.0.1:65536\" is not a host and a port, such as 127.0.0.1:2583\n"},
		{"named port", "--listen :http", nil, "server: --listen: \":http\" is not a host and a port, such as 127.0.0.1:2583\n"},
		{"hostname", "--hostname http://example.com", nil, "server: --hostname: \"http://example.com\" is not a domain name\n"},
		{"empty data", "--data=", nil, "server: --data: must not be empty\n"},
		{"public URL", "--public-url example.com", nil, "server: --public-url: \"example.com\" is not an http or https URL\n"},
		{"public URL with a path", "--public-url https://example.com/pds", nil, "server: --public-url: \"https://example.com/pds\" has more than a scheme, a host and a port\n"},
		{"public URL with two slashes", "--public-url https://example.com//", nil, "server: --public-url: \"https://example.com//\" has more than a scheme, a host and a port\n"},
		{"public URL with a query", "--public-url https://example.com?", nil, "server: --public-url: \"https://example.com?\" has more than a scheme, a host and a port\n"},
		{"public URL with a fragment", "--public-url https://example.com/#", nil, "server: --public-url: \"https://example.com/#\" has more than a scheme, a host and a port\n"},
		{"public URL with a user", "--public-url https://alice@example.com", nil, "server: --public-url: \"https://alice@example.com\" has more than a scheme, a host and a port\n"},
		{"DID", "--service-did example.com", nil, "server: --service-did: \"example.com\" is not a DID\n"},
		{"domain without a dot", "--handle-domains example.com", nil, "server: --handle-domains: handle domain \"example.com\" is not a dot and a domain name\n"},
		{"blocked domain", "--block-email-domains fine.example.com,@example.com", nil, "server: --block-email-domains, --allow-email-domains: \"@example.com\" is not a domain name\n"},
		{"forbidden domain", "--hostname pds.local", nil, "server: --hostname: handle domain \".pds.local\" lies under a top-level domain that no handle may have\n"},
		{"forbidden domain of one's own", "--hostname pds.example.com --handle-domains .pds.local", nil, "server: --handle-domains: handle domain \".pds.local\" lies under a top-level domain that no handle may have\n"},
		{"two reserved words in one", "", map[string]string{"LEXGEN_RESERVE_HANDLES": "one, two words"}, "server: --reserve-handles: \"two words\" is not a word of letters, digits and hyphens\n"},
		{"a reserved handle", "--reserve-handles admin.test", nil, "server: --reserve-handles: \"admin.test\" is not a word of letters, digits and hyphens\n"},
		{"no released word", "--release-handles dril,", nil, "server: --release-handles: \"\" is not a word of letters, digits and hyphens\n"},
		{"blocked word", "--block-words r_de", nil, "server: --block-words: \"r_de\" is not a word of letters, digits and hyphens\n"},
		{"quoted list", `--reserve-handles a"b,c`, nil, "server: --reserve-handles: a\"b,c is not a list of words with commas between them: a quotation mark is out of place\n"},
		{"quoted list in the environment", "", map[string]string{"LEXGEN_BLOCK_WORDS": `"a`}, "server: LEXGEN_BLOCK_WORDS: \"a is not a list of words with commas between them: a quotation mark is out of place\n"},
		{"long passwords", "--password-min 65", nil, "server: --password-min: must be between 0 and 64\n"},
		{"cheap hashes", "--hash-memory 1024", nil, "server: --hash-memory, --hash-passes, --hash-threads: argon2id parameters too cheap: at least 19 MiB in 2 passes, or 46 MiB in 1\n"},
		{"no hashing", "--hash-parallel 0", nil, "server: --hash-parallel: must be between 1 and 64\n"},
		{"too much hashing", "--hash-parallel 65", nil, "server: --hash-parallel: must be between 1 and 64\n"},
		{"policy", "--privacy-policy javascript:alert(1)", nil, "server: --privacy-policy: \"javascript:alert(1)\" is not an http or https URL\n"},
		{"policy with a space", "", map[string]string{"LEXGEN_PRIVACY_POLICY": "https://example.com/a b"}, "server: --privacy-policy: \"https://example.com/a b\" is not an http or https URL\n"},
		{"terms", "--terms-of-service /terms", nil, "server: --terms-of-service: \"/terms\" is not an http or https URL\n"},
		{"recovery key", "--recovery-key did:key:zzz", nil, "server: --recovery-key: not the did:key of a P-256 or secp256k1 public key\n"},
		{"mail address", "--mail-from nobody", nil, "server: --mail-from: sender \"nobody\": not an email address\n"},
		{"mail server", "", map[string]string{"LEXGEN_SMTP_URL": "http://hunter2"}, "server: LEXGEN_SMTP_URL: URL of the mail server: it must begin with smtp:// or smtps://\n"},
		{"contact", "--contact-email nobody", nil, "server: --contact-email: \"nobody\" is not an email address\n"},
		{"directory", "--plc-directory plc.example.com", nil, "server: --plc-directory: \"plc.example.com\" is not an http or https URL\n"},
		{"DNS server", "--dns-server 127.0.0.1", nil, "server: --dns-server: \"127.0.0.1\" is not a host and a port, such as 127.0.0.1:53\n"},
		{"moderator", "--moderation-did nobody", nil, "server: --moderation-did: \"nobody\" is not a DID\n"},
		{"proxy", "--trusted-proxies 10.0.0.0/8,proxy", nil, "server: --trusted-proxies: \"proxy\" is neither an IP address nor a prefix\n"},
		{"everybody as a proxy", "--trusted-proxies ::1,0.0.0.0/0", nil, "server: --trusted-proxies: \"0.0.0.0/0\" has everybody in it: name the proxies alone\n"},
		{"epoch", "--invite-epoch 2026", nil, "server: --invite-epoch: \"2026\" is not a time such as 2026-01-31T00:00:00Z\n"},
		{"interval", "--invite-interval week", nil, "server: --invite-interval: \"week\" is not a time such as 90m or 48h\n"},
		{"negative interval", "--invite-interval -1h", nil, "server: --invite-interval: must not be negative\n"},
		{"negative quarantine", "--handle-quarantine -1h", nil, "server: --handle-quarantine: must not be negative\n"},
		{"neither yes nor no", "--rate-limits=perhaps", nil, "server: --rate-limits: \"perhaps\" is neither true nor false\n"},
		{"metrics address", "--metrics-listen nowhere", nil, "server: --metrics-listen: \"nowhere\" is not a host and a port, such as 127.0.0.1:2585\n"},
		{"short administrator's password", "", map[string]string{"LEXGEN_ADMIN_PASSWORD": "fifteen letters"}, "server: LEXGEN_ADMIN_PASSWORD: must have at least 16 characters: take what openssl rand -hex 16 prints\n"},
		{"short secret", "", map[string]string{"LEXGEN_RATE_LIMIT_BYPASS": "fifteen-letters"}, "server: LEXGEN_RATE_LIMIT_BYPASS: must have at least 16 characters of ASCII and no spaces: take what openssl rand -hex 16 prints\n"},
		{"secret with a space", "", map[string]string{"LEXGEN_RATE_LIMIT_BYPASS": "fifteen letters and more"}, "server: LEXGEN_RATE_LIMIT_BYPASS: must have at least 16 characters of ASCII and no spaces: take what openssl rand -hex 16 prints\n"},
		{"secret with an umlaut", "", map[string]string{"LEXGEN_RATE_LIMIT_BYPASS": "fünfzehn-buchstaben"}, "server: LEXGEN_RATE_LIMIT_BYPASS: must have at least 16 characters of ASCII and no spaces: take what openssl rand -hex 16 prints\n"},
		{"administration for nobody", "--admin-listen 127.0.0.1:0", nil, "server: --admin-listen: nobody could use it without a password in LEXGEN_ADMIN_PASSWORD\n"},
		{"log format", "--log-format xml", nil, "server: --log-format: \"xml\" is neither text nor json\n"},
		{"log level", "--log-level loud", nil, "server: --log-level: \"loud\" is none of debug, info, warn and error\n"},
		{
			"several", "--log-level loud --hash-parallel 0", nil,
			"server: --hash-parallel: must be between 1 and 64\nserver: --log-level: \"loud\" is none of debug, info, warn and error\n",
		},
		{
			"several of all sorts", "--hash-threads x --password-min y --hostname _ --log-level loud start",
			map[string]string{"LEXGEN_HASH_PARALLEL": "z"},
			"server: --hash-threads: \"x\" is not a whole number\nserver: --password-min: \"y\" is not a whole number\nserver: unknown command \"start\"" + knownCommands +
				"server: LEXGEN_HASH_PARALLEL: \"z\" is not a whole number\nserver: --hostname: \"_\" is not a domain name\n" +
				"server: --log-level: \"loud\" is none of debug, info, warn and error\n",
		},
		{
			"several in the environment", "",
			map[string]string{"LEXGEN_PASSWORD_MIN": "x", "LEXGEN_HASH_PARALLEL": "y"},
			"server: LEXGEN_PASSWORD_MIN: \"x\" is not a whole number\nserver: LEXGEN_HASH_PARALLEL: \"y\" is not a whole number\n",
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var stdout, stderr strings.Builder
			status := run(t.Context(), strings.Fields(test.args), env(test.env), &stdout, &stderr)
			if status != exitUsage || stdout.Len() > 0 {
				t.Errorf("got exit status %d, standard output %q", status, stdout.String())
			}
			if got, want := stderr.String(), test.want+"Run with --help for usage.\n"; got != want {
				t.Errorf("got %q\nwant %q", got, want)
			}
		})
	}
}
