-- Everything that may happen to a case, beside moves.

ALTER TABLE cases ADD COLUMN assignee_id INTEGER REFERENCES people (id);
ALTER TABLE cases ADD COLUMN unit TEXT NOT NULL DEFAULT '' CHECK (typeof(unit) = 'text'); -- the body that works on it
ALTER TABLE cases ADD COLUMN priority INTEGER NOT NULL DEFAULT 0 CHECK (priority BETWEEN -1 AND 2);
ALTER TABLE cases ADD COLUMN rating INTEGER CHECK (rating BETWEEN 1 AND 5);
ALTER TABLE cases ADD COLUMN opened_ms INTEGER NOT NULL DEFAULT 0; -- when it was made, or opened again last
ALTER TABLE cases ADD COLUMN closed_ms INTEGER; -- NULL: it is open
-- Of the secret that its sender was given, to go on with it.
ALTER TABLE cases ADD COLUMN sender_hash BLOB CHECK (length(sender_hash) = 32);
UPDATE cases SET opened_ms = created_ms;
CREATE INDEX cases_assignee ON cases (assignee_id, created_ms, id) WHERE assignee_id IS NOT NULL;
CREATE INDEX cases_reporter ON cases (reporter_id, created_ms, id) WHERE reporter_id IS NOT NULL;

DROP TRIGGER case_events_no_update;
ALTER TABLE case_events ADD COLUMN verb TEXT NOT NULL DEFAULT 'moved' CHECK (verb <> '');
ALTER TABLE case_events ADD COLUMN value TEXT NOT NULL DEFAULT ''; -- what it is since: a unit, a person, a category, ...
ALTER TABLE case_events ADD COLUMN seen_by TEXT NOT NULL DEFAULT 'public' CHECK (seen_by IN ('public', 'sender', 'staff'));
UPDATE case_events SET verb = 'created' WHERE from_state = '';
CREATE TRIGGER case_events_no_update BEFORE UPDATE ON case_events
BEGIN SELECT RAISE(ABORT, 'the history of a case is only ever added to'); END;

ALTER TABLE photos ADD COLUMN event_id INTEGER REFERENCES case_events (id); -- that it came with; NULL: as the case was made
ALTER TABLE photos ADD COLUMN by_staff INTEGER NOT NULL DEFAULT 0 CHECK (by_staff IN (0, 1));

-- What its sender answered to the questions of its category; one row for each of several values.
CREATE TABLE case_answers (
    case_id  INTEGER NOT NULL REFERENCES cases (id),
    place    INTEGER NOT NULL CHECK (place >= 0),
    question TEXT    NOT NULL CHECK (question <> ''),
    value    TEXT    NOT NULL,
    PRIMARY KEY (case_id, place)
) STRICT;

-- Who saw the same, and wants to know what becomes of it.
CREATE TABLE case_joins (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    case_id   INTEGER NOT NULL REFERENCES cases (id),
    person_id INTEGER REFERENCES people (id),
    hash      BLOB    NOT NULL UNIQUE CHECK (length(hash) = 32), -- of the secret that they were given
    voice     BLOB    CHECK (length(voice) = 32),
    at_ms     INTEGER NOT NULL
) STRICT;
CREATE INDEX case_joins_case ON case_joins (case_id);
CREATE UNIQUE INDEX case_joins_person ON case_joins (case_id, person_id) WHERE person_id IS NOT NULL;
CREATE UNIQUE INDEX case_joins_voice ON case_joins (case_id, voice) WHERE voice IS NOT NULL;
