-- A session keeps the token that it goes on with in its own row, so that a refresh writes
-- little. The tokens before that are kept for their grace.

ALTER TABLE session ADD COLUMN refresh_hash BLOB CHECK (length(refresh_hash) = 32); -- null: it cannot be refreshed
UPDATE session SET refresh_hash = (SELECT hash FROM refresh_token WHERE session_id = session.id AND next_hash IS NULL);

CREATE TABLE used_refresh_token (
	session_id TEXT NOT NULL REFERENCES session (id) ON DELETE CASCADE,
	hash       BLOB NOT NULL CHECK (length(hash) = 32),
	next_hash  BLOB NOT NULL CHECK (length(next_hash) = 32), -- of the token it was exchanged for
	expires_at INTEGER NOT NULL,
	PRIMARY KEY (session_id, hash)
) STRICT, WITHOUT ROWID;

INSERT INTO used_refresh_token (session_id, hash, next_hash, expires_at)
	SELECT session_id, hash, next_hash, expires_at FROM refresh_token WHERE next_hash IS NOT NULL;
DROP TABLE refresh_token;
CREATE INDEX used_refresh_token_expiry ON used_refresh_token (expires_at);

-- An account has few sessions, and a refresh need not move them here.
DROP INDEX session_did;
CREATE INDEX session_did ON session (did);
