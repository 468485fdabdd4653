-- Who signs in by WeChat: the openid as a hash under a key that is not in the database, to be found by, and sealed, to be written to.
CREATE TABLE wechat_people (
    person_id     INTEGER NOT NULL PRIMARY KEY REFERENCES people (id),
    openid_hash   BLOB    NOT NULL UNIQUE CHECK (length(openid_hash) = 32),
    openid_sealed BLOB    NOT NULL CHECK (length(openid_sealed) > 40),
    made_ms       INTEGER NOT NULL
) STRICT;

-- A message on its way by a channel that can fail, and how often it was tried. It goes with its message.
CREATE TABLE inbox_deliveries (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    message_id INTEGER NOT NULL REFERENCES inbox_messages (id) ON DELETE CASCADE,
    channel    TEXT    NOT NULL CHECK (channel = 'wechat'),
    state      TEXT    NOT NULL CHECK (state IN ('waiting', 'done', 'dead', 'dropped')),
    tries      INTEGER NOT NULL DEFAULT 0,
    next_ms    INTEGER NOT NULL, -- while it waits: when it is tried next
    code       INTEGER NOT NULL DEFAULT 0, -- that the service answered; 0: none, or that all was well
    error      TEXT    NOT NULL DEFAULT '',
    created_ms INTEGER NOT NULL,
    changed_ms INTEGER NOT NULL,
    UNIQUE (message_id, channel)
) STRICT;
CREATE INDEX inbox_deliveries_due ON inbox_deliveries (next_ms) WHERE state = 'waiting';
