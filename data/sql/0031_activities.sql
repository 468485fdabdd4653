-- Tasks and events: what staff publish, who signed up, who came, and what came of it.

CREATE TABLE activities (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    version    INTEGER NOT NULL CHECK (version >= 1),
    kind       TEXT    NOT NULL CHECK (kind <> ''), -- data/activities/NAME.yaml
    state      TEXT    NOT NULL CHECK (state IN ('draft', 'open', 'closed', 'done', 'cancelled')),
    title      TEXT    NOT NULL CHECK (title <> ''),
    title_en   TEXT    NOT NULL DEFAULT '',
    body       TEXT    NOT NULL DEFAULT '',
    area_id    INTEGER REFERENCES areas (id), -- NULL: everybody's
    branch_id  INTEGER REFERENCES branches (id), -- for its members only
    place_id   INTEGER REFERENCES places (id),
    address    TEXT    NOT NULL DEFAULT '',
    lon        REAL,
    lat        REAL,
    from_ms    INTEGER NOT NULL,
    to_ms      INTEGER NOT NULL CHECK (to_ms > from_ms),
    until_ms   INTEGER NOT NULL CHECK (until_ms <= to_ms), -- one can sign up
    seats      INTEGER NOT NULL CHECK (seats >= 0), -- 0: as many as come
    -- Of those who signed up: who holds a seat, and who waits for one. Kept by the triggers below.
    taken      INTEGER NOT NULL DEFAULT 0 CHECK (taken >= 0 AND (seats = 0 OR taken <= seats)),
    waiting    INTEGER NOT NULL DEFAULT 0 CHECK (waiting >= 0),
    points     INTEGER NOT NULL CHECK (points >= 0),
    reason     TEXT    NOT NULL DEFAULT '', -- why it was cancelled
    created_by INTEGER NOT NULL REFERENCES people (id),
    created_ms INTEGER NOT NULL,
    updated_ms INTEGER NOT NULL,
    CHECK ((lon IS NULL) = (lat IS NULL))
) STRICT;
CREATE INDEX activities_from ON activities (from_ms, id);
CREATE INDEX activities_state ON activities (state, from_ms, id);
CREATE INDEX activities_at ON activities (lat, lon) WHERE lat IS NOT NULL;
CREATE INDEX activities_area ON activities (area_id) WHERE area_id IS NOT NULL;
CREATE INDEX activities_by ON activities (created_by);

CREATE TRIGGER activities_move BEFORE UPDATE OF state ON activities
WHEN NEW.state IS NOT OLD.state AND NOT CASE OLD.state
    WHEN 'draft' THEN NEW.state IN ('open', 'cancelled')
    WHEN 'open' THEN NEW.state IN ('closed', 'done', 'cancelled')
    WHEN 'closed' THEN NEW.state IN ('open', 'done', 'cancelled')
    ELSE 0 END
BEGIN SELECT RAISE(ABORT, 'an activity does not go that way'); END;
CREATE TRIGGER activities_no_delete BEFORE DELETE ON activities WHEN OLD.state <> 'draft'
BEGIN SELECT RAISE(ABORT, 'activities that were open are kept'); END;

CREATE TABLE activity_signups (
    id          INTEGER PRIMARY KEY AUTOINCREMENT, -- in the order of the waiting list
    public_id   TEXT    NOT NULL UNIQUE CHECK (length(public_id) = 22),
    version     INTEGER NOT NULL CHECK (version >= 1),
    activity_id INTEGER NOT NULL REFERENCES activities (id),
    person_id   INTEGER REFERENCES people (id), -- NULL: forgotten
    state       TEXT    NOT NULL CHECK (state IN ('waiting', 'signed', 'attended', 'confirmed', 'refused', 'cancelled')),
    way         TEXT    NOT NULL DEFAULT '' CHECK (way IN ('', 'position', 'code', 'staff')), -- of checking in: of a position nothing else is kept
    reason      TEXT    NOT NULL DEFAULT '', -- why it was refused
    judged_by   INTEGER REFERENCES people (id), -- who confirmed or refused it
    made_ms     INTEGER NOT NULL,
    attended_ms INTEGER,
    ended_ms    INTEGER, -- confirmed, refused, cancelled
    reminded_ms INTEGER,
    CHECK (state <> 'attended' OR (way <> '' AND attended_ms IS NOT NULL)),
    CHECK ((ended_ms IS NULL) = (state IN ('waiting', 'signed', 'attended')))
) STRICT;
CREATE UNIQUE INDEX activity_signups_once ON activity_signups (activity_id, person_id) WHERE state <> 'cancelled' AND person_id IS NOT NULL;
CREATE INDEX activity_signups_of ON activity_signups (activity_id, state, id);
CREATE INDEX activity_signups_person ON activity_signups (person_id, id) WHERE person_id IS NOT NULL;
CREATE INDEX activity_signups_by ON activity_signups (judged_by) WHERE judged_by IS NOT NULL;

CREATE TRIGGER activity_signups_begin BEFORE INSERT ON activity_signups
WHEN NEW.state NOT IN ('waiting', 'signed') OR NOT EXISTS (SELECT 1 FROM activities a
    WHERE a.id = NEW.activity_id AND a.state = 'open' AND NEW.made_ms < a.until_ms)
BEGIN SELECT RAISE(ABORT, 'one signs up while that is open'); END;
CREATE TRIGGER activity_signups_go BEFORE UPDATE ON activity_signups
WHEN NOT (
    NEW.id IS OLD.id AND NEW.public_id IS OLD.public_id AND NEW.activity_id IS OLD.activity_id
    AND (NEW.person_id IS OLD.person_id AND NEW.made_ms IS OLD.made_ms
        OR (NEW.person_id IS NULL AND EXISTS (SELECT 1 FROM people p WHERE p.id = OLD.person_id AND p.forgotten_ms IS NOT NULL)))
    AND (NEW.state IS OLD.state OR CASE OLD.state
        WHEN 'waiting' THEN NEW.state IN ('signed', 'refused', 'cancelled')
        WHEN 'signed' THEN NEW.state IN ('attended', 'confirmed', 'refused', 'cancelled')
        WHEN 'attended' THEN NEW.state IN ('confirmed', 'refused')
        WHEN 'confirmed' THEN NEW.state = 'refused'
        WHEN 'refused' THEN NEW.state = 'confirmed'
        ELSE 0 END))
BEGIN SELECT RAISE(ABORT, 'a sign-up does not go that way'); END;
CREATE TRIGGER activity_signups_no_delete BEFORE DELETE ON activity_signups
BEGIN SELECT RAISE(ABORT, 'sign-ups are kept'); END;

-- Seats: whatever the program does, no more are taken than there are.
CREATE TRIGGER activity_signups_seat AFTER INSERT ON activity_signups
BEGIN
    UPDATE activities SET taken = taken + (NEW.state = 'signed'), waiting = waiting + (NEW.state = 'waiting') WHERE id = NEW.activity_id;
END;
CREATE TRIGGER activity_signups_reseat AFTER UPDATE OF state ON activity_signups WHEN NEW.state IS NOT OLD.state
BEGIN
    UPDATE activities SET
        taken = taken + (NEW.state IN ('signed', 'attended', 'confirmed')) - (OLD.state IN ('signed', 'attended', 'confirmed')),
        waiting = waiting - (OLD.state = 'waiting')
    WHERE id = NEW.activity_id;
END;

-- What was counted of one who took part, as the kind says.
CREATE TABLE activity_numbers (
    signup_id INTEGER NOT NULL REFERENCES activity_signups (id),
    code      TEXT    NOT NULL CHECK (code <> ''),
    number    INTEGER NOT NULL CHECK (number >= 0),
    PRIMARY KEY (signup_id, code)
) STRICT, WITHOUT ROWID;

-- What who took part, or staff, tell of it. It is shown when its owner agreed to these words and staff published them.
CREATE TABLE activity_deeds (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    version      INTEGER NOT NULL CHECK (version >= 1),
    signup_id    INTEGER NOT NULL UNIQUE REFERENCES activity_signups (id),
    words        TEXT    NOT NULL CHECK (words <> ''),
    name         TEXT    NOT NULL DEFAULT '', -- that its owner chose to be shown with it
    agreed_ms    INTEGER,
    published_ms INTEGER,
    published_by INTEGER REFERENCES people (id),
    created_ms   INTEGER NOT NULL,
    updated_ms   INTEGER NOT NULL,
    CHECK (published_ms IS NULL OR agreed_ms IS NOT NULL)
) STRICT;
CREATE INDEX activity_deeds_published ON activity_deeds (published_ms) WHERE published_ms IS NOT NULL;
CREATE INDEX activity_deeds_by ON activity_deeds (published_by) WHERE published_by IS NOT NULL;
-- Another's words are not published in one's name.
CREATE TRIGGER activity_deeds_words BEFORE UPDATE OF words ON activity_deeds
WHEN NEW.words IS NOT OLD.words AND NEW.published_ms IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'words that changed are published anew'); END;
