package sqlite

import (
	"context"
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/server/internal/account"
)

// A change is a call of a method that writes more than one row.
type change struct {
	name string
	call func(ctx context.Context, store *Store) error
}

// alice is whose account is changed.
const alice = syntax.DID("did:plc:alice")

// then returns when it is changed.
func then() time.Time {
	return time.UnixMilli(5000)
}

// newProof returns the token that furnishedStore mailed to alice.
func newProof() *account.TokenProof {
	return &account.TokenProof{Purpose: "purpose", Hash: sha256.Sum256([]byte("token"))}
}

// recorded returns a record for a change that asks for one.
func recorded(record account.Record) func(account.Account) (account.Record, error) {
	return func(account.Account) (account.Record, error) { return record, nil }
}

// recordedPassword is recorded for a new password.
func recordedPassword(record account.Record) func(account.Account, []account.AppPassword) (account.Record, error) {
	return func(account.Account, []account.AppPassword) (account.Record, error) { return record, nil }
}

func newRecord() account.Record {
	return account.Record{
		Event: account.Event{DID: alice, Kind: "kind", At: then()},
		Mails: []account.QueuedMail{{ID: "new", Sealed: []byte("sealed")}},
	}
}

// newSession returns a session of an account, with a refresh token.
func newSession(did syntax.DID) account.NewSession {
	return account.NewSession{
		Session: account.Session{ID: "new", DID: did},
		Refresh: account.HashRefreshID("new"),
	}
}

func accountChanges() []change {
	return []change{
		{"SetPassword", func(ctx context.Context, store *Store) error {
			return store.SetPassword(ctx, account.PasswordChange{DID: alice, PasswordHash: "new", Proof: newProof(), DropAppPasswords: true, Record: recordedPassword(newRecord())})
		}},
		{"SetEmail", func(ctx context.Context, store *Store) error {
			_, err := store.SetEmail(ctx, account.EmailChange{
				DID: alice, Email: "new@example.com", Proof: newProof(),
				Record: recorded(newRecord()),
			})
			return err
		}},
		{"ConfirmEmail", func(ctx context.Context, store *Store) error {
			return store.ConfirmEmail(ctx, alice, "alice@example.com", *newProof(), newRecord())
		}},
		{"Deactivate", func(ctx context.Context, store *Store) error {
			return store.Deactivate(ctx, alice, then(), then(), newRecord())
		}},
		{"Activate", func(ctx context.Context, store *Store) error { return store.Activate(ctx, alice, newRecord()) }},
		{"Moderate", func(ctx context.Context, store *Store) error {
			applied := &account.Applied{Applied: true}
			return store.Moderate(ctx, account.Decision{
				SubjectUpdate: account.SubjectUpdate{DID: alice, Takedown: applied, Deactivated: applied},
				At:            then(),
				Records:       []account.Record{newRecord()},
			})
		}},
		{"DeleteAccount", func(ctx context.Context, store *Store) error {
			return store.DeleteAccount(ctx, account.Deletion{DID: alice, Proof: newProof(), QuarantineUntil: then(), Mails: newRecord().Mails})
		}},
		{"AddEvent", func(ctx context.Context, store *Store) error { return store.AddEvent(ctx, newRecord()) }},
	}
}

func signupChanges() []change {
	return []change{
		{"ReserveSignup", func(ctx context.Context, store *Store) error {
			reservation := newSignup("new")
			reservation.InviteCode = "code"
			return store.ReserveSignup(ctx, reservation)
		}},
		{"FinishSignup", func(ctx context.Context, store *Store) error {
			opened := newSession("did:plc:under")
			_, err := store.FinishSignup(ctx, "did:plc:under", &opened, newRecord())
			return err
		}},
		{"ReleaseSignup", func(ctx context.Context, store *Store) error { return store.ReleaseSignup(ctx, "did:plc:under") }},
		{"ImportAccount", func(ctx context.Context, store *Store) error {
			reservation := newSignup("new")
			reservation.InviteCode = "code"
			reservation.Nonce = account.Nonce{Hash: account.SecretHash{1}, ExpiresAt: then()}
			opened := newSession("did:plc:new")
			return store.ImportAccount(ctx, reservation, opened, newRecord())
		}},
		{"CommitHandle", func(ctx context.Context, store *Store) error {
			_, err := store.CommitHandle(ctx, alice, "next.test", then(), newRecord())
			return err
		}},
		{"ReserveSigningKey", func(ctx context.Context, store *Store) error {
			reserved := account.ReservedKey{Key: account.SealedKey{Public: "new", Sealed: []byte("sealed")}}
			_, err := store.ReserveSigningKey(ctx, reserved, then(), 10)
			return err
		}},
	}
}

func secretChanges() []change {
	return []change{
		{"StartSession", func(ctx context.Context, store *Store) error {
			return store.StartSession(ctx, account.Login{NewSession: newSession(alice), CredentialVersion: 1, Rehash: "new", AuthFactor: newProof(), Record: newRecord()})
		}},
		{"RotateRefresh", func(ctx context.Context, store *Store) error {
			_, err := store.RotateRefresh(ctx, account.Rotation{
				DID: alice, SessionID: string(alice), Presented: account.HashRefreshID(string(alice)), Next: account.HashRefreshID("next"),
				Now: then(), GraceUntil: then().Add(time.Second), IdleUntil: then().Add(time.Hour),
			})
			return err
		}},
		{"EndSession", func(ctx context.Context, store *Store) error {
			return store.EndSession(ctx, alice, string(alice), newRecord())
		}},
		{"CreateAppPassword", func(ctx context.Context, store *Store) error {
			return store.CreateAppPassword(ctx, account.AppPassword{DID: alice, Name: "new"}, 10, newRecord())
		}},
		{"DeleteAppPassword", func(ctx context.Context, store *Store) error {
			return store.DeleteAppPassword(ctx, alice, "app", newRecord())
		}},
		{"PutEmailToken", func(ctx context.Context, store *Store) error {
			return store.PutEmailToken(ctx, account.EmailToken{DID: alice, Purpose: "purpose", Record: recorded(newRecord())})
		}},
		{"UseEmailToken", func(ctx context.Context, store *Store) error {
			return store.UseEmailToken(ctx, alice, *newProof(), newRecord())
		}},
	}
}

func otherChanges() []change {
	return []change{
		{"CreateInvites", func(ctx context.Context, store *Store) error {
			return store.CreateInvites(ctx, []account.InviteCode{{Code: "one"}, {Code: "two"}}, 10)
		}},
		{"MintInvites", func(ctx context.Context, store *Store) error {
			_, err := store.MintInvites(ctx, alice, "", func(account.Account, []account.InviteCode) []account.InviteCode {
				return []account.InviteCode{{Code: "one"}, {Code: "two"}}
			})
			return err
		}},
		{"DisableInvites", func(ctx context.Context, store *Store) error {
			return store.DisableInvites(ctx, []string{"code"}, []string{string(alice)})
		}},
		{"SetInvitesDisabled", func(ctx context.Context, store *Store) error {
			return store.SetInvitesDisabled(ctx, alice, true, "why", newRecord())
		}},
		{"ClaimMails", func(ctx context.Context, store *Store) error {
			_, err := store.ClaimMails(ctx, then(), then(), 10)
			return err
		}},
		{"ReleaseMails", func(ctx context.Context, store *Store) error {
			return store.ReleaseMails(ctx, []string{"1", "2"})
		}},
		{"Sweep", func(ctx context.Context, store *Store) error {
			return store.Sweep(ctx, then().Add(48*time.Hour), then())
		}},
		{"ExpireLeases", func(ctx context.Context, store *Store) error { return store.ExpireLeases(ctx) }},
		{"AppendOperation", func(ctx context.Context, store *Store) error {
			entry := account.DirectoryEntry{DID: alice, CID: "b"}
			return store.AppendOperation(ctx, entry, func([]account.DirectoryEntry) ([]syntax.CID, error) {
				return []syntax.CID{"a"}, nil
			})
		}},
	}
}

// furnishedStore returns a store on which every change has all to do that it can have.
func furnishedStore(t *testing.T) *Store {
	t.Helper()
	store := openStore(t, t.TempDir())
	ctx := t.Context()
	invite := account.InviteCode{Code: "code", Available: 9, ForAccount: "did:plc:alice"}
	must(t, store.CreateInvites(ctx, []account.InviteCode{invite, {Code: "other"}}, 10))
	must(t, signUp(ctx, store, newSignup("alice")))
	under := newSignup("under")
	under.InviteCode = "code"
	under.LeaseUntil = then()
	must(t, store.ReserveSignup(ctx, under))
	must(t, store.ReserveHandle(ctx, account.HandleReservation{DID: alice, Handle: "next.test", LeaseUntil: then()}, then()))
	for _, text := range []string{
		`UPDATE session SET expires_at = 9000, ends_at = 9000`,
		`INSERT INTO used_refresh_token SELECT id, zeroblob(32), refresh_hash, 9000 FROM session`,
		`INSERT INTO session VALUES ('of the app', 'did:plc:alice', 'app', '', '', 0, 0, 9000, 9000, 'app', NULL),
			('old', 'did:plc:alice', 'password', '', '', 0, 0, 0, 0, '', NULL)`,
		`INSERT INTO app_password VALUES ('did:plc:alice', 'app', zeroblob(32), 0, 0, NULL)`,
		`UPDATE app_password SET hash = randomblob(32)`,
		`INSERT INTO handle_quarantine VALUES ('under.test', 'did:plc:under', 100)`,
		`INSERT INTO reserved_signing_key VALUES ('key', x'00', 'did:plc:under', 0, 9000), ('old', x'00', NULL, 0, 0)`,
		`INSERT INTO nonce VALUES (zeroblob(32), 0)`,
		`INSERT INTO event (did, kind, at, user_agent, ip, detail) VALUES ('did:plc:alice', 'old', 0, '', '', '')`,
		`INSERT INTO outbox VALUES ('1', NULL, x'00', 0, 0, 9000), ('2', 'did:plc:alice', x'00', 0, 0, 0)`,
		`INSERT INTO directory_operation VALUES ('did:plc:alice', 0, 'a', '{}', 0, 0)`,
	} {
		script(t, store, text)
	}
	must(t, store.PutEmailToken(ctx, account.EmailToken{
		DID: "did:plc:alice", Purpose: "purpose", Hash: sha256.Sum256([]byte("token")), RequestedAt: time.UnixMilli(1),
		Record: recorded(account.Record{}),
	}))
	return store
}

// Whichever of its writes fails, a change leaves nothing behind; and if none fails, a
// database that is in order.
func TestAtomicity(t *testing.T) {
	t.Parallel()
	for _, change := range slices.Concat(accountChanges(), signupChanges(), secretChanges(), otherChanges()) {
		t.Run(change.name, func(t *testing.T) {
			t.Parallel()
			writes := findWrites(t, change)
			if len(writes) == 0 {
				t.Fatal("the change writes nothing")
			}
			store := furnishedStore(t)
			before := dump(t, store)
			for _, w := range writes {
				script(t, store, fmt.Sprintf(`CREATE TEMP TRIGGER fault AFTER %s ON main.%s
					BEGIN SELECT raise(ABORT, 'injected'); END`, w.event, w.table))
				err := change.call(t.Context(), store)
				if err == nil || !strings.Contains(err.Error(), "injected") {
					t.Errorf("%s of %s: got error %v, want the injected one", w.event, w.table, err)
				}
				script(t, store, `DROP TRIGGER fault`)
				if diff := cmp.Diff(before, dump(t, store)); diff != "" {
					t.Fatalf("a failed %s of %s left (-before +after):\n%s", w.event, w.table, diff)
				}
			}
			must(t, change.call(t.Context(), store))
			if problems, err := store.Check(t.Context()); err != nil || len(problems) > 0 {
				t.Errorf("Check afterwards: got %q, %v", problems, err)
			}
		})
	}
}

// A tableWrite is what can be done to a table.
type tableWrite struct{ event, table string }

// findWrites returns what a change writes, as triggers tell.
func findWrites(t *testing.T, change change) (found []tableWrite) {
	t.Helper()
	store := furnishedStore(t)
	script(t, store, `CREATE TEMP TABLE written (event TEXT, name TEXT)`)
	for _, table := range tables(t, store) {
		for _, event := range []string{"INSERT", "UPDATE", "DELETE"} {
			script(t, store, fmt.Sprintf(`CREATE TEMP TRIGGER %[1]s_%[2]s AFTER %[1]s ON main.%[2]s
				BEGIN INSERT INTO written VALUES ('%[1]s', '%[2]s'); END`, event, table))
		}
	}
	must(t, change.call(t.Context(), store))
	rows, err := store.writer.Query(`SELECT DISTINCT event, name FROM temp.written ORDER BY name, event`)
	must(t, err)
	defer rows.Close()
	for rows.Next() {
		var w tableWrite
		must(t, rows.Scan(&w.event, &w.table))
		found = append(found, w)
	}
	must(t, rows.Err())
	return found
}

func script(t *testing.T, store *Store, text string) {
	t.Helper()
	if _, err := store.writer.Exec(text); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
}

func tables(t *testing.T, store *Store) []string {
	t.Helper()
	return column(t, store, `SELECT name FROM main.sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name`)
}

// dump returns every row of every table.
func dump(t *testing.T, store *Store) map[string][]string {
	t.Helper()
	content := map[string][]string{}
	for _, table := range tables(t, store) {
		columns := column(t, store, fmt.Sprintf(`SELECT 'quote("' || name || '")' FROM pragma_table_info('%s')`, table))
		content[table] = column(t, store, fmt.Sprintf(`SELECT %s FROM main.%s ORDER BY 1`, strings.Join(columns, " || ' ' || "), table))
	}
	return content
}

// column returns the only column of a query.
func column(t *testing.T, store *Store, query string) (values []string) {
	t.Helper()
	rows, err := store.writer.Query(query)
	must(t, err)
	defer rows.Close()
	for rows.Next() {
		var value string
		must(t, rows.Scan(&value))
		values = append(values, value)
	}
	must(t, rows.Err())
	return values
}
