package main

import (
	"crypto/sha1"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/lexgen-go/lexgen/generated/comatproto"
	"github.com/lexgen-go/lexgen/runtime/lexdata"
	"github.com/lexgen-go/lexgen/runtime/xrpc"
	"github.com/lexgen-go/lexgen/server/internal/sqlite"
)

// breachedPassword is on the lists of breached passwords of tests.
const breachedPassword = "hunter2"

// writeBreached writes the list of passwords that the tests have as breached ones, and returns the flag
// that names it.
func writeBreached(t *testing.T, passwords ...string) (flag string) {
	t.Helper()
	var lines []string
	for i, password := range passwords {
		lines = append(lines, fmt.Sprintf("%X:%d\n", sha1.Sum([]byte(password)), i+1))
	}
	slices.Sort(lines)
	return writeBreachedText(t, strings.Join(lines, ""))
}

func writeBreachedText(t *testing.T, text string) (flag string) {
	t.Helper()
	folder := t.TempDir()
	write(t, folder, "list.txt", text)
	return "--breached-passwords=" + filepath.Join(folder, "list.txt")
}

// writeDamaged writes a list that begins and ends as one does, and returns the flag that names it. No
// search in it has an answer.
func writeDamaged(t *testing.T) (flag string) {
	t.Helper()
	first, last := strings.Repeat("0", 2*sha1.Size)+":1\n", strings.Repeat("F", 2*sha1.Size)+":1\n"
	return writeBreachedText(t, strings.Repeat(first, 200)+strings.Repeat("nonsense\n", 2000)+strings.Repeat(last, 200))
}

// contentOf returns what is in the tables of the database.
func (s *server) contentOf(t *testing.T) string {
	t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(s.config.data, sqlite.FileName)+"?_pragma=busy_timeout(5000)")
	must(t, err)
	defer db.Close()
	var tables string
	must(t, db.QueryRow(`SELECT group_concat(name) FROM sqlite_schema WHERE type = 'table'`).Scan(&tables))
	var content strings.Builder
	for table := range strings.SplitSeq(tables, ",") {
		rows, err := db.Query(`SELECT * FROM ` + table)
		must(t, err)
		columns, err := rows.Columns()
		must(t, err)
		for rows.Next() {
			values := make([]any, len(columns))
			fields := make([]any, len(columns))
			for i := range fields {
				fields[i] = &values[i]
			}
			must(t, rows.Scan(fields...))
			fmt.Fprintln(&content, table, values)
		}
		must(t, errors.Join(rows.Err(), rows.Close()))
	}
	return content.String()
}

// passwordSetters are the methods that set a password. Each sets one for somebody new or for alice, with
// a token that was mailed to her if it needs one.
var passwordSetters = []struct {
	name string
	want xrpc.ErrorName // of a refusal
	set  func(t *testing.T, s *server, alice *comatproto.ServerCreateAccountOutput, token, password string) error
}{
	{"server.createAccount", comatproto.ServerCreateAccountErrInvalidPassword, func(t *testing.T, s *server, _ *comatproto.ServerCreateAccountOutput, _, password string) error {
		_, err := client(s.url, "").CreateAccount(t.Context(), &comatproto.ServerCreateAccountInput{
			Handle: "bob.test", Email: lexdata.Some("bob@example.com"), Password: lexdata.Some(password),
		})
		return err
	}},
	{"account.create", comatproto.AccountCreateErrInvalidPassword, func(t *testing.T, s *server, _ *comatproto.ServerCreateAccountOutput, _, password string) error {
		_, err := comatproto.AccountClient(client(s.url, "")).Create(t.Context(), &comatproto.AccountCreateInput{
			Handle: "bob.test", Email: "bob@example.com", Password: password,
		})
		return err
	}},
	{"server.resetPassword", xrpc.ErrInvalidRequest, func(t *testing.T, s *server, _ *comatproto.ServerCreateAccountOutput, token, password string) error {
		return client(s.url, "").ResetPassword(t.Context(), &comatproto.ServerResetPasswordInput{Token: token, Password: password})
	}},
	{"account.resetPassword", xrpc.ErrInvalidRequest, func(t *testing.T, s *server, _ *comatproto.ServerCreateAccountOutput, token, password string) error {
		return comatproto.AccountClient(client(s.url, "")).ResetPassword(t.Context(), &comatproto.AccountResetPasswordInput{Token: token, Password: password})
	}},
	{"admin.updateAccountPassword", xrpc.ErrInvalidRequest, func(t *testing.T, s *server, alice *comatproto.ServerCreateAccountOutput, _, password string) error {
		return comatproto.AdminClient{Client: admin(s.url)}.UpdateAccountPassword(t.Context(), &comatproto.AdminUpdateAccountPasswordInput{DID: alice.DID, Password: password})
	}},
}

// startWithReset starts a server with a list of breached passwords. Alice has had an account, and a code to
// reset her password, since before there was a list.
func startWithReset(t *testing.T, list string) (s *server, alice *comatproto.ServerCreateAccountOutput, token string) {
	t.Helper()
	folder := t.TempDir()
	s = startServer(t, folder)
	alice, err := client(s.url, "").CreateAccount(t.Context(), aSignup())
	must(t, err)
	must(t, client(s.url, "").RequestPasswordReset(t.Context(), &comatproto.ServerRequestPasswordResetInput{Email: aliceEmail}))
	token = s.mailedToken(t, subjectReset)
	s.stop()
	return startServer(t, folder, list), alice, token
}

// A breached password is refused wherever one is set, with the error name that refused passwords have
// there, and nothing has changed after that: another password can be set with the same code.
func TestBreachedPasswords(t *testing.T) {
	t.Parallel()
	list := writeBreached(t, "123456", breachedPassword, "password")
	for _, setter := range passwordSetters {
		t.Run(setter.name, func(t *testing.T) {
			t.Parallel()
			s, alice, token := startWithReset(t, list)
			content := s.contentOf(t)
			err := setter.set(t, s, alice, token, breachedPassword)
			wantRefusal(t, "a breached password", err, 400, setter.want)
			wantContains(t, "refusal", fmt.Sprint(err), "This password is known from a data breach, please choose a different password.")
			if got := s.contentOf(t); got != content {
				t.Errorf("the database has changed from\n%sto\n%s", content, got)
			}
			if err := setter.set(t, s, alice, token, "battery staple"); err != nil {
				t.Errorf("another password: %v", err)
			}
		})
	}
}

// A list that cannot be searched is a fault of the server, which the log tells. No password gets past it.
func TestBreachedPasswordsDamaged(t *testing.T) {
	t.Parallel()
	list := writeDamaged(t)
	for _, setter := range passwordSetters {
		t.Run(setter.name, func(t *testing.T) {
			t.Parallel()
			s, alice, token := startWithReset(t, list)
			content := s.contentOf(t)
			err := setter.set(t, s, alice, token, "battery staple")
			wantRefusal(t, "any password", err, 500, xrpc.ErrInternalServerError)
			if got := s.contentOf(t); got != content {
				t.Errorf("the database has changed from\n%sto\n%s", content, got)
			}
			wantContains(t, "log", s.log.String(), "a line is not a SHA-1 hash")
			if strings.Contains(s.log.String(), "battery staple") {
				t.Error("the log tells the password")
			}
		})
	}
}

// Who has had a breached password all along logs in with it.
func TestBreachedPasswordsLogin(t *testing.T) {
	t.Parallel()
	for name, list := range map[string]string{"on the list": writeBreached(t, alicePassword), "damaged list": writeDamaged(t)} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			folder := t.TempDir()
			startWithAccount(t, folder)
			url, _, _ := startProgram(t, folder, list)
			_, err := client(url, "").CreateSession(t.Context(), &comatproto.ServerCreateSessionInput{Identifier: "alice.test", Password: alicePassword})
			must(t, err)
		})
	}
}

// The command that resets a password asks the list too: with one that has no answer it changes nothing.
func TestBreachedPasswordsCommand(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	startWithAccount(t, folder)
	reset := []string{"account", "reset-password", "alice.test"}
	stdout, stderr, status := runOn(t, folder, append(reset, writeDamaged(t))...)
	if status != exitFailed || stdout != "" {
		t.Errorf("got exit status %d, standard output %q", status, stdout)
	}
	wantContains(t, "standard error", stderr, "look for breached password: search ", "a line is not a SHA-1 hash")
	s := startServer(t, folder)
	login := &comatproto.ServerCreateSessionInput{Identifier: "alice.test", Password: alicePassword}
	_, err := client(s.url, "").CreateSession(t.Context(), login)
	must(t, err)
	login.Password = strings.TrimSpace(mustRun(t, folder, append(reset, writeBreached(t, breachedPassword))...))
	_, err = client(s.url, "").CreateSession(t.Context(), login)
	must(t, err)
}

// What is no list keeps the server, and a command, from starting. The message names flag, file and fault.
func TestBreachedPasswordsCannotStart(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	startWithAccount(t, folder)
	missing := "--breached-passwords=" + filepath.Join(t.TempDir(), "missing")
	tests := map[string]struct{ flag, want string }{
		"missing":  {missing, "no such file or directory"},
		"empty":    {writeBreachedText(t, ""), "the list is empty"},
		"no list":  {writeBreachedText(t, "hunter2\n"), "line 1 is not a SHA-1 hash in hexadecimal, with a count or without"},
		"unsorted": {writeBreachedText(t, strings.Repeat("F", 40)+":2\n"+strings.Repeat("0", 40)+":1\n"), "the lines are not sorted by hash: line 2 comes before line 1"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) { // one after the other: a server that starts takes the folder
			_, path, _ := strings.Cut(test.flag, "=")
			for _, args := range [][]string{{"--listen", "127.0.0.1:0"}, {"account", "list"}} {
				stdout, stderr, status := runOn(t, folder, append(args, test.flag)...)
				if status != exitFailed || stdout != "" || strings.Count(stderr, "\n") != 1 || !strings.HasSuffix(stderr, test.want+"\n") {
					t.Errorf("%s: got exit status %d, standard output %q, standard error %q", args[0], status, stdout, stderr)
				}
				wantContains(t, "standard error", stderr, "server: --breached-passwords: ", path)
			}
		})
	}
}
