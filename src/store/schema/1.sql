-- Times are milliseconds since 1970 (UTC).

CREATE TABLE keys (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    -- SHA-256 of the secret, never the secret.
    secret BLOB NOT NULL,
    scopes TEXT NOT NULL,
    -- Requests in a minute, and at the same time; NULL: what the service allows.
    rate INTEGER,
    concurrent INTEGER,
    created INTEGER NOT NULL,
    expires INTEGER,
    revoked INTEGER,
    -- The hour of the last use.
    used INTEGER
) STRICT;

CREATE INDEX keys_name ON keys (name);

CREATE TABLE access (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    at INTEGER NOT NULL,
    request TEXT NOT NULL,
    -- The key, if the request had a good one; it is not a reference, for the log
    -- stands for itself.
    key TEXT,
    caller TEXT NOT NULL,
    method TEXT NOT NULL,
    route TEXT NOT NULL,
    subject TEXT,
    data TEXT,
    status INTEGER NOT NULL,
    outcome TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    milliseconds INTEGER NOT NULL
) STRICT;

CREATE INDEX access_at ON access (at);

CREATE TRIGGER access_stays BEFORE UPDATE ON access
BEGIN
    SELECT RAISE(ABORT, 'the access log is append-only');
END;

CREATE TRIGGER access_is_kept BEFORE DELETE ON access
BEGIN
    SELECT RAISE(ABORT, 'the access log is append-only');
END;

-- INSERT OR REPLACE deletes without asking the trigger above.
CREATE TRIGGER access_is_not_replaced BEFORE INSERT ON access
WHEN EXISTS (SELECT 1 FROM access WHERE number = NEW.number)
BEGIN
    SELECT RAISE(ABORT, 'the access log is append-only');
END;

CREATE TABLE requests (
    caller TEXT NOT NULL,
    -- SHA-256 of the key that the caller has chosen, which may hold anything.
    key TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    -- When it came first, and when it was last begun.
    moment INTEGER NOT NULL,
    begun INTEGER NOT NULL,
    attempt INTEGER NOT NULL,
    -- NULL as long as there is no answer.
    status INTEGER,
    etag TEXT,
    PRIMARY KEY (caller, key)
) STRICT, WITHOUT ROWID;

CREATE INDEX requests_moment ON requests (moment);

PRAGMA application_id = 1986096738;
PRAGMA user_version = 1;
