-- Which events the owner was told of, so that those that he was not do not count; and the
-- newest of a kind without reading the others.

ALTER TABLE event ADD COLUMN mailed INTEGER NOT NULL DEFAULT 0;
CREATE INDEX event_kind ON event (did, kind, at, id);

-- Requests for a reset of a password that wait for an answer by mail. That an address is
-- anybody's is not looked at before.
CREATE TABLE reset_request (
	id           INTEGER PRIMARY KEY,
	email        TEXT NOT NULL,
	requested_at INTEGER NOT NULL
) STRICT;
