-- Accounts, their identities and their sessions.
-- Times are milliseconds since 1970 in UTC. What belongs to an account goes with it.

CREATE TABLE account (
	did                TEXT PRIMARY KEY,
	handle             TEXT NOT NULL,
	email              TEXT NOT NULL,
	email_confirmed_at INTEGER,
	password_hash      TEXT, -- a PHC string; null: no login by password
	credential_version INTEGER NOT NULL,
	created_at         INTEGER NOT NULL,
	deactivated_at     INTEGER,
	takendown_at       INTEGER,
	takedown_ref       TEXT -- the moderation decision
) STRICT, WITHOUT ROWID;

-- Unique over all accounts, whatever their status.
CREATE UNIQUE INDEX account_handle ON account (lower(handle));
CREATE UNIQUE INDEX account_email ON account (lower(email));

CREATE TABLE signing_key (
	did        TEXT PRIMARY KEY REFERENCES account (did) ON DELETE CASCADE,
	public_key TEXT NOT NULL, -- a did:key
	sealed     BLOB NOT NULL, -- the private key, encrypted with the DID as its purpose
	created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE plc_operation (
	did          TEXT NOT NULL REFERENCES account (did) ON DELETE CASCADE,
	cid          TEXT NOT NULL,
	operation    TEXT NOT NULL, -- JSON, as a directory takes it
	created_at   INTEGER NOT NULL,
	published_at INTEGER, -- null: no directory has it yet
	PRIMARY KEY (did, cid)
) STRICT, WITHOUT ROWID;

CREATE TABLE session (
	id           TEXT PRIMARY KEY,
	did          TEXT NOT NULL REFERENCES account (did) ON DELETE CASCADE,
	kind         TEXT NOT NULL,
	user_agent   TEXT NOT NULL,
	ip           TEXT NOT NULL,
	created_at   INTEGER NOT NULL,
	last_used_at INTEGER NOT NULL,
	expires_at   INTEGER NOT NULL, -- moves with each refresh
	ends_at      INTEGER NOT NULL  -- does not move
) STRICT, WITHOUT ROWID;

CREATE INDEX session_did ON session (did, expires_at);

-- The refresh tokens of a session, each known by its hash only.
CREATE TABLE refresh_token (
	hash       BLOB PRIMARY KEY CHECK (length(hash) = 32),
	session_id TEXT NOT NULL REFERENCES session (id) ON DELETE CASCADE,
	expires_at INTEGER NOT NULL,
	next_hash  BLOB CHECK (length(next_hash) = 32) -- null: not used yet
) STRICT, WITHOUT ROWID;

CREATE INDEX refresh_token_session ON refresh_token (session_id, expires_at);
