-- What points can be given for, and who gave them for what.

CREATE TABLE rewards (
    id             INTEGER PRIMARY KEY AUTOINCREMENT,
    version        INTEGER NOT NULL CHECK (version >= 1),
    name           TEXT    NOT NULL CHECK (name <> ''),
    name_en        TEXT    NOT NULL DEFAULT '',
    description    TEXT    NOT NULL DEFAULT '',
    kind           TEXT    NOT NULL CHECK (kind <> ''), -- of points
    cost           INTEGER NOT NULL CHECK (cost >= 1),
    supply         INTEGER NOT NULL, -- that there ever were
    taken          INTEGER NOT NULL DEFAULT 0, -- of them: open and spent redemptions
    from_ms        INTEGER NOT NULL,
    to_ms          INTEGER, -- NULL: without end
    code_days      INTEGER NOT NULL CHECK (code_days BETWEEN 1 AND 365), -- that a code is good for
    per_person     INTEGER NOT NULL DEFAULT 0 CHECK (per_person >= 0), -- 0: as many as they like
    area_id        INTEGER REFERENCES areas (id), -- whose it is; NULL: everybody's
    ended_ms       INTEGER,
    created_by     INTEGER REFERENCES people (id),
    created_ms     INTEGER NOT NULL,
    updated_ms     INTEGER NOT NULL,
    CHECK (taken BETWEEN 0 AND supply), -- what is left is never below zero
    CHECK (to_ms > from_ms)
) STRICT;

CREATE TABLE redemptions (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    public_id  TEXT    NOT NULL UNIQUE CHECK (length(public_id) = 22),
    reward_id  INTEGER NOT NULL REFERENCES rewards (id),
    person_id  INTEGER REFERENCES people (id), -- NULL: forgotten
    entry_id   INTEGER NOT NULL UNIQUE REFERENCES points_entries (id), -- that took the points
    code_hash  BLOB    NOT NULL UNIQUE CHECK (length(code_hash) = 32),
    state      TEXT    NOT NULL CHECK (state IN ('open', 'spent', 'cancelled', 'expired')),
    made_ms    INTEGER NOT NULL,
    expires_ms INTEGER NOT NULL,
    ended_ms   INTEGER,
    spent_by   INTEGER REFERENCES people (id)
) STRICT;
CREATE INDEX redemptions_person ON redemptions (person_id, id) WHERE person_id IS NOT NULL;
CREATE INDEX redemptions_reward ON redemptions (reward_id, state);
CREATE INDEX redemptions_open ON redemptions (expires_ms) WHERE state = 'open';
CREATE INDEX redemptions_spent_by ON redemptions (spent_by) WHERE spent_by IS NOT NULL;

CREATE TRIGGER redemptions_no_delete BEFORE DELETE ON redemptions
BEGIN SELECT RAISE(ABORT, 'redemptions are kept'); END;
-- One that is open ends once; whose it was may be forgotten.
CREATE TRIGGER redemptions_end_once BEFORE UPDATE ON redemptions
WHEN NOT (
    NEW.id IS OLD.id AND NEW.public_id IS OLD.public_id AND NEW.reward_id IS OLD.reward_id AND NEW.entry_id IS OLD.entry_id
    AND NEW.made_ms IS OLD.made_ms AND NEW.expires_ms IS OLD.expires_ms
    AND (OLD.state = 'open' OR (NEW.state IS OLD.state AND NEW.ended_ms IS OLD.ended_ms AND NEW.spent_by IS OLD.spent_by))
    AND (NEW.person_id IS OLD.person_id AND NEW.code_hash IS OLD.code_hash
        OR (NEW.person_id IS NULL AND EXISTS (SELECT 1 FROM people p WHERE p.id = OLD.person_id AND p.forgotten_ms IS NOT NULL))))
BEGIN SELECT RAISE(ABORT, 'a redemption ends once'); END;
