package main

import (
	"bufio"
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/lexgen-go/lexgen/generated/comatproto"
	"github.com/lexgen-go/lexgen/runtime/lexdata"
	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/runtime/xrpc"
	"github.com/lexgen-go/lexgen/server/internal/account"
)

// Whatever a client sends and whatever it gets, no secret of it is in the log, and none is in the
// data folder as it is, be it while the server runs and mails wait, or afterwards.
func TestSecretsStaySecret(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	s := startServer(t, folder, "--log-level", "debug")
	told := useSecrets(t, s)
	s.tellKeys(t, told)
	invite, err := comatproto.ServerClient{Client: admin(s.url)}.CreateInviteCode(t.Context(), &comatproto.ServerCreateInviteCodeInput{UseCount: 1})
	must(t, err)
	_, err = client(s.url, "").CreateAccount(t.Context(), invited("bob.test", invite.Code))
	must(t, err)
	for name, secret := range told {
		wantAbsent(t, folder, name, secret)
	}
	s.stop()
	for name, secret := range told {
		wantAbsent(t, folder, name, secret)
	}
	master, err := os.ReadFile(filepath.Join(folder, "master.key"))
	must(t, err)
	key, err := hex.DecodeString(strings.TrimSpace(string(master)))
	must(t, err)
	tellKey(told, "master key", key)
	told["invite code"], told["email"], told["new email"], told["query"] = invite.Code, aliceEmail, "new@example.com", "staple"
	log := s.log.String()
	wantContains(t, "log", log, comatproto.ServerCreateAccountNSID, comatproto.IdentitySignPLCOperationNSID, comatproto.ServerDeleteAccountNSID, "status=401")
	for name, secret := range told {
		if strings.Contains(log, secret) {
			t.Errorf("the log holds the %s", name)
		}
	}
}

// useSecrets does what clients do, with secrets of all kinds, and returns these by name.
func useSecrets(t *testing.T, s *server) map[string]string {
	t.Helper()
	ctx := t.Context()
	told := map[string]string{"password": alicePassword, "administrator's password": adminPassword}
	created, err := client(s.url, "").CreateAccount(ctx, aSignup())
	must(t, err)
	tell(t, told, "sign-up", created.AccessJWT, created.RefreshJWT)
	refreshed, err := client(s.url, created.RefreshJWT).RefreshSession(ctx)
	must(t, err)
	tell(t, told, "refresh", refreshed.AccessJWT, refreshed.RefreshJWT)
	me := client(s.url, refreshed.AccessJWT)

	login := &comatproto.ServerCreateSessionInput{Identifier: aliceEmail, Password: "wrong " + rand.Text()}
	told["wrong password"] = login.Password
	if _, err := client(s.url, "").CreateSession(ctx, login); err == nil {
		t.Error("a wrong password is accepted")
	}
	app, err := me.CreateAppPassword(ctx, &comatproto.ServerCreateAppPasswordInput{Name: "app"})
	must(t, err)
	told["app password"] = app.Password
	login.Password = app.Password
	opened, err := client(s.url, "").CreateSession(ctx, login)
	must(t, err)
	tell(t, told, "app password's login", opened.AccessJWT, opened.RefreshJWT)
	for _, token := range []string{opened.AccessJWT, opened.RefreshJWT} {
		get(t, s.url+xrpc.PathPrefix+comatproto.ServerGetSessionNSID+"?password=staple&token="+token)
		_, _ = client(s.url, token).GetSession(ctx) // of which one is refused
		_ = client(s.url, token+"x").DeleteSession(ctx)
	}
	s.tellSigningKey(t, told, created.DID)
	useServiceToken(t, s, me, created.DID, told)
	useMailedSecrets(t, s, me, created, told)
	return told
}

// useServiceToken sends a token for this server, where it is and where it is not good for something.
func useServiceToken(t *testing.T, s *server, me comatproto.ServerClient, did syntax.DID, told map[string]string) {
	t.Helper()
	issued, err := me.GetServiceAuth(t.Context(), &comatproto.ServerGetServiceAuthParams{
		Aud: s.config.serviceDID, Lxm: lexdata.Some(syntax.NSID(comatproto.ServerCreateAccountNSID)),
	})
	must(t, err)
	told["service token"] = issued.Token
	told["signature of the service token"] = issued.Token[strings.LastIndexByte(issued.Token, '.')+1:]
	again := aSignup()
	again.DID = lexdata.Some(did)
	for _, token := range []string{issued.Token, issued.Token + "x", issued.Token} {
		if _, err := client(s.url, token).CreateAccount(t.Context(), again); err == nil {
			t.Error("an identity has two accounts")
		}
		if _, err := client(s.url, token).GetSession(t.Context()); err == nil {
			t.Error("a service token opens a session")
		}
	}
}

// usePLCCode signs a change of the identity with a mailed code, after a wrong one.
func usePLCCode(t *testing.T, s *server, me comatproto.ServerClient, told map[string]string) {
	t.Helper()
	identities := comatproto.IdentityClient(me)
	must(t, identities.RequestPLCOperationSignature(t.Context()))
	code := s.mailedToken(t, "PLC Update Operation Requested")
	told["code of a signature"] = code
	for _, token := range []string{"AAAAA-22222", code} {
		_, err := identities.SignPLCOperation(t.Context(), &comatproto.IdentitySignPLCOperationInput{Token: lexdata.Some(token)})
		if (err == nil) != (token == code) {
			t.Errorf("signature: got %v", err)
		}
	}
}

// useSignInCode logs in with a second factor.
func useSignInCode(t *testing.T, s *server, me comatproto.ServerClient, told map[string]string) {
	t.Helper()
	ctx := t.Context()
	_, err := me.RequestEmailUpdate(ctx)
	must(t, err)
	told["token of a second factor"] = s.mailedToken(t, subjectUpdate)
	must(t, me.UpdateEmail(ctx, &comatproto.ServerUpdateEmailInput{
		Email: aliceEmail, Token: lexdata.Some(told["token of a second factor"]), EmailAuthFactor: lexdata.Some(true),
	}))
	login := &comatproto.ServerCreateSessionInput{Identifier: aliceEmail, Password: alicePassword}
	if _, err := client(s.url, "").CreateSession(ctx, login); err == nil {
		t.Error("a password alone opens a session")
	}
	told["sign in code"] = s.mailedToken(t, "Sign In Code")
	login.AuthFactorToken = lexdata.Some(told["sign in code"])
	opened, err := client(s.url, "").CreateSession(ctx, login)
	must(t, err)
	tell(t, told, "login with a code", opened.AccessJWT, opened.RefreshJWT)
}

// useMailedSecrets does what needs the tokens of mails, up to the end of the account.
func useMailedSecrets(t *testing.T, s *server, me comatproto.ServerClient, created *comatproto.ServerCreateAccountOutput, told map[string]string) {
	t.Helper()
	ctx := t.Context()
	must(t, me.RequestEmailConfirmation(ctx))
	told["token of a confirmation"] = s.mailedToken(t, subjectConfirm)
	must(t, me.ConfirmEmail(ctx, &comatproto.ServerConfirmEmailInput{Email: aliceEmail, Token: told["token of a confirmation"]}))
	usePLCCode(t, s, me, told)
	useSignInCode(t, s, me, told)
	_, err := me.RequestEmailUpdate(ctx)
	must(t, err)
	told["token of an update"] = s.mailedToken(t, subjectUpdate)
	must(t, me.UpdateEmail(ctx, &comatproto.ServerUpdateEmailInput{Email: "new@example.com", Token: lexdata.Some(told["token of an update"])}))
	must(t, client(s.url, "").RequestPasswordReset(ctx, &comatproto.ServerRequestPasswordResetInput{Email: "new@example.com"}))
	told["token of a reset"] = s.mailedToken(t, subjectReset)
	reset := &comatproto.ServerResetPasswordInput{Token: told["token of a reset"], Password: "new " + rand.Text()}
	told["new password"] = reset.Password
	must(t, client(s.url, "").ResetPassword(ctx, reset))
	opened, err := client(s.url, "").CreateSession(ctx, &comatproto.ServerCreateSessionInput{Identifier: "alice.test", Password: reset.Password})
	must(t, err)
	tell(t, told, "login", opened.AccessJWT, opened.RefreshJWT)
	must(t, client(s.url, opened.AccessJWT).RequestAccountDelete(ctx))
	told["token of a deletion"] = s.mailedToken(t, subjectDelete)
	deletion := &comatproto.ServerDeleteAccountInput{DID: created.DID, Password: reset.Password, Token: "AAAAA-22222"}
	if err := client(s.url, "").DeleteAccount(ctx, deletion); err == nil {
		t.Error("a wrong token is accepted")
	}
	deletion.Token = told["token of a deletion"]
	must(t, client(s.url, "").DeleteAccount(ctx, deletion))
}

// tell adds the parts of a session's tokens that are secret.
func tell(t *testing.T, told map[string]string, when, access, refresh string) {
	t.Helper()
	told["access token of a "+when] = access
	told["refresh token of a "+when] = refresh
	told["signature of a "+when] = refresh[strings.LastIndexByte(refresh, '.')+1:]
	told["id of the refresh token of a "+when] = refreshID(t, refresh)
}

// tellKeys adds the keys of the server.
func (s *server) tellKeys(t *testing.T, told map[string]string) {
	t.Helper()
	var keyring struct{ Keys []struct{ Secret []byte } }
	must(t, json.Unmarshal(s.secrets.keyring, &keyring))
	if len(keyring.Keys) != 1 {
		t.Fatalf("got %d keys of session tokens, want 1", len(keyring.Keys))
	}
	tellKey(told, "key of session tokens", keyring.Keys[0].Secret)
	tellKey(told, "key of refresh tokens", s.secrets.refreshKey)
	tellKey(told, "rotation key", s.secrets.rotationKey)
	tellKey(told, "pepper", s.secrets.pepper)
}

// tellSigningKey adds the key of an account.
func (s *server) tellSigningKey(t *testing.T, told map[string]string, did syntax.DID) {
	t.Helper()
	key, err := s.store.SigningKey(t.Context(), did)
	must(t, err)
	private, err := s.secrets.vault.Open(account.SigningKeyPurpose(key.Public), key.Sealed)
	must(t, err)
	tellKey(told, "signing key", private)
}

// tellKey adds a key in the forms in which it could be written.
func tellKey(told map[string]string, name string, key []byte) {
	told[name] = string(key)
	told[name+" in hexadecimal"] = hex.EncodeToString(key)
	told[name+" in base64"] = base64.RawStdEncoding.EncodeToString(key)
	told[name+" in base64 for URLs"] = base64.RawURLEncoding.EncodeToString(key)
	told[name+" in numbers"] = fmt.Sprint(key)
}

// The password of the mail server is known to it and to nobody else, also if it is wrong and the server
// says so.
func TestMailPasswordStaysSecret(t *testing.T) {
	t.Parallel()
	password := rand.Text()
	login := base64.StdEncoding.EncodeToString([]byte("\x00postmaster\x00" + password))
	address, asked := refuseLogins(t, login)
	folder := t.TempDir()
	s := startServerIn(t, folder, map[string]string{"LEXGEN_SMTP_URL": "smtp://postmaster:" + password + "@" + address}, "--log-level", "debug")
	created, err := client(s.url, "").CreateAccount(t.Context(), aSignup())
	must(t, err)
	must(t, client(s.url, created.AccessJWT).RequestEmailConfirmation(t.Context()))
	s.background.deliver(t.Context())
	if !eventually(t, func() bool { return strings.Contains(s.log.String(), "mails were not sent") }) || !asked() {
		t.Errorf("the mail server was not asked: %s", s.log.String())
	}
	for name, secret := range map[string]string{"password of the mail server": password, "login to the mail server": login} {
		wantAbsent(t, folder, name, secret)
		if strings.Contains(s.log.String(), secret) {
			t.Errorf("the log holds the %s", name)
		}
	}
}

// refuseLogins runs a mail server that takes no login and repeats what it was sent. It returns the address,
// and whether it has seen a login.
func refuseLogins(t *testing.T, login string) (address string, asked func() bool) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	t.Cleanup(func() { listener.Close() })
	var logins atomic.Int64
	go func() {
		for connection, err := listener.Accept(); err == nil; connection, err = listener.Accept() {
			_, _ = io.WriteString(connection, "220 localhost\r\n")
			for lines := bufio.NewScanner(connection); lines.Scan(); {
				answer := "535 5.7.8 no: " + lines.Text()
				if strings.HasPrefix(lines.Text(), "EHLO") {
					answer = "250-localhost\r\n250 AUTH PLAIN"
				}
				if strings.Contains(lines.Text(), login) {
					logins.Add(1)
				}
				_, _ = io.WriteString(connection, answer+"\r\n")
			}
			connection.Close()
		}
	}()
	return listener.Addr().String(), func() bool { return logins.Load() > 0 }
}

// wantAbsent checks that no file in folder holds a secret, but for the mails that are not sent; and that
// only the server's user can read them.
func wantAbsent(t *testing.T, folder, name, secret string) {
	t.Helper()
	count := 0
	err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && entry.Name() == outboxFolder:
			return fs.SkipDir
		}
		if info, err := entry.Info(); err != nil || path != folder && info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s can be read by others: %v, %v", path, info.Mode(), err)
		}
		if entry.IsDir() {
			return nil
		}
		count++
		data, err := os.ReadFile(path)
		if bytes.Contains(data, []byte(secret)) {
			t.Errorf("%s holds the %s", filepath.Base(path), name)
		}
		return err
	})
	must(t, err)
	if count < 6 {
		t.Errorf("data folder: got %d files, want the database, the master key and four more keys", count)
	}
}
