-- Points: a ledger that is only added to. Every balance is the sum of its rows; no number of anybody's is kept to be edited.

-- Each row says by how much it changes what waits (pending), what can be spent (settled), and what is owed back: points
-- that were spent before they turned out to be undeserved, which the next ones pay first.
CREATE TABLE points_entries (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    person_id INTEGER REFERENCES people (id), -- NULL: forgotten
    kind      TEXT    NOT NULL CHECK (kind <> ''), -- of points: data/points/NAME.yaml
    phase     TEXT    NOT NULL CHECK (phase IN ('pending', 'settled', 'reversed', 'spent', 'returned')),
    pending   INTEGER NOT NULL,
    settled   INTEGER NOT NULL,
    owed      INTEGER NOT NULL,
    capped    INTEGER NOT NULL DEFAULT 0 CHECK (capped >= 0), -- that a cap took off
    of_id     INTEGER REFERENCES points_entries (id), -- that it settles, reverses or returns
    rule      TEXT    NOT NULL CHECK (rule <> ''), -- the kind of case, 'hand' or 'reward'
    share     TEXT    NOT NULL DEFAULT '' CHECK (share IN ('', 'reporter', 'joiner', 'repeat')),
    source    TEXT    NOT NULL CHECK (source <> ''), -- 'case', 'hand', 'reward', ...
    source_id INTEGER, -- the case, the redemption; NULL: none, or forgotten
    area_id   INTEGER REFERENCES areas (id),
    by_id     INTEGER REFERENCES people (id), -- who gave or took it by hand
    reason    TEXT    NOT NULL DEFAULT '',
    day       INTEGER NOT NULL, -- since 1970, by the server's clock
    at_ms     INTEGER NOT NULL,
    CHECK (CASE phase
        WHEN 'pending' THEN of_id IS NULL AND pending >= 0 AND settled = 0 AND owed = 0
        WHEN 'settled' THEN settled >= 0 AND owed <= 0 AND (of_id IS NULL AND pending = 0 OR pending + settled - owed = 0)
        WHEN 'reversed' THEN of_id IS NOT NULL AND pending <= 0 AND settled <= 0 AND owed >= 0
        WHEN 'spent' THEN pending = 0 AND settled < 0 AND owed = 0
        ELSE of_id IS NOT NULL AND pending = 0 AND settled >= 0 AND owed <= 0 END)
) STRICT;
CREATE INDEX points_entries_person ON points_entries (person_id);
CREATE INDEX points_entries_balance ON points_entries (person_id, kind, pending, settled, owed);
CREATE INDEX points_entries_awarded ON points_entries (person_id, kind, day) WHERE phase = 'pending';
CREATE INDEX points_entries_source ON points_entries (source, source_id) WHERE source_id IS NOT NULL;
CREATE INDEX points_entries_awards ON points_entries (id) WHERE phase = 'pending';
CREATE INDEX points_entries_by ON points_entries (by_id) WHERE by_id IS NOT NULL;
-- What was done to an entry is done once, two at the same time included.
CREATE UNIQUE INDEX points_entries_of ON points_entries (of_id, phase) WHERE of_id IS NOT NULL;

CREATE TRIGGER points_entries_hold BEFORE INSERT ON points_entries
WHEN NEW.pending < 0 OR NEW.settled < 0 OR NEW.owed < 0
BEGIN
    SELECT RAISE(ABORT, 'no balance goes below zero')
    FROM (SELECT COALESCE(sum(pending), 0) AS pending, COALESCE(sum(settled), 0) AS settled, COALESCE(sum(owed), 0) AS owed
          FROM points_entries WHERE person_id = NEW.person_id AND kind = NEW.kind) AS now
    WHERE now.pending + NEW.pending < 0 OR now.settled + NEW.settled < 0 OR now.owed + NEW.owed < 0;
END;
CREATE TRIGGER points_entries_once BEFORE INSERT ON points_entries
WHEN NEW.phase = 'pending' AND NEW.source_id IS NOT NULL
BEGIN
    SELECT RAISE(ABORT, 'a source gives somebody points once')
    WHERE EXISTS (SELECT 1 FROM points_entries e WHERE e.source = NEW.source AND e.source_id = NEW.source_id
        AND e.person_id = NEW.person_id AND e.phase = 'pending'
        AND NOT EXISTS (SELECT 1 FROM points_entries r WHERE r.of_id = e.id AND r.phase = 'reversed'));
END;

CREATE TRIGGER points_entries_no_delete BEFORE DELETE ON points_entries
BEGIN SELECT RAISE(ABORT, 'the ledger of points is only ever added to'); END;
-- But that somebody may be forgotten: whose an entry was, when their account is; for which report, when that is, or they are as one
-- who joined it; then the moment becomes its day.
CREATE TRIGGER points_entries_no_update BEFORE UPDATE ON points_entries
WHEN NOT (
    NEW.id IS OLD.id AND NEW.kind IS OLD.kind AND NEW.phase IS OLD.phase AND NEW.pending IS OLD.pending AND NEW.settled IS OLD.settled
    AND NEW.owed IS OLD.owed AND NEW.capped IS OLD.capped AND NEW.of_id IS OLD.of_id AND NEW.rule IS OLD.rule AND NEW.share IS OLD.share
    AND NEW.source IS OLD.source AND NEW.area_id IS OLD.area_id AND NEW.by_id IS OLD.by_id AND NEW.day IS OLD.day
    AND (NEW.at_ms IS OLD.at_ms OR NEW.at_ms = OLD.day * 86400000)
    AND (NEW.reason IS OLD.reason OR NEW.reason = '')
    AND (NEW.person_id IS OLD.person_id OR NEW.person_id IS NULL)
    AND (NEW.source_id IS OLD.source_id OR NEW.source_id IS NULL)
    AND (EXISTS (SELECT 1 FROM people p WHERE p.id = OLD.person_id AND p.forgotten_ms IS NOT NULL)
        OR (NEW.person_id IS OLD.person_id AND OLD.source = 'case' AND (OLD.share <> 'reporter'
            OR EXISTS (SELECT 1 FROM cases c WHERE c.id = OLD.source_id AND COALESCE(c.anonymised_ms, c.forgotten_ms) IS NOT NULL)))))
BEGIN SELECT RAISE(ABORT, 'the ledger of points is only ever added to'); END;

-- What the ledger's settled rows add up to in a week, a month and a year, so that a ranking is read from an index: written with each row.
CREATE TABLE points_tally (
    period    TEXT    NOT NULL CHECK (period IN ('week', 'month', 'year')),
    start     INTEGER NOT NULL, -- its first day
    kind      TEXT    NOT NULL,
    area_id   INTEGER NOT NULL, -- 0: everywhere
    person_id INTEGER NOT NULL REFERENCES people (id),
    earned    INTEGER NOT NULL,
    PRIMARY KEY (period, start, kind, area_id, person_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX points_tally_ranked ON points_tally (period, start, kind, area_id, earned DESC, person_id);
CREATE INDEX points_tally_person ON points_tally (person_id);

-- What somebody chose to be called in rankings; who chose nothing has no name there.
CREATE TABLE points_names (
    person_id INTEGER NOT NULL PRIMARY KEY REFERENCES people (id),
    name      TEXT    NOT NULL,
    hidden    INTEGER NOT NULL CHECK (hidden IN (0, 1))
) STRICT;
CREATE INDEX cases_repeats ON cases (duplicate_of) WHERE duplicate_of IS NOT NULL;
