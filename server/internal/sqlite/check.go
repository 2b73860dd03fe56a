package sqlite

import (
	"context"
	"fmt"

	"github.com/lexgen-go/lexgen/server/internal/account"
)

// An invariant is something that the database always holds to, beyond what SQLite
// itself sees to.
type invariant struct {
	query string // counts the rows that break it
	text  string // what these rows are
}

// invariants are what Check looks at. Their texts name no account and no code: they
// may be logged.
func invariants() []invariant {
	return []invariant{
		{
			`SELECT count(*) FROM invite_code AS i
				WHERE uses <> (SELECT count(*) FROM invite_code_use AS u WHERE u.code = i.code)`,
			"invite codes with a wrong count of uses",
		},
		{
			`SELECT count(*) FROM invite_code AS i
				WHERE reserved <> (SELECT count(*) FROM signup WHERE signup.invite_code = i.code)`,
			"invite codes with a wrong count of sign-ups under way",
		},
		{
			`SELECT count(*) FROM invite_code WHERE uses + reserved > available`,
			"invite codes that were used too often",
		},
		{
			`SELECT count(*) FROM account WHERE NOT EXISTS (SELECT 1 FROM signing_key WHERE signing_key.did = account.did)`,
			"accounts without a signing key",
		},
		{
			`SELECT count(*) FROM account WHERE email_auth_factor <> 0 AND email_confirmed_at IS NULL`,
			"accounts with a second factor and an unconfirmed address",
		},
		{
			`SELECT count(*) FROM account WHERE delete_after IS NOT NULL AND deactivated_at IS NULL`,
			"active accounts with a deadline of deletion",
		},
		{
			`SELECT count(*) FROM signup JOIN account ON account.did = signup.did
				OR lower(account.handle) = lower(signup.handle) AND account.handle <> ''
				OR lower(account.email) = lower(signup.email) AND account.email <> ''`,
			"sign-ups under way for the name of an account",
		},
		{
			`SELECT count(*) FROM handle_reservation AS r JOIN account
				ON lower(account.handle) = r.handle AND account.handle <> '' AND account.did <> r.did`,
			"reserved handles that another account has",
		},
		{
			`SELECT count(*) FROM session AS s WHERE app_password <> ''
				AND NOT EXISTS (SELECT 1 FROM app_password AS p WHERE p.did = s.did AND p.name = s.app_password)`,
			"sessions of an app password that is gone",
		},
		{
			`SELECT count(*) FROM session WHERE expires_at > ends_at`,
			"sessions that last too long",
		},
		{
			`SELECT count(*) FROM used_refresh_token AS r JOIN session AS s ON s.id = r.session_id WHERE r.expires_at > s.expires_at`,
			"used refresh tokens that outlast their session",
		},
		{
			fmt.Sprintf(`SELECT count(*) FROM email_token WHERE attempts NOT BETWEEN 0 AND %d`, account.MaxTokenAttempts),
			"mailed tokens with a wrong count of attempts",
		},
	}
}

// Check reads the whole database and returns a sentence for each thing that is wrong
// with it: pages that are damaged, rows whose account is gone, and what the rules of
// this package never leave behind. It changes nothing.
//
// See https://www.sqlite.org/pragma.html#pragma_integrity_check.
func (s *Store) Check(ctx context.Context) ([]string, error) {
	found, err := s.findDamage(ctx)
	if err != nil || len(found) > 0 {
		return found, err // what a damaged database says of itself is worth nothing
	}
	tx, err := s.reader.BeginTx(ctx, nil)
	if err != nil {
		return nil, fmt.Errorf("check the database: %w", err)
	}
	defer tx.Rollback()
	for _, rule := range invariants() {
		var broken int
		if err := tx.QueryRowContext(ctx, rule.query).Scan(&broken); err != nil {
			return nil, fmt.Errorf("check the database: look for %s: %w", rule.text, err)
		}
		if broken > 0 {
			found = append(found, fmt.Sprintf("%s: %d", rule.text, broken))
		}
	}
	return found, nil
}

// findDamage returns what SQLite itself finds wrong.
func (s *Store) findDamage(ctx context.Context) ([]string, error) {
	rows, err := s.reader.QueryContext(ctx, `SELECT integrity_check FROM pragma_integrity_check WHERE integrity_check <> 'ok'
		UNION ALL
		SELECT 'rows of ' || "table" || ' that refer to a missing row of ' || parent || ': ' || count(*)
		FROM pragma_foreign_key_check GROUP BY "table", parent`)
	if err != nil {
		return nil, fmt.Errorf("check the database: %w", err)
	}
	defer rows.Close()
	var found []string
	for rows.Next() {
		var line string
		if err := rows.Scan(&line); err != nil {
			return nil, fmt.Errorf("check the database: %w", err)
		}
		found = append(found, line)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("check the database: %w", err)
	}
	return found, nil
}
