-- What people are told about what concerns them, and of which groups of news they want none.

CREATE TABLE inbox_messages (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    person_id  INTEGER NOT NULL REFERENCES people (id),
    verb       TEXT    NOT NULL CHECK (verb <> ''), -- one of data/inbox_verbs.h
    about      TEXT    NOT NULL DEFAULT '',         -- the path of what it is about
    title      TEXT    NOT NULL DEFAULT '',         -- its name; '': it is private, or has none
    note       TEXT    NOT NULL DEFAULT '',         -- what else the sentence says: an amount, a state
    at_ms      INTEGER,                             -- the time that the sentence names; NULL: none
    created_ms INTEGER NOT NULL,
    read_ms    INTEGER                              -- NULL: not yet
) STRICT;
CREATE INDEX inbox_messages_person ON inbox_messages (person_id, id);
CREATE INDEX inbox_messages_unread ON inbox_messages (person_id, id) WHERE read_ms IS NULL;
CREATE INDEX inbox_messages_time ON inbox_messages (created_ms);

-- What somebody was told stays as it was told; it is read once, and goes.
CREATE TRIGGER inbox_messages_stay BEFORE UPDATE ON inbox_messages
WHEN NOT (
    NEW.id IS OLD.id AND NEW.person_id IS OLD.person_id AND NEW.verb IS OLD.verb AND NEW.about IS OLD.about
    AND NEW.title IS OLD.title AND NEW.note IS OLD.note AND NEW.at_ms IS OLD.at_ms AND NEW.created_ms IS OLD.created_ms
    AND (NEW.read_ms IS OLD.read_ms OR OLD.read_ms IS NULL))
BEGIN SELECT RAISE(ABORT, 'a message stays as it was told'); END;

-- Where somebody chose other than what holds for all.
CREATE TABLE inbox_preferences (
    person_id  INTEGER NOT NULL REFERENCES people (id),
    grp        TEXT    NOT NULL CHECK (grp <> ''), -- one of data/inbox_verbs.h
    channel    TEXT    NOT NULL CHECK (channel IN ('inbox', 'wechat')),
    wanted     INTEGER NOT NULL CHECK (wanted IN (0, 1)),
    refused    INTEGER NOT NULL DEFAULT 0 CHECK (refused IN (0, 1) AND refused + wanted <= 1), -- the channel itself says that they want none
    changed_ms INTEGER NOT NULL,
    PRIMARY KEY (person_id, grp, channel)
) STRICT, WITHOUT ROWID;
