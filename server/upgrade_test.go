package main

import (
	"crypto/rand"
	"database/sql"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/lexgen-go/lexgen/generated/comatproto"
	"github.com/lexgen-go/lexgen/server/internal/account"
	"github.com/lexgen-go/lexgen/server/internal/didkey"
	"github.com/lexgen-go/lexgen/server/internal/identity"
	"github.com/lexgen-go/lexgen/server/internal/keys"
	"github.com/lexgen-go/lexgen/server/internal/sqlite"
	"github.com/lexgen-go/lexgen/server/internal/token"
)

// oldDID is that of the account alice.test in an old data folder.
const oldDID = "did:plc:aaaaaaaaaaaaaaaaaaaaaaaa"

// writeOldFolder writes the data folder of a server of the first version, which had no pepper, and
// sealed signing keys for the DID.
func writeOldFolder(t *testing.T, folder string) {
	t.Helper()
	vault := writeOldKeys(t, folder)
	schema, err := os.ReadFile(filepath.Join("internal", "sqlite", "migrations", "0001_accounts.sql"))
	must(t, err)
	path := filepath.Join(folder, sqlite.FileName)
	execute(t, path, string(schema)+`; PRAGMA application_id = 0x6c786163; PRAGMA user_version = 1; PRAGMA journal_mode = WAL`)
	hasher := account.NewArgon2(account.Argon2Config{Params: cheap, Parallel: 1, Waiting: 1, Patience: time.Minute, Rand: rand.Reader})
	hash, err := hasher.Hash(t.Context(), alicePassword)
	must(t, err)
	key, err := didkey.Generate(rand.Reader)
	must(t, err)
	sealed, err := vault.Seal(oldDID, key.Bytes())
	must(t, err)
	db, err := sql.Open("sqlite", path)
	must(t, err)
	defer db.Close()
	_, err = db.Exec(`INSERT INTO account (did, handle, email, password_hash, credential_version, created_at)
		VALUES (?, 'alice.test', ?, ?, 1, 1000)`, oldDID, aliceEmail, hash)
	must(t, err)
	_, err = db.Exec(`INSERT INTO signing_key VALUES (?, ?, ?, 1000)`, oldDID, key.Public().String(), sealed)
	must(t, err)
}

// writeOldKeys writes the keys that a server of the first version had.
func writeOldKeys(t *testing.T, folder string) *keys.Vault {
	t.Helper()
	master, err := keys.LoadOrCreateMasterKey(folder, rand.Reader)
	must(t, err)
	vault, err := keys.NewVault(folder, master, rand.Reader)
	must(t, err)
	for name, create := range map[string]func(io.Reader) ([]byte, error){
		keys.TokenKeyring: token.GenerateKeyring, keys.RefreshDerivation: keys.RandomSecret, keys.PLCRotation: identity.GenerateRotationKey,
	} {
		_, err := vault.LoadOrCreate(name, create)
		must(t, err)
	}
	return vault
}

// A server starts on the data of the first version, and the accounts there can do what they could.
func TestUpgrade(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	writeOldFolder(t, folder)
	for range 2 { // the first start brings it up to date
		url, _, stop := startProgram(t, folder)
		opened, err := client(url, "").CreateSession(t.Context(), &comatproto.ServerCreateSessionInput{Identifier: "alice.test", Password: alicePassword})
		must(t, err)
		me := client(url, opened.AccessJWT)
		if _, err := me.GetServiceAuth(t.Context(), &comatproto.ServerGetServiceAuthParams{Aud: "did:web:example.com"}); err != nil {
			t.Errorf("getServiceAuth: %v", err)
		}
		stop()
	}
	mustRun(t, folder, "check")
}

// A start that is refused for another reason leaves old data as they were, and a second one finds them.
func TestUpgradeWithoutKeys(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	writeOldFolder(t, folder)
	var stdout, stderr strings.Builder
	args := []string{"--listen", "127.0.0.1:0", "--data", folder}
	master := env(map[string]string{"LEXGEN_MASTER_KEY": strings.Repeat("ab", 32)})
	if status := run(t.Context(), args, master, &stdout, &stderr); status != exitFailed || stdout.Len() > 0 {
		t.Errorf("with another master key: got exit status %d, standard output %q", status, stdout.String())
	}
	wantContains(t, "standard error", stderr.String(), "wrong master key")
	wantFirstVersion(t, folder)
	if _, err := os.Stat(filepath.Join(folder, "pepper.sealed")); err == nil {
		t.Error("a key was created with another master key")
	}
	startOnce(t, folder)
	wantContains(t, "accounts", mustRun(t, folder, "account", "list"), oldDID)
}

func wantFirstVersion(t *testing.T, folder string) {
	t.Helper()
	var got int
	queryRow(t, filepath.Join(folder, sqlite.FileName), "PRAGMA user_version", &got)
	if got != 1 {
		t.Errorf("version: got %d, want 1", got)
	}
}

// A command brings nothing up to date: an older server may be at work beside it.
func TestCommandOnOldData(t *testing.T) {
	t.Parallel()
	for _, c := range commands() {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			folder := t.TempDir()
			writeOldFolder(t, folder)
			args := strings.Fields(c.name)
			if c.operand != "" {
				args = append(args, filepath.Join(folder, "operand"))
			}
			stdout, stderr, status := runOn(t, folder, args...)
			if status != exitFailed || stdout != "" || !strings.HasSuffix(stderr, "start the server once to bring it up to date\n") {
				t.Errorf("got exit status %d, standard output %q, standard error %q", status, stdout, stderr)
			}
			wantFirstVersion(t, folder)
		})
	}
}
