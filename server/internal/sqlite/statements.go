package sqlite

import (
	"context"
	"database/sql"
	"fmt"
)

// accountColumns are the columns that scanAccount reads.
const accountColumns = `account.did, account.handle, account.email, account.email_confirmed_at,
	account.created_at, account.deactivated_at, account.takendown_at`

// sessionColumns are the columns that scanSession reads.
const sessionColumns = `session.id, session.kind, session.user_agent, session.ip,
	session.created_at, session.last_used_at, session.expires_at, session.ends_at`

const credentialsQuery = `SELECT ` + accountColumns + `, account.password_hash, account.credential_version
	FROM account WHERE `

// readStatements are the queries of the connections that only read.
type readStatements struct {
	takenName           *sql.Stmt
	credentialsByDID    *sql.Stmt
	credentialsByHandle *sql.Stmt
	credentialsByEmail  *sql.Stmt
	decoy               *sql.Stmt
	hasAccounts         *sql.Stmt
	session             *sql.Stmt
}

// writeStatements are used inside of transactions.
type writeStatements struct {
	takenName          *sql.Stmt
	insertAccount      *sql.Stmt
	insertSigningKey   *sql.Stmt
	insertOperation    *sql.Stmt
	account            *sql.Stmt
	credentialVersion  *sql.Stmt
	updateHash         *sql.Stmt
	insertSession      *sql.Stmt
	deleteSession      *sql.Stmt
	deleteOldSessions  *sql.Stmt
	useSession         *sql.Stmt
	insertRefresh      *sql.Stmt
	refresh            *sql.Stmt
	useRefresh         *sql.Stmt
	deleteOldRefreshes *sql.Stmt
}

const takenNameQuery = `SELECT
	EXISTS (SELECT 1 FROM account WHERE lower(handle) = ?),
	EXISTS (SELECT 1 FROM account WHERE lower(email) = ?)`

// The empty text comes before every DID.
const decoyQuery = `SELECT coalesce(
	(SELECT password_hash FROM account WHERE did >= ? AND password_hash IS NOT NULL ORDER BY did LIMIT 1),
	(SELECT password_hash FROM account WHERE did >= '' AND password_hash IS NOT NULL ORDER BY did LIMIT 1))`

// A preparation is the text of a statement, where it runs and where it is kept.
type preparation struct {
	statement **sql.Stmt
	db        *sql.DB
	text      string
}

// preparations lists every statement of the store.
func (s *Store) preparations() []preparation {
	reads, writes := &s.reads, &s.writes
	return []preparation{
		{&reads.takenName, s.reader, takenNameQuery},
		{&reads.credentialsByDID, s.reader, credentialsQuery + `account.did = ?`},
		{&reads.credentialsByHandle, s.reader, credentialsQuery + `lower(account.handle) = ?`},
		{&reads.credentialsByEmail, s.reader, credentialsQuery + `lower(account.email) = ?`},
		{&reads.decoy, s.reader, decoyQuery},
		{&reads.hasAccounts, s.reader, `SELECT EXISTS (SELECT 1 FROM account WHERE did >= '')`},
		{&reads.session, s.reader, `SELECT ` + accountColumns + `, ` + sessionColumns + `
			FROM account LEFT JOIN session ON session.id = ? AND session.did = account.did
			WHERE account.did = ?`},

		{&writes.takenName, s.writer, takenNameQuery},
		{&writes.insertAccount, s.writer, `INSERT INTO account (did, handle, email, email_confirmed_at,
			created_at, deactivated_at, takendown_at, password_hash, credential_version)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`},
		{&writes.insertSigningKey, s.writer, `INSERT INTO signing_key (did, public_key, sealed, created_at)
			VALUES (?, ?, ?, ?)`},
		{&writes.insertOperation, s.writer, `INSERT INTO plc_operation (did, cid, operation, created_at)
			VALUES (?, ?, ?, ?)`},
		{&writes.account, s.writer, `SELECT ` + accountColumns + ` FROM account WHERE did = ?`},
		{&writes.credentialVersion, s.writer, `SELECT credential_version FROM account WHERE did = ?`},
		{&writes.updateHash, s.writer, `UPDATE account SET password_hash = ? WHERE did = ?`},
		{&writes.insertSession, s.writer, `INSERT INTO session (id, did, kind, user_agent, ip,
			created_at, last_used_at, expires_at, ends_at)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`},
		{&writes.deleteSession, s.writer, `DELETE FROM session WHERE did = ? AND id = ?`},
		{&writes.deleteOldSessions, s.writer, `DELETE FROM session WHERE did = ? AND expires_at <= ?`},
		{&writes.useSession, s.writer, `UPDATE session SET last_used_at = ?, expires_at = ? WHERE id = ?`},
		{&writes.insertRefresh, s.writer, `INSERT INTO refresh_token (hash, session_id, expires_at)
			SELECT ?, id, expires_at FROM session WHERE id = ?`},
		{&writes.refresh, s.writer, `SELECT refresh_token.expires_at, refresh_token.next_hash, ` + sessionColumns + `
			FROM refresh_token JOIN session ON session.id = refresh_token.session_id
			WHERE refresh_token.hash = ? AND session.did = ?`},
		{&writes.useRefresh, s.writer, `UPDATE refresh_token
			SET next_hash = ?, expires_at = min(expires_at, ?) WHERE hash = ?`},
		{&writes.deleteOldRefreshes, s.writer, `DELETE FROM refresh_token WHERE session_id = ? AND expires_at <= ?`},
	}
}

// prepare compiles every statement once.
func (s *Store) prepare(ctx context.Context) error {
	for _, item := range s.preparations() {
		statement, err := item.db.PrepareContext(ctx, item.text)
		if err != nil {
			return fmt.Errorf("prepare statement: %w", err)
		}
		*item.statement = statement
		s.closers = append(s.closers, statement.Close)
	}
	return nil
}
