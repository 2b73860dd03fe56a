-- The whole life of an account: sign-ups and changes of handles under way, app
-- passwords, mailed tokens, invite codes, mails that wait and the audit log.

ALTER TABLE account ADD COLUMN email_auth_factor INTEGER NOT NULL DEFAULT 0;
ALTER TABLE account ADD COLUMN delete_after INTEGER;
ALTER TABLE account ADD COLUMN invites_disabled INTEGER NOT NULL DEFAULT 0;
ALTER TABLE account ADD COLUMN invite_note TEXT NOT NULL DEFAULT '';

-- Several accounts may have no handle, or no email.
DROP INDEX account_handle;
DROP INDEX account_email;
CREATE UNIQUE INDEX account_handle ON account (lower(handle)) WHERE handle <> '';
CREATE UNIQUE INDEX account_email ON account (lower(email)) WHERE email <> '';
CREATE INDEX account_created ON account (created_at, did);
CREATE INDEX account_status ON account (takendown_at, deactivated_at);
CREATE INDEX account_overdue ON account (delete_after) WHERE delete_after IS NOT NULL;

-- From here on signing_key.sealed is encrypted with the public key as its purpose.

ALTER TABLE session ADD COLUMN app_password TEXT NOT NULL DEFAULT ''; -- its name
CREATE INDEX session_app_password ON session (did, app_password) WHERE app_password <> '';
CREATE INDEX session_expiry ON session (expires_at);
CREATE INDEX refresh_token_expiry ON refresh_token (expires_at);

CREATE TABLE app_password (
	did          TEXT NOT NULL REFERENCES account (did) ON DELETE CASCADE,
	name         TEXT NOT NULL,
	hash         BLOB NOT NULL CHECK (length(hash) = 32),
	privileged   INTEGER NOT NULL,
	created_at   INTEGER NOT NULL,
	last_used_at INTEGER,
	PRIMARY KEY (did, name)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX app_password_hash ON app_password (did, hash);

CREATE TABLE email_token (
	did          TEXT NOT NULL REFERENCES account (did) ON DELETE CASCADE,
	purpose      TEXT NOT NULL,
	hash         BLOB NOT NULL CHECK (length(hash) = 32),
	requested_at INTEGER NOT NULL,
	attempts     INTEGER NOT NULL, -- wrong tokens given in its place
	PRIMARY KEY (did, purpose)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX email_token_hash ON email_token (purpose, hash);
CREATE INDEX email_token_age ON email_token (requested_at);

-- A code that a sign-up under way will use is counted as reserved.
CREATE TABLE invite_code (
	code        TEXT PRIMARY KEY,
	available   INTEGER NOT NULL,
	uses        INTEGER NOT NULL DEFAULT 0,
	reserved    INTEGER NOT NULL DEFAULT 0,
	disabled    INTEGER NOT NULL,
	for_account TEXT NOT NULL, -- a DID or 'admin'
	created_by  TEXT NOT NULL, -- likewise
	created_at  INTEGER NOT NULL,
	CHECK (uses >= 0 AND reserved >= 0)
) STRICT, WITHOUT ROWID;

CREATE INDEX invite_code_account ON invite_code (for_account, created_at DESC, code);
CREATE INDEX invite_code_newest ON invite_code (created_at DESC, code);
CREATE INDEX invite_code_most_used ON invite_code (uses DESC, code);

-- A use outlives the account that it made: the code stays used.
CREATE TABLE invite_code_use (
	code    TEXT NOT NULL REFERENCES invite_code (code) ON DELETE CASCADE,
	used_by TEXT NOT NULL, -- a DID
	used_at INTEGER NOT NULL,
	PRIMARY KEY (code, used_by)
) STRICT, WITHOUT ROWID;

CREATE INDEX invite_code_use_order ON invite_code_use (code, used_at, used_by);
CREATE INDEX invite_code_use_account ON invite_code_use (used_by, used_at);

-- Sign-ups under way: the account to come, in the columns of account, and what else
-- finishing needs.
CREATE TABLE signup (
	did                TEXT PRIMARY KEY,
	handle             TEXT NOT NULL,
	email              TEXT NOT NULL,
	email_confirmed_at INTEGER,
	email_auth_factor  INTEGER NOT NULL,
	password_hash      TEXT,
	created_at         INTEGER NOT NULL,
	deactivated_at     INTEGER,
	delete_after       INTEGER,
	takendown_at       INTEGER,
	takedown_ref       TEXT,
	invites_disabled   INTEGER NOT NULL,
	invite_note        TEXT NOT NULL,
	invite_code        TEXT,
	public_key         TEXT NOT NULL,
	sealed             BLOB NOT NULL,
	genesis_cid        TEXT NOT NULL,
	genesis            TEXT NOT NULL, -- JSON; empty for an import
	user_agent         TEXT NOT NULL,
	ip                 TEXT NOT NULL,
	lease_until        INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX signup_handle ON signup (lower(handle)) WHERE handle <> '';
CREATE UNIQUE INDEX signup_email ON signup (lower(email)) WHERE email <> '';
CREATE INDEX signup_lease ON signup (lease_until);

-- Changes of handles under way. An account has several if the directory did not say what
-- became of them.
CREATE TABLE handle_reservation (
	did         TEXT NOT NULL REFERENCES account (did) ON DELETE CASCADE,
	handle      TEXT PRIMARY KEY,
	lease_until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX handle_reservation_account ON handle_reservation (did, handle);
CREATE INDEX handle_reservation_lease ON handle_reservation (lease_until);

-- Handles that were given up, and that nobody but did can have for a while.
CREATE TABLE handle_quarantine (
	handle  TEXT PRIMARY KEY,
	did     TEXT NOT NULL,
	ends_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX handle_quarantine_end ON handle_quarantine (ends_at);

-- Signing keys for accounts to come.
CREATE TABLE reserved_signing_key (
	public_key TEXT PRIMARY KEY,
	sealed     BLOB NOT NULL,
	did        TEXT UNIQUE, -- null: not known yet
	created_at INTEGER NOT NULL,
	expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX reserved_signing_key_expiry ON reserved_signing_key (expires_at);

-- Tokens that must not be used twice.
CREATE TABLE nonce (
	hash       BLOB PRIMARY KEY CHECK (length(hash) = 32),
	expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX nonce_expiry ON nonce (expires_at);

-- Mails that wait.
CREATE TABLE outbox (
	id          TEXT PRIMARY KEY,
	did         TEXT REFERENCES account (did) ON DELETE CASCADE, -- null: outlives the account
	sealed      BLOB NOT NULL,
	due_at      INTEGER NOT NULL,
	failures    INTEGER NOT NULL,
	lease_until INTEGER NOT NULL -- until then somebody is at work on it; 0: nobody
) STRICT, WITHOUT ROWID;

CREATE INDEX outbox_due ON outbox (due_at, id);
CREATE INDEX outbox_account ON outbox (did) WHERE did IS NOT NULL;

-- The audit log.
CREATE TABLE event (
	id         INTEGER PRIMARY KEY,
	did        TEXT NOT NULL REFERENCES account (did) ON DELETE CASCADE,
	kind       TEXT NOT NULL,
	at         INTEGER NOT NULL,
	user_agent TEXT NOT NULL,
	ip         TEXT NOT NULL,
	detail     TEXT NOT NULL
) STRICT;

CREATE INDEX event_account ON event (did, at, id);
CREATE INDEX event_age ON event (at);

-- The operations of the directory that this server runs itself. They outlive accounts.
CREATE TABLE directory_operation (
	did        TEXT NOT NULL,
	position   INTEGER NOT NULL, -- from 0 for each DID
	cid        TEXT NOT NULL,
	operation  TEXT NOT NULL, -- JSON
	nullified  INTEGER NOT NULL,
	created_at INTEGER NOT NULL,
	PRIMARY KEY (did, position),
	UNIQUE (did, cid)
) STRICT, WITHOUT ROWID;

INSERT INTO directory_operation (did, position, cid, operation, nullified, created_at)
	SELECT did, row_number() OVER (PARTITION BY did ORDER BY created_at, cid) - 1, cid, operation, 0, created_at
	FROM plc_operation;
DROP TABLE plc_operation;
