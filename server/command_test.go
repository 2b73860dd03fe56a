package main

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/lexgen-go/lexgen/generated/comatproto"
	"github.com/lexgen-go/lexgen/runtime/lexdata"
	"github.com/lexgen-go/lexgen/server/internal/sqlite"
)

// cheapFlags make hashing as cheap as the configuration lets it be.
var cheapFlags = []string{"--hash-memory", "19456", "--hash-passes", "2"}

// runOn runs a command on a data folder and returns what it prints, and its exit status.
func runOn(t *testing.T, folder string, args ...string) (stdout, stderr string, status int) {
	t.Helper()
	var out, complaints strings.Builder
	args = append(append(args, "--data", folder), cheapFlags...)
	status = run(t.Context(), args, noEnv, &out, &complaints)
	return out.String(), complaints.String(), status
}

// mustRun runs a command that has to succeed without complaint, and returns what it prints.
func mustRun(t *testing.T, folder string, args ...string) string {
	t.Helper()
	stdout, stderr, status := runOn(t, folder, args...)
	if status != exitFine || stderr != "" {
		t.Fatalf("server %s: got exit status %d, standard error %q", strings.Join(args, " "), status, stderr)
	}
	return stdout
}

// Whatever is wrong, a command says so in a line and prints nothing else.
func TestCommandFails(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	startWithAccount(t, folder)
	write(t, folder, "taken", "x")
	tests := []struct {
		args string
		want string
	}{
		{"account show bob.test", "there is no account \"bob.test\"\n"},
		{"account show did:plc:aaaaaaaaaaaaaaaaaaaaaaaa", "there is no account \"did:plc:aaaaaaaaaaaaaaaaaaaaaaaa\"\n"},
		{"account takedown bob@example.com", "there is no account \"bob@example.com\"\n"},
		{"account restore bob.test", "there is no account \"bob.test\"\n"},
		{"account reset-password bob.test", "there is no account \"bob.test\"\n"},
		{"invite create --for alice.test,bob.test", "there is no account \"bob.test\"\n"},
		{"invite create --uses 0", "--uses, --count, --for: the number of uses must be from 1 to 100000\n"},
		{"invite create --count -1", "--uses, --count, --for: the number of codes must be from 1 to 1000\n"},
		{"backup " + filepath.Join(folder, "taken"), "file exists\n"},
		{"backup " + filepath.Join(folder, "missing", "file"), "no such file or directory\n"},
	}
	for _, test := range tests {
		t.Run(test.args, func(t *testing.T) {
			t.Parallel()
			stdout, stderr, status := runOn(t, folder, strings.Fields(test.args)...)
			if status != exitFailed || stdout != "" {
				t.Errorf("got exit status %d, standard output %q", status, stdout)
			}
			if !strings.HasPrefix(stderr, "server: ") || !strings.HasSuffix(stderr, test.want) || strings.Count(stderr, "\n") != 1 {
				t.Errorf("standard error: got %q, want a line that ends in %q", stderr, test.want)
			}
		})
	}
	if text, err := os.ReadFile(filepath.Join(folder, "taken")); err != nil || string(text) != "x" {
		t.Errorf("the file that was there: got %q, %v", text, err)
	}
}

// A command on a folder in which no server has been creates nothing there.
func TestCommandOnOtherFolder(t *testing.T) {
	t.Parallel()
	for _, c := range commands() {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			empty := t.TempDir()
			args := strings.Fields(c.name)
			if c.operand != "" {
				args = append(args, "operand")
			}
			for _, folder := range []string{empty, filepath.Join(empty, "missing")} {
				stdout, stderr, status := runOn(t, folder, args...)
				if want := "server: no server has used the data folder " + folder + " (see --data): "; status != exitFailed || stdout != "" || !strings.HasPrefix(stderr, want) {
					t.Errorf("got exit status %d, standard output %q, standard error %q", status, stdout, stderr)
				}
			}
			if left, err := os.ReadDir(empty); err != nil || len(left) > 0 {
				t.Errorf("the folder holds %v, %v", left, err)
			}
		})
	}
}

// A command makes no keys: a server might use them later in the place of others that were mislaid.
func TestCommandWithoutKeys(t *testing.T) {
	t.Parallel()
	for pattern, want := range map[string]string{
		"*.key":         "/master.key is missing, but only a start of the server creates it; or set LEXGEN_MASTER_KEY, if the server has it from there\n",
		"pepper.sealed": "/pepper.sealed is missing, but only a start of the server creates it\n",
	} {
		t.Run(pattern, func(t *testing.T) {
			t.Parallel()
			folder := t.TempDir()
			startOnce(t, folder)
			removeAll(t, folder, pattern)
			_, stderr, status := runOn(t, folder, "account", "list")
			if status != exitFailed || !strings.HasSuffix(stderr, want) {
				t.Errorf("got exit status %d, standard error %q, want ...%q", status, stderr, want)
			}
			if left, err := filepath.Glob(filepath.Join(folder, pattern)); err != nil || len(left) > 0 {
				t.Errorf("the command created %v, %v", left, err)
			}
		})
	}
}

// full is a place where nothing can be written.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("no space left on device") }

// A password that could not be printed is lost, and the exit status says so.
func TestCommandCannotPrint(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	startOnce(t, folder)
	var stderr strings.Builder
	if status := run(t.Context(), []string{"invite", "create", "--data", folder}, noEnv, full{}, &stderr); status != exitFailed {
		t.Errorf("got exit status %d", status)
	}
	if got, want := stderr.String(), "server: no space left on device\n"; got != want {
		t.Errorf("standard error: got %q, want %q", got, want)
	}
}

// The help of a command tells what it does, with its flags and those of the server.
func TestCommandHelp(t *testing.T) {
	t.Parallel()
	for _, c := range commands() {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var stdout, stderr strings.Builder
			if status := run(t.Context(), append(strings.Fields(c.name), "--help"), noEnv, &stdout, &stderr); status != exitFine || stderr.Len() > 0 {
				t.Errorf("got exit status %d, standard error %q", status, stderr.String())
			}
			wantContains(t, "help", stdout.String(), "Usage: server "+strings.TrimSpace(c.name+" "+c.operand)+" [flags]\n", c.summary, "--data", "LEXGEN_DATA")
		})
	}
	var stdout strings.Builder
	run(t.Context(), []string{"invite", "create", "-h"}, noEnv, &stdout, &stdout)
	wantContains(t, "help", stdout.String(), "--uses number", "--for accounts")
	if strings.Contains(stdout.String(), "LEXGEN_USES") {
		t.Error("the help tells of variables for the flags of a command")
	}
}

// A code that the command creates is good at the server that runs, once.
func TestCommandInviteCreate(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	url, _, _ := startProgram(t, folder, "--invite-required")
	signup := aSignup()
	if _, err := client(url, "").CreateAccount(t.Context(), signup); !errors.Is(err, comatproto.ServerCreateAccountErrInvalidInviteCode) {
		t.Errorf("sign-up without a code: got %v", err)
	}
	signup.InviteCode = lexdata.Some(strings.TrimSpace(mustRun(t, folder, "invite", "create")))
	created, err := client(url, "").CreateAccount(t.Context(), signup)
	must(t, err)
	signup.Handle, signup.Email = "bob.test", lexdata.Some("bob@example.com")
	if _, err := client(url, "").CreateAccount(t.Context(), signup); !errors.Is(err, comatproto.ServerCreateAccountErrInvalidInviteCode) {
		t.Errorf("second use of a code: got %v", err)
	}
	codes := strings.Fields(mustRun(t, folder, "invite", "create", "--count", "2", "--uses", "3", "--for", "alice.test,"+aliceEmail))
	listed, err := client(url, created.AccessJWT).GetAccountInviteCodes(t.Context(), &comatproto.ServerGetAccountInviteCodesParams{})
	must(t, err)
	if len(codes) != 2 || len(listed.Codes) != 2 {
		t.Fatalf("codes of alice: created %q, listed %+v", codes, listed.Codes)
	}
	for _, code := range listed.Codes {
		if code.Available != 3 || code.ForAccount != string(created.DID) || !strings.Contains(strings.Join(codes, " "), code.Code) {
			t.Errorf("got %+v", code)
		}
	}
}

// What the command changes of an account, the server that runs heeds with the next request.
func TestCommandAccount(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	url, _, _ := startProgram(t, folder)
	ctx := t.Context()
	created, err := client(url, "").CreateAccount(ctx, aSignup())
	must(t, err)
	wantContains(t, "list", mustRun(t, folder, "account", "list"), "DID ", string(created.DID), "alice.test", aliceEmail, "active")

	password := strings.TrimSpace(mustRun(t, folder, "account", "reset-password", "alice.test"))
	wantOver(t, url, "reset of the password", created.AccessJWT, created.RefreshJWT)
	login := &comatproto.ServerCreateSessionInput{Identifier: aliceEmail, Password: alicePassword}
	if _, err := client(url, "").CreateSession(ctx, login); err == nil {
		t.Error("the old password is good")
	}
	login.Password = password
	opened, err := client(url, "").CreateSession(ctx, login)
	must(t, err)

	printed := mustRun(t, folder, "account", "takedown", string(created.DID), "--ref", "decision 7")
	if want := "alice.test (" + string(created.DID) + ") was taken down\n"; printed != want {
		t.Errorf("got %q, want %q", printed, want)
	}
	wantOver(t, url, "takedown", opened.AccessJWT, opened.RefreshJWT)
	if _, err := client(url, "").CreateSession(ctx, login); !errors.Is(err, comatproto.ServerCreateSessionErrAccountTakedown) {
		t.Errorf("login after a takedown: got %v", err)
	}
	mustRun(t, folder, "account", "takedown", "alice.test")
	wantContains(t, "account", mustRun(t, folder, "account", "show", aliceEmail),
		string(created.DID), "takendown", "decision 7", "command line", "EVENT", "DETAIL")

	mustRun(t, folder, "account", "restore", "ALICE.test")
	opened, err = client(url, "").CreateSession(ctx, login)
	must(t, err)
	before := mustRun(t, folder, "account", "show", "alice.test")
	if got, want := mustRun(t, folder, "account", "restore", "alice.test"), "alice.test ("+string(created.DID)+") was not taken down\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := mustRun(t, folder, "account", "show", "alice.test"); got != before {
		t.Errorf("after the end of a takedown that there is not: got %s\nwant %s", got, before)
	}
	if _, err := client(url, opened.AccessJWT).GetSession(ctx); err != nil {
		t.Errorf("session: %v", err)
	}
}

// A command that was not told what the server was told does nothing: its invite codes and mails would bear
// another name.
func TestCommandOfOtherServer(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	public := []string{"--hostname", "PDS.example.com", "--service-did", "did:web:example.com"}
	_, _, stop := startProgram(t, folder, public...)
	for _, running := range []bool{true, false} {
		if !running {
			stop()
		}
		for _, test := range []struct {
			args []string
			want string
		}{
			{nil, "the server of this folder is pds.example.com: set LEXGEN_HOSTNAME (or --hostname)"},
			{public[:2], "the server of this folder is did:web:example.com: set LEXGEN_SERVICE_DID (or --service-did)"},
		} {
			stdout, stderr, status := runOn(t, folder, append([]string{"invite", "create"}, test.args...)...)
			if want := "server: " + test.want + "\n"; status != exitFailed || stdout != "" || stderr != want {
				t.Errorf("got exit status %d, standard output %q, standard error %q, want %q", status, stdout, stderr, want)
			}
		}
		code := mustRun(t, folder, append([]string{"invite", "create"}, public...)...)
		wantContains(t, "invite code", code, "pds-example-com-")
	}
	wantCount(t, folder, "invite codes", `SELECT count(*) FROM invite_code`, 2)
	startOnce(t, folder) // under another name, which counts from then on
	wantContains(t, "invite code", mustRun(t, folder, "invite", "create"), "localhost-")
}

// A command does nothing that is left to the server, such as to make the folder of mails.
func TestCommandMakesNoOutbox(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	startOnce(t, folder)
	must(t, os.Remove(filepath.Join(folder, outboxFolder)))
	mustRun(t, folder, "account", "list")
	if _, err := os.Stat(filepath.Join(folder, outboxFolder)); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the folder of mails: got %v, want none", err)
	}
}

// What people choose comes to a terminal as text, and as nothing else.
func TestShown(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"": "-", "alice.test": "alice.test", "Müller 7": "Müller 7",
		"\x1b[2J": `"\x1b[2J"`, "two\nlines": `"two\nlines"`, "a\tb": `"a\tb"`, `a"b`: `"a\"b"`, "a\u202eb": `"a\u202eb"`,
	} {
		if got := shown(text); got != want {
			t.Errorf("%q: got %s, want %s", text, got, want)
		}
	}
}

// wantOver checks that a session is over.
func wantOver(t *testing.T, url, why, access, refresh string) {
	t.Helper()
	if _, err := client(url, access).GetSession(t.Context()); err == nil {
		t.Errorf("an access token is good after a %s", why)
	}
	if _, err := client(url, refresh).RefreshSession(t.Context()); err == nil {
		t.Errorf("a refresh token is good after a %s", why)
	}
}

// A new key signs from the next start on, and tokens of the one before stay good.
func TestCommandKeysRotate(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	url, _, stop := startProgram(t, folder)
	ctx := t.Context()
	created, err := client(url, "").CreateAccount(ctx, aSignup())
	must(t, err)
	wantContains(t, "rotation", mustRun(t, folder, "keys", "rotate"), "next start")
	refreshed, err := client(url, created.RefreshJWT).RefreshSession(ctx)
	must(t, err)
	if got, want := keyID(t, refreshed.AccessJWT), keyID(t, created.AccessJWT); got != want {
		t.Errorf("key of the server that runs: got %s, want %s", got, want)
	}
	stop()

	url, _, _ = startProgram(t, folder)
	if _, err := client(url, refreshed.AccessJWT).GetSession(ctx); err != nil {
		t.Errorf("access token of the old key: %v", err)
	}
	again, err := client(url, refreshed.RefreshJWT).RefreshSession(ctx)
	must(t, err)
	if keyID(t, again.AccessJWT) == keyID(t, created.AccessJWT) || keyID(t, again.RefreshJWT) == keyID(t, created.RefreshJWT) {
		t.Error("the old key still signs")
	}
	if _, err := client(url, again.AccessJWT).GetSession(ctx); err != nil {
		t.Errorf("access token of the new key: %v", err)
	}
}

// A rotation that drops the old keys ends what was signed with them, whoever signed it.
func TestCommandKeysDropOld(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	url, _, stop := startProgram(t, folder)
	ctx := t.Context()
	created, err := client(url, "").CreateAccount(ctx, aSignup())
	must(t, err)
	wantContains(t, "rotation", mustRun(t, folder, "keys", "rotate", "--drop-old"), "has to log in again")
	if _, err := client(url, created.AccessJWT).GetSession(ctx); err != nil {
		t.Errorf("before the next start: %v", err)
	}
	stop()
	url, _, _ = startProgram(t, folder)
	wantOver(t, url, "rotation that drops old keys", created.AccessJWT, created.RefreshJWT)
	opened, err := client(url, "").CreateSession(ctx, &comatproto.ServerCreateSessionInput{Identifier: aliceEmail, Password: alicePassword})
	must(t, err)
	if _, err := client(url, opened.AccessJWT).GetSession(ctx); err != nil {
		t.Errorf("access token of the new key: %v", err)
	}
}

// While a command replaces keys, no other one does: the key of one would be lost.
func TestCommandKeysAtOnce(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	startOnce(t, folder)
	held, err := lockFolder(folder, keysLock())
	must(t, err)
	for _, args := range [][]string{{"keys", "rotate"}, {"keys", "rotate", "--drop-old"}} {
		_, stderr, status := runOn(t, folder, args...)
		if want := "server: another command replaces keys in the data folder " + folder + "\n"; status != exitFailed || stderr != want {
			t.Errorf("got exit status %d, standard error %q, want %q", status, stderr, want)
		}
	}
	must(t, held.Close())
	mustRun(t, folder, "keys", "rotate")
}

// keyID returns the id of the key that signed a token.
func keyID(t *testing.T, token string) string {
	t.Helper()
	text, _, _ := strings.Cut(token, ".")
	header, err := base64.RawURLEncoding.DecodeString(text)
	must(t, err)
	var fields struct{ Kid string }
	must(t, json.Unmarshal(header, &fields))
	if fields.Kid == "" {
		t.Fatalf("a token names no key: %s", header)
	}
	return fields.Kid
}

// A backup of a server that runs is, with the keys, a server.
func TestCommandBackup(t *testing.T) {
	t.Parallel()
	folder, copied := t.TempDir(), t.TempDir()
	url, _, _ := startProgram(t, folder)
	created, err := client(url, "").CreateAccount(t.Context(), aSignup())
	must(t, err)
	file := filepath.Join(copied, sqlite.FileName)
	wantContains(t, "backup", mustRun(t, folder, "backup", file), file, "master key")
	if info, err := os.Stat(file); err != nil || info.Mode() != 0o600 {
		t.Errorf("the copy can be read by others: %v, %v", info.Mode(), err)
	}
	for _, pattern := range []string{"*.key", "*.sealed"} {
		paths, err := filepath.Glob(filepath.Join(folder, pattern))
		must(t, err)
		for _, path := range paths {
			key, err := os.ReadFile(path)
			must(t, err)
			write(t, copied, filepath.Base(path), string(key))
		}
	}
	wantContains(t, "check", mustRun(t, copied, "check"), "fine")
	url, _, _ = startProgram(t, copied)
	if _, err := client(url, created.RefreshJWT).RefreshSession(t.Context()); err != nil {
		t.Errorf("refresh at the copy: %v", err)
	}
}

// What is wrong with a database stands on standard output, a line each.
func TestCommandCheck(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		damage func(t *testing.T, path string)
		stdout string
		stderr string
	}{
		{"nothing", func(*testing.T, string) {}, "The database is fine, and the keys can be read.\n", ""},
		{"a rule is broken", func(t *testing.T, path string) {
			execute(t, path, `UPDATE invite_code SET uses = 7`)
		}, "invite codes with a wrong count of uses: 1\n", "server: the database is not as it should be\n"},
		{"a signing key is damaged", func(t *testing.T, path string) {
			execute(t, path, `UPDATE signing_key SET sealed = x'00'`)
		}, "signing keys that the master key does not open: 1\n", "server: the database is not as it should be\n"},
		{"a signing key is another account's", func(t *testing.T, path string) {
			execute(t, path, `UPDATE signing_key SET public_key = 'did:key:zQ3shunBKsXixLxKtC5qeSG9E4J5RkGN57im31pcTzbNQnm5w'`)
		}, "signing keys that the master key does not open: 1\n", "server: the database is not as it should be\n"},
		{"an index is damaged", func(t *testing.T, path string) { overwrite(t, path, "account_created") }, "", "database disk image is malformed"},
		{"a key is damaged", func(t *testing.T, path string) {
			write(t, filepath.Dir(path), "pepper.sealed", "sealed1:nonsense")
		}, "", "pepper.sealed: wrong master key or damaged data\n"},
		{"no database", func(t *testing.T, path string) {
			write(t, filepath.Dir(path), sqlite.FileName, strings.Repeat("These are notes.\n", 200))
		}, "", "file is not a database"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			folder := t.TempDir()
			startWithAccount(t, folder)
			mustRun(t, folder, "invite", "create", "--uses", "9")
			test.damage(t, filepath.Join(folder, sqlite.FileName))
			stdout, stderr, status := runOn(t, folder, "check")
			if fine := test.stderr == ""; fine != (status == exitFine) || fine != (stderr == "") || stdout == "" != (test.stdout == "") {
				t.Errorf("got exit status %d, standard output %q, standard error %q", status, stdout, stderr)
			}
			wantContains(t, "standard output", stdout, test.stdout)
			wantContains(t, "standard error", stderr, test.stderr)
		})
	}
}

// overwrite writes noughts over the page with the root of an index.
func overwrite(t *testing.T, path, index string) {
	t.Helper()
	var page, size int64
	queryRow(t, path, `SELECT rootpage, page_size FROM sqlite_schema, pragma_page_size WHERE name = '`+index+`'`, &page, &size)
	file, err := os.OpenFile(path, os.O_RDWR, 0)
	must(t, err)
	_, err = file.WriteAt(make([]byte, size), (page-1)*size)
	must(t, errors.Join(err, file.Close()))
}

// A second server on the same data does not start.
func TestDataInUse(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	url, _, stop := startProgram(t, folder)
	var stdout, stderr strings.Builder
	status := run(t.Context(), []string{"--listen", "127.0.0.1:0", "--data", folder}, noEnv, &stdout, &stderr)
	if want := "server: another server uses the data folder " + folder + "\n"; status != exitFailed || stdout.Len() > 0 || stderr.String() != want {
		t.Errorf("got exit status %d, standard output %q, standard error %q", status, stdout.String(), stderr.String())
	}
	if _, err := client(url, "").CreateAccount(t.Context(), aSignup()); err != nil {
		t.Errorf("the first server: %v", err)
	}
	stop()
	if _, err := os.Stat(filepath.Join(folder, sqlite.FileName+"-wal")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a server that was stopped leaves its database in two files: %v", err)
	}
	startOnce(t, folder)
}
