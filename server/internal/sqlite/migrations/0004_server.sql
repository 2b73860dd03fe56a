-- What the server calls itself that uses the database: one row, or none before its next start.

CREATE TABLE server (
	only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
	hostname TEXT NOT NULL,
	did      TEXT NOT NULL
) STRICT;
