package sqlite

import (
	"slices"
	"testing"
)

// Everything that a check looks for is found.
func TestCheck(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		script string
		want   string
	}{
		{"nothing wrong", ``, ""},
		{"uses", `INSERT INTO invite_code VALUES ('c', 1, 1, 0, 0, 'admin', 'admin', 0)`, "invite codes with a wrong count of uses: 1"},
		{"reserved uses", `INSERT INTO invite_code VALUES ('c', 1, 0, 1, 0, 'admin', 'admin', 0)`, "invite codes with a wrong count of sign-ups under way: 1"},
		{"too many uses", `INSERT INTO invite_code VALUES ('c', 0, 1, 0, 0, 'admin', 'admin', 0);
			INSERT INTO invite_code_use VALUES ('c', 'did:plc:alice', 0)`, "invite codes that were used too often: 1"},
		{"no key", `DELETE FROM signing_key WHERE did = 'did:plc:alice'`, "accounts without a signing key: 1"},
		{"factor", `UPDATE account SET email_auth_factor = 1`, "accounts with a second factor and an unconfirmed address: 2"},
		{"deadline", `UPDATE account SET delete_after = 1`, "active accounts with a deadline of deletion: 2"},
		{"handle twice", `UPDATE signup SET handle = 'Alice.test'`, "sign-ups under way for the name of an account: 1"},
		{"email twice", `UPDATE signup SET email = 'Alice@example.com'`, "sign-ups under way for the name of an account: 1"},
		{"DID twice", `UPDATE signup SET did = 'did:plc:alice'`, "sign-ups under way for the name of an account: 1"},
		{"reserved handle", `INSERT INTO handle_reservation VALUES ('did:plc:alice', 'bob.test', 0)`, "reserved handles that another account has: 1"},
		{"app password", `UPDATE session SET app_password = 'none' WHERE did = 'did:plc:bob'`, "sessions of an app password that is gone: 1"},
		{"long session", `UPDATE session SET expires_at = ends_at + 1`, "sessions that last too long: 2"},
		{
			"long refresh token", `INSERT INTO used_refresh_token SELECT id, refresh_hash, zeroblob(32), expires_at + 1 FROM session`,
			"used refresh tokens that outlast their session: 2",
		},
		{"attempts", `INSERT INTO email_token VALUES ('did:plc:bob', 'p', zeroblob(32), 0, 11)`, "mailed tokens with a wrong count of attempts: 1"},
		{
			"lost account", `PRAGMA foreign_keys = off; DELETE FROM account WHERE did = 'did:plc:bob'; PRAGMA foreign_keys = on`,
			"rows of session that refer to a missing row of account: 1",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			store := openStore(t, t.TempDir())
			must(t, signUp(t.Context(), store, newSignup("alice")))
			must(t, signUp(t.Context(), store, newSignup("bob")))
			must(t, store.ReserveSignup(t.Context(), newSignup("under")))
			script(t, store, tt.script)
			got, err := store.Check(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if tt.want == "" && len(got) != 0 || tt.want != "" && !slices.Contains(got, tt.want) {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestCounts(t *testing.T) {
	t.Parallel()
	store := openStore(t, t.TempDir())
	for _, name := range []string{"a", "b", "c", "d", "e", "f"} {
		must(t, signUp(t.Context(), store, newSignup(name)))
	}
	for _, text := range []string{
		`UPDATE account SET deactivated_at = 1 WHERE did IN ('did:plc:a', 'did:plc:b')`,
		`UPDATE account SET takendown_at = 1 WHERE did = 'did:plc:b'`,
		`DELETE FROM session WHERE did = 'did:plc:b'`,
		`INSERT INTO outbox VALUES ('1', NULL, x'00', 0, 0, 0), ('2', 'did:plc:a', x'00', 0, 0, 0)`,
	} {
		script(t, store, text)
	}
	got, err := store.Counts(t.Context())
	if want := (Counts{Active: 4, Deactivated: 1, Takendown: 1, Sessions: 5, Mails: 2}); err != nil || got != want {
		t.Errorf("got %+v, %v, want %+v", got, err, want)
	}
}
