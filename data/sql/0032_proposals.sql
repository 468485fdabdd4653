-- Opinions and proposals: who stands behind one, what others say to it, and whether it was answered in time.

ALTER TABLE cases ADD COLUMN edition INTEGER NOT NULL DEFAULT 1 CHECK (edition >= 1); -- of its text, which its sender may change
ALTER TABLE cases ADD COLUMN supports INTEGER NOT NULL DEFAULT 0 CHECK (supports >= 0); -- people, over the case and those that repeat it
ALTER TABLE cases ADD COLUMN answer_by_ms INTEGER; -- NULL: nobody watches that
ALTER TABLE cases ADD COLUMN answered_ms INTEGER;  -- when staff first said something to it; NULL: not yet
CREATE INDEX cases_unanswered ON cases (answer_by_ms, kind) WHERE answer_by_ms IS NOT NULL AND answered_ms IS NULL;

CREATE TABLE case_supports (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    case_id   INTEGER NOT NULL REFERENCES cases (id),
    person_id INTEGER REFERENCES people (id), -- NULL: forgotten
    edition   INTEGER NOT NULL,
    at_ms     INTEGER NOT NULL
) STRICT;
CREATE INDEX case_supports_case ON case_supports (case_id);
CREATE UNIQUE INDEX case_supports_once ON case_supports (person_id, case_id) WHERE person_id IS NOT NULL;

-- A support is for the text as it stands, and of another than who sent it.
CREATE TRIGGER case_supports_of_the_text BEFORE INSERT ON case_supports
WHEN NEW.person_id IS NULL OR NOT EXISTS (SELECT 1 FROM cases c WHERE c.id = NEW.case_id AND c.edition = NEW.edition
    AND c.anonymised_ms IS NULL AND c.reporter_id IS NOT NEW.person_id)
BEGIN SELECT RAISE(ABORT, 'a support is for the text as it stands, and of another than who sent it'); END;
-- It can be withdrawn, or it is forgotten whose it was.
CREATE TRIGGER case_supports_stay BEFORE UPDATE ON case_supports
WHEN NEW.id IS NOT OLD.id OR NEW.case_id IS NOT OLD.case_id OR NEW.edition IS NOT OLD.edition OR NEW.at_ms IS NOT OLD.at_ms
    OR NEW.person_id IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'a support is withdrawn, or it is forgotten whose it was; it does not change'); END;

-- A text that others stand behind, here or in a case that repeats this one, is not changed under them; one that changes is another edition.
CREATE TRIGGER cases_keep_what_is_supported BEFORE UPDATE OF description, edition ON cases
WHEN (NEW.description IS NOT OLD.description OR NEW.edition IS NOT OLD.edition) AND NEW.anonymised_ms IS NULL
    AND (NEW.edition IS NOT OLD.edition + 1 OR EXISTS (SELECT 1 FROM cases d WHERE d.duplicate_of = OLD.id)
         OR EXISTS (SELECT 1 FROM case_supports s WHERE s.case_id = OLD.id))
BEGIN SELECT RAISE(ABORT, 'a text that is supported does not change'); END;

CREATE TABLE case_comments (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    public_id     TEXT    NOT NULL UNIQUE CHECK (length(public_id) = 22),
    case_id       INTEGER NOT NULL REFERENCES cases (id),
    person_id     INTEGER REFERENCES people (id), -- NULL: forgotten
    side          TEXT    NOT NULL CHECK (side IN ('reporter', 'staff', 'other')),
    text          TEXT    NOT NULL, -- '': taken back, or forgotten
    at_ms         INTEGER NOT NULL,
    hidden_ms     INTEGER,
    hidden_by     INTEGER REFERENCES people (id),
    hidden_reason TEXT    NOT NULL DEFAULT '',
    CHECK ((hidden_ms IS NULL) = (hidden_by IS NULL)),
    CHECK ((hidden_ms IS NULL) = (hidden_reason = ''))
) STRICT;
CREATE INDEX case_comments_case ON case_comments (case_id, id);
CREATE INDEX case_comments_person ON case_comments (person_id, id) WHERE person_id IS NOT NULL;
-- What was written is taken back, or stays as it is.
CREATE TRIGGER case_comments_stay BEFORE UPDATE ON case_comments
WHEN NEW.id IS NOT OLD.id OR NEW.public_id IS NOT OLD.public_id OR NEW.case_id IS NOT OLD.case_id OR NEW.side IS NOT OLD.side
    OR NEW.at_ms IS NOT OLD.at_ms OR (NEW.text IS NOT OLD.text AND NEW.text <> '')
    OR (NEW.person_id IS NOT OLD.person_id AND NEW.person_id IS NOT NULL)
BEGIN SELECT RAISE(ABORT, 'what was written is taken back, or stays as it is'); END;
