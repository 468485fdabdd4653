-- Where other systems want to be told what happens to cases. The secret signs what is sent, so that it cannot be kept as a hash.

CREATE TABLE webhooks (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    person_id  INTEGER NOT NULL REFERENCES people (id), -- whose rights say what it is told
    key_hash   BLOB    CHECK (length(key_hash) = 32),   -- of the key it was registered with, and ends with; NULL: in a session
    url        TEXT    NOT NULL CHECK (url <> ''),
    secret     TEXT    NOT NULL CHECK (secret <> ''),
    kind       TEXT    NOT NULL DEFAULT '', -- '': every one
    category   TEXT    NOT NULL DEFAULT '',
    verb       TEXT    NOT NULL DEFAULT '',
    area_id    INTEGER,                     -- NULL: everywhere
    told       INTEGER NOT NULL,            -- number of the outbox up to which its deliveries are there
    created_ms INTEGER NOT NULL,
    ended_ms   INTEGER
) STRICT;
CREATE INDEX webhooks_person ON webhooks (person_id) WHERE ended_ms IS NULL;

-- One event for one of them, and how often it was tried. What it says is made anew of case_news each time.
CREATE TABLE webhook_deliveries (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    webhook_id INTEGER NOT NULL REFERENCES webhooks (id),
    number     INTEGER NOT NULL, -- of the outbox
    state      TEXT    NOT NULL CHECK (state IN ('waiting', 'done', 'dead', 'dropped')),
    tries      INTEGER NOT NULL DEFAULT 0,
    next_ms    INTEGER NOT NULL, -- while it waits: when it is tried next
    status     INTEGER NOT NULL DEFAULT 0, -- of the last answer; 0: there was none
    error      TEXT    NOT NULL DEFAULT '',
    created_ms INTEGER NOT NULL,
    changed_ms INTEGER NOT NULL,
    UNIQUE (webhook_id, number)
) STRICT;
CREATE INDEX webhook_deliveries_due ON webhook_deliveries (webhook_id, next_ms) WHERE state = 'waiting';
CREATE INDEX webhook_deliveries_old ON webhook_deliveries (changed_ms);
