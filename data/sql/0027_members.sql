-- Branches of the union, and who belongs to them.

CREATE TABLE branches (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    version    INTEGER NOT NULL CHECK (version >= 1),
    name       TEXT    NOT NULL CHECK (name <> ''),
    name_en    TEXT    NOT NULL DEFAULT '',
    area_id    INTEGER REFERENCES areas (id), -- NULL: of the whole city
    place_id   INTEGER REFERENCES places (id),
    alongside  INTEGER NOT NULL CHECK (alongside IN (0, 1)), -- 1: who belongs to it may belong to others, too
    form       INTEGER NOT NULL CHECK (form >= 1), -- that is filled in now
    code       TEXT    NOT NULL UNIQUE CHECK (length(code) = 22), -- of its QR code
    ended_ms   INTEGER,
    created_by INTEGER REFERENCES people (id),
    created_ms INTEGER NOT NULL,
    updated_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX branches_area ON branches (area_id) WHERE area_id IS NOT NULL;
CREATE INDEX branches_by ON branches (created_by) WHERE created_by IS NOT NULL;

-- What who joins is told and asked. Never changed: a new one takes its place, so that what somebody consented to can be shown.
CREATE TABLE branch_forms (
    branch_id INTEGER NOT NULL REFERENCES branches (id),
    version   INTEGER NOT NULL CHECK (version >= 1),
    consent   TEXT    NOT NULL CHECK (consent <> ''),
    made_ms   INTEGER NOT NULL,
    PRIMARY KEY (branch_id, version)
) STRICT, WITHOUT ROWID;
CREATE TABLE branch_fields (
    branch_id INTEGER NOT NULL,
    form      INTEGER NOT NULL,
    place     INTEGER NOT NULL CHECK (place >= 0), -- in the order of asking
    code      TEXT    NOT NULL CHECK (code <> ''),
    label     TEXT    NOT NULL CHECK (label <> ''),
    label_en  TEXT    NOT NULL DEFAULT '',
    type      TEXT    NOT NULL CHECK (type IN ('name', 'phone', 'text', 'number', 'date', 'choice')),
    required  INTEGER NOT NULL CHECK (required IN (0, 1)),
    choices   TEXT    NOT NULL DEFAULT '', -- a line each
    PRIMARY KEY (branch_id, form, place),
    UNIQUE (branch_id, form, code),
    FOREIGN KEY (branch_id, form) REFERENCES branch_forms (branch_id, version)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER branch_forms_no_update BEFORE UPDATE ON branch_forms
BEGIN SELECT RAISE(ABORT, 'a form that somebody consented to is never changed'); END;
CREATE TRIGGER branch_forms_no_delete BEFORE DELETE ON branch_forms
BEGIN SELECT RAISE(ABORT, 'a form that somebody consented to is never changed'); END;
CREATE TRIGGER branch_fields_no_update BEFORE UPDATE ON branch_fields
BEGIN SELECT RAISE(ABORT, 'a form that somebody consented to is never changed'); END;
CREATE TRIGGER branch_fields_no_delete BEFORE DELETE ON branch_fields
BEGIN SELECT RAISE(ABORT, 'a form that somebody consented to is never changed'); END;

-- Who asked to belong to a branch, and how that ended.
CREATE TABLE memberships (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    public_id    TEXT    NOT NULL UNIQUE CHECK (length(public_id) = 22),
    branch_id    INTEGER NOT NULL REFERENCES branches (id),
    person_id    INTEGER REFERENCES people (id), -- NULL: forgotten
    version      INTEGER NOT NULL CHECK (version >= 1),
    state        TEXT    NOT NULL CHECK (state IN ('waiting', 'member', 'refused', 'withdrawn', 'left', 'moved', 'removed')),
    alone        INTEGER NOT NULL CHECK (alone IN (0, 1)), -- 1: beside no other that is
    moves        INTEGER NOT NULL CHECK (moves IN (0, 1)), -- 1: leaves the other when this one approves
    form         INTEGER NOT NULL, -- consented to
    consented_ms INTEGER NOT NULL,
    answers      BLOB, -- sealed; NULL: erased
    card         INTEGER CHECK (card BETWEEN 0 AND 99999999),
    reason       TEXT    NOT NULL DEFAULT '', -- of refusing or removing
    made_ms      INTEGER NOT NULL,
    judged_ms    INTEGER,
    judged_by    INTEGER REFERENCES people (id),
    ended_ms     INTEGER,
    FOREIGN KEY (branch_id, form) REFERENCES branch_forms (branch_id, version),
    CHECK ((state = 'member') = (card IS NOT NULL)),
    CHECK ((state IN ('waiting', 'member')) = (answers IS NOT NULL)),
    CHECK ((state IN ('waiting', 'member')) = (ended_ms IS NULL)),
    CHECK (person_id IS NOT NULL OR ended_ms IS NOT NULL)
) STRICT;
CREATE UNIQUE INDEX memberships_once ON memberships (person_id, branch_id) WHERE ended_ms IS NULL;
CREATE UNIQUE INDEX memberships_alone ON memberships (person_id) WHERE state = 'member' AND alone = 1;
CREATE UNIQUE INDEX memberships_card ON memberships (card) WHERE card IS NOT NULL;
CREATE INDEX memberships_branch ON memberships (branch_id, state, id);
CREATE INDEX memberships_person ON memberships (person_id, id) WHERE person_id IS NOT NULL;
CREATE INDEX memberships_by ON memberships (judged_by) WHERE judged_by IS NOT NULL;

CREATE TRIGGER memberships_no_delete BEFORE DELETE ON memberships
BEGIN SELECT RAISE(ABORT, 'memberships are kept'); END;
CREATE TRIGGER memberships_begin BEFORE INSERT ON memberships
WHEN NEW.state <> 'waiting' OR EXISTS (SELECT 1 FROM branches WHERE id = NEW.branch_id AND ended_ms IS NOT NULL)
BEGIN SELECT RAISE(ABORT, 'a membership begins by waiting, at a branch that goes on'); END;
-- One ends once, and nobody belongs who did not wait; whose it was may be forgotten.
CREATE TRIGGER memberships_change BEFORE UPDATE ON memberships
WHEN NOT (
    NEW.id IS OLD.id AND NEW.public_id IS OLD.public_id AND NEW.branch_id IS OLD.branch_id AND NEW.alone IS OLD.alone
    AND NEW.made_ms IS OLD.made_ms
    AND (NEW.state IS OLD.state AND (OLD.ended_ms IS NULL OR (NEW.ended_ms IS OLD.ended_ms AND NEW.judged_by IS OLD.judged_by))
        OR (OLD.state = 'waiting' AND NEW.state IN ('member', 'refused', 'withdrawn', 'removed'))
        OR (OLD.state = 'member' AND NEW.state IN ('left', 'moved', 'removed')))
    AND (NEW.person_id IS OLD.person_id
        OR (NEW.person_id IS NULL AND EXISTS (SELECT 1 FROM people p WHERE p.id = OLD.person_id AND p.forgotten_ms IS NOT NULL))))
BEGIN SELECT RAISE(ABORT, 'a membership goes on from where it is, and ends once'); END;
