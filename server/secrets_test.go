package main

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/lexgen-go/lexgen/generated/comatproto"
	"github.com/lexgen-go/lexgen/runtime/lexdata"
	"github.com/lexgen-go/lexgen/runtime/xrpc"
)

// Whatever a client sends and whatever it gets, no secret of it is in the log, and none is in the
// data folder as it is, be it while the server runs and mails wait, or afterwards.
func TestSecretsStaySecret(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	s := startServer(t, folder, "--log-level", "debug")
	told := useSecrets(t, s)
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
	told["master key"] = hex.EncodeToString(key)
	told["master key in base64"] = base64.StdEncoding.EncodeToString(key)
	told["email"], told["new email"], told["query"] = aliceEmail, "new@example.com", "staple"
	log := s.log.String()
	wantContains(t, "log", log, comatproto.ServerCreateAccountNSID, comatproto.ServerDeleteAccountNSID, "status=401")
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
	code, err := comatproto.ServerClient{Client: admin(s.url)}.CreateInviteCode(ctx, &comatproto.ServerCreateInviteCodeInput{UseCount: 1})
	must(t, err)
	if code.Code == "" {
		t.Error("there is no invite code")
	}
	useMailedSecrets(t, s, me, created, told)
	return told
}

// useMailedSecrets does what needs the tokens of mails, up to the end of the account.
func useMailedSecrets(t *testing.T, s *server, me comatproto.ServerClient, created *comatproto.ServerCreateAccountOutput, told map[string]string) {
	t.Helper()
	ctx := t.Context()
	must(t, me.RequestEmailConfirmation(ctx))
	told["token of a confirmation"] = s.mailedToken(t, subjectConfirm)
	must(t, me.ConfirmEmail(ctx, &comatproto.ServerConfirmEmailInput{Email: aliceEmail, Token: told["token of a confirmation"]}))
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
