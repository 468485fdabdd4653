-- Places that people keep true: what staff set by hand stays over what a source says, every edit is
-- kept, and a place may be closed for a while, confirmed, or taken off the map.

CREATE TABLE migration_must (done INTEGER NOT NULL CHECK (done = 1)) STRICT;

ALTER TABLE places ADD COLUMN names TEXT NOT NULL DEFAULT '' CHECK (typeof(names) = 'text'); -- others, between semicolons
ALTER TABLE places ADD COLUMN capacity INTEGER NOT NULL DEFAULT 0
    CHECK (typeof(capacity) = 'integer' AND capacity BETWEEN 0 AND 100000); -- 0: not said
ALTER TABLE places ADD COLUMN version INTEGER NOT NULL DEFAULT 1
    CHECK (typeof(version) = 'integer' AND version >= 1);
-- Fields that staff set by hand, as words: imports leave them alone.
ALTER TABLE places ADD COLUMN held TEXT NOT NULL DEFAULT '' CHECK (typeof(held) = 'text');
-- Closed for a while: from NULL is not; to NULL is until further notice.
ALTER TABLE places ADD COLUMN closed_from_ms INTEGER;
ALTER TABLE places ADD COLUMN closed_to_ms INTEGER CHECK (closed_to_ms > closed_from_ms);
ALTER TABLE places ADD COLUMN closed_reason TEXT NOT NULL DEFAULT '' CHECK (typeof(closed_reason) = 'text');
-- Somebody said that it is as it says.
ALTER TABLE places ADD COLUMN confirmed_ms INTEGER;
ALTER TABLE places ADD COLUMN confirmed_as TEXT NOT NULL DEFAULT '' CHECK (confirmed_as IN ('', 'staff', 'rider'));
ALTER TABLE places ADD COLUMN confirmed_by INTEGER REFERENCES people (id);
-- Staff took it off the map; imports leave it so.
ALTER TABLE places ADD COLUMN removed_ms INTEGER;
-- Public ids of its photos in the order to show them, between single blanks: what place_photos says.
ALTER TABLE places ADD COLUMN photos TEXT NOT NULL DEFAULT '' CHECK (typeof(photos) = 'text');

-- What happened to a place: only ever added to. That an import made it is told by the place itself.
CREATE TABLE place_events (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    place_id  INTEGER NOT NULL REFERENCES places (id),
    version   INTEGER NOT NULL, -- that it had from then on
    at_ms     INTEGER NOT NULL,
    verb      TEXT    NOT NULL CHECK (verb <> ''),
    actor     TEXT    NOT NULL CHECK (actor IN ('staff', 'rider', 'source')),
    person_id INTEGER REFERENCES people (id),
    import_id INTEGER REFERENCES imports (id),
    reason    TEXT    NOT NULL DEFAULT '',
    changes   TEXT    NOT NULL DEFAULT '{}' -- JSON: {"field": [before, after]}
) STRICT;
CREATE INDEX place_events_place ON place_events (place_id, id);
CREATE TRIGGER place_events_no_update BEFORE UPDATE ON place_events
BEGIN SELECT RAISE(ABORT, 'the history of a place is only ever added to'); END;
CREATE TRIGGER place_events_no_delete BEFORE DELETE ON place_events
BEGIN SELECT RAISE(ABORT, 'the history of a place is only ever added to'); END;

CREATE TABLE place_photos (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    public_id     TEXT    NOT NULL UNIQUE CHECK (length(public_id) = 22),
    place_id      INTEGER NOT NULL REFERENCES places (id),
    large         TEXT    NOT NULL REFERENCES blobs (name),
    small         TEXT    NOT NULL REFERENCES blobs (name),
    width         INTEGER NOT NULL CHECK (width > 0),
    height        INTEGER NOT NULL CHECK (height > 0),
    original_hash BLOB    NOT NULL CHECK (length(original_hash) = 32),
    person_id     INTEGER REFERENCES people (id),
    created_ms    INTEGER NOT NULL,
    removed_ms    INTEGER
) STRICT;
CREATE INDEX place_photos_place ON place_photos (place_id);

DROP TABLE migration_must;
