package sqlite

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/server/internal/account"
)

// writeOldStore writes a database of the first version, with rows in each table.
func writeOldStore(t *testing.T, folder string) {
	t.Helper()
	steps, err := migrationSteps()
	must(t, err)
	old := &Store{path: filepath.Join(folder, FileName)}
	db, err := old.connect(writerOptions(), 1)
	must(t, err)
	must(t, migrate(t.Context(), db, steps[:1], nil))
	execFile(t, old.path, `
		INSERT INTO account (did, handle, email, created_at, credential_version, password_hash, takendown_at, takedown_ref) VALUES
			('did:plc:alice', 'alice.test', 'alice@example.com', 1000, 1, 'hash', NULL, NULL),
			('did:plc:bob', 'bob.test', 'bob@example.com', 2000, 3, NULL, 5000, 'decision');
		INSERT INTO signing_key VALUES ('did:plc:alice', 'did:key:alice', CAST('did:plc:alice|1' AS BLOB), 1000),
			('did:plc:bob', 'did:key:bob', CAST('did:plc:bob|2' AS BLOB), 2000);
		INSERT INTO plc_operation VALUES
			('did:plc:alice', 'z', '{"n":1}', 1000, NULL), ('did:plc:alice', 'a', '{"n":2}', 1500, 1600),
			('did:plc:bob', 'b', '{}', 2000, NULL);
		INSERT INTO session VALUES ('s', 'did:plc:alice', 'password', 'browser', '192.0.2.1', 1000, 1000, 9000, 9000);
		INSERT INTO refresh_token VALUES (zeroblob(32), 's', 9000, NULL), (CAST('the token before, of 32 letters.' AS BLOB), 's', 2500, zeroblob(32))`)
	must(t, old.Close())
}

// A database of the first version is brought up to date with all that it holds.
func TestMigrate(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	writeOldStore(t, folder)
	must(t, Upgrade(t.Context(), folder, plainSealer{}))
	if found, err := Inspect(t.Context(), folder); err != nil || found.Server != (Server{}) {
		t.Errorf("Inspect: got %+v, %v, want a server without a name", found, err)
	}
	store := openStore(t, folder)
	must(t, store.Name(t.Context(), Server{Hostname: "localhost", DID: "did:web:localhost"}))
	problems, err := store.Check(t.Context())
	if err != nil || len(problems) != 0 {
		t.Errorf("Check: got %q, %v", problems, err)
	}
	at := func(ms int64) time.Time { return time.UnixMilli(ms).UTC() }
	accounts, err := store.ListAccounts(t.Context(), account.AccountQuery{Limit: 10})
	must(t, err)
	wantSame(t, accounts, []account.Account{
		{DID: "did:plc:alice", Handle: "alice.test", Email: "alice@example.com", CreatedAt: at(1000)},
		{DID: "did:plc:bob", Handle: "bob.test", Email: "bob@example.com", CreatedAt: at(2000), TakendownAt: at(5000), TakedownRef: "decision"},
	})
	before := account.Rotation{DID: "did:plc:alice", SessionID: "s", Now: at(2000), GraceUntil: at(3000), IdleUntil: at(8000)}
	copy(before.Presented[:], "the token before, of 32 letters.")
	caller, err := store.RotateRefresh(t.Context(), before)
	if err != nil || !caller.Session.ExpiresAt.Equal(at(9000)) {
		t.Errorf("token used before: got %+v, %v", caller.Session, err)
	}
	caller, err = store.RotateRefresh(t.Context(), account.Rotation{
		DID: "did:plc:alice", SessionID: "s", Next: account.HashRefreshID("next"), Now: at(2000), GraceUntil: at(3000), IdleUntil: at(8000),
	})
	must(t, err)
	wantSame(t, caller.Session, account.Session{
		ID: "s", DID: "did:plc:alice", Kind: account.SessionPassword, Client: account.Client{UserAgent: "browser", IP: "192.0.2.1"},
		CreatedAt: at(1000), LastUsedAt: at(2000), ExpiresAt: at(8000), EndsAt: at(9000),
	})
	log, err := store.Operations(t.Context(), "did:plc:alice")
	must(t, err)
	wantSame(t, log, []account.DirectoryEntry{
		{DID: "did:plc:alice", CID: "z", Operation: []byte(`{"n":1}`), CreatedAt: at(1000)},
		{DID: "did:plc:alice", CID: "a", Operation: []byte(`{"n":2}`), CreatedAt: at(1500)},
	})
	must(t, store.AppendOperation(t.Context(), account.DirectoryEntry{DID: "did:plc:alice", CID: "c"},
		func([]account.DirectoryEntry) ([]syntax.CID, error) { return nil, nil }))
}

func wantSame[T any](t *testing.T, got, want T) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}
