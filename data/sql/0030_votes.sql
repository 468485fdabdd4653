-- Votes: satisfaction surveys and collective decisions, who may take part, ballots, and what came out.

CREATE TABLE votes (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    version     INTEGER NOT NULL CHECK (version >= 1),
    purpose     TEXT    NOT NULL CHECK (purpose IN ('survey', 'decision')),
    title       TEXT    NOT NULL CHECK (title <> ''),
    title_en    TEXT    NOT NULL DEFAULT '',
    text        TEXT    NOT NULL DEFAULT '',
    electorate  TEXT    NOT NULL CHECK (electorate IN ('people', 'branch', 'area')),
    area_id     INTEGER REFERENCES areas (id), -- whose it is; NULL: of the whole city
    branch_id   INTEGER REFERENCES branches (id),
    secret      INTEGER NOT NULL CHECK (secret IN (0, 1)),
    public      INTEGER NOT NULL CHECK (public IN (0, 1)), -- everybody may see it, and its result
    quorum      INTEGER NOT NULL CHECK (quorum BETWEEN 0 AND 100), -- percent of the electors
    majority    INTEGER NOT NULL CHECK (majority BETWEEN 0 AND 99), -- percent, of which it takes more
    majority_of TEXT    NOT NULL CHECK (majority_of IN ('ballots', 'electors')),
    from_ms     INTEGER NOT NULL,
    to_ms       INTEGER NOT NULL,
    state       TEXT    NOT NULL CHECK (state IN ('draft', 'open', 'closed', 'cancelled')),
    opened_ms   INTEGER,
    ended_ms    INTEGER,
    reason      TEXT    NOT NULL DEFAULT '', -- of cancelling it
    electors    INTEGER, -- that there were when it opened
    ballots     INTEGER, -- that were counted
    outcome     TEXT    CHECK (outcome IN ('counted', 'adopted', 'rejected', 'no_quorum', 'too_few')),
    reminded_ms INTEGER,
    round       INTEGER NOT NULL DEFAULT 0 CHECK (round >= 0), -- of telling electors: that it opened, that they have not voted, that it closed
    created_by  INTEGER REFERENCES people (id),
    created_ms  INTEGER NOT NULL,
    updated_ms  INTEGER NOT NULL,
    CHECK (to_ms > from_ms),
    CHECK ((electorate = 'branch') = (branch_id IS NOT NULL)),
    CHECK (electorate <> 'area' OR area_id IS NOT NULL),
    CHECK ((state = 'draft') = (opened_ms IS NULL)),
    CHECK ((state = 'draft') = (electors IS NULL)),
    CHECK ((state IN ('closed', 'cancelled')) = (ended_ms IS NOT NULL)),
    CHECK ((state = 'closed') = (outcome IS NOT NULL)),
    CHECK ((state = 'closed') = (ballots IS NOT NULL)),
    CHECK ((state = 'cancelled') = (reason <> ''))
) STRICT;
CREATE INDEX votes_due ON votes (to_ms) WHERE state = 'open';
CREATE INDEX votes_ended ON votes (ended_ms) WHERE ended_ms IS NOT NULL;
CREATE INDEX votes_area ON votes (area_id) WHERE area_id IS NOT NULL;
CREATE INDEX votes_branch ON votes (branch_id) WHERE branch_id IS NOT NULL;
CREATE INDEX votes_by ON votes (created_by) WHERE created_by IS NOT NULL;

CREATE TABLE vote_questions (
    vote_id  INTEGER NOT NULL REFERENCES votes (id),
    number   INTEGER NOT NULL CHECK (number >= 1),
    type     TEXT    NOT NULL CHECK (type IN ('choice', 'choices', 'scale', 'factors')),
    title    TEXT    NOT NULL CHECK (title <> ''),
    title_en TEXT    NOT NULL DEFAULT '',
    optional INTEGER NOT NULL CHECK (optional IN (0, 1)),
    min      INTEGER NOT NULL CHECK (min >= 0),
    max      INTEGER NOT NULL CHECK (max >= min),
    PRIMARY KEY (vote_id, number)
) STRICT, WITHOUT ROWID;
CREATE TABLE vote_options (
    vote_id  INTEGER NOT NULL,
    question INTEGER NOT NULL,
    number   INTEGER NOT NULL CHECK (number >= 1),
    name     TEXT    NOT NULL CHECK (name <> ''),
    name_en  TEXT    NOT NULL DEFAULT '',
    adopts   INTEGER NOT NULL CHECK (adopts IN (0, 1)), -- a majority for it adopts the decision
    PRIMARY KEY (vote_id, question, number),
    FOREIGN KEY (vote_id, question) REFERENCES vote_questions (vote_id, number) DEFERRABLE INITIALLY DEFERRED
) STRICT, WITHOUT ROWID;
-- Who shall be asked, while it is a draft.
CREATE TABLE vote_people (
    vote_id   INTEGER NOT NULL REFERENCES votes (id),
    person_id INTEGER NOT NULL REFERENCES people (id),
    PRIMARY KEY (vote_id, person_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX vote_people_person ON vote_people (person_id);

-- Who may vote, from when it opened on, and whether they have. When, and after whom, is not kept; what they voted only where the vote is open.
CREATE TABLE vote_electors (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    vote_id   INTEGER NOT NULL REFERENCES votes (id),
    person_id INTEGER REFERENCES people (id), -- NULL: forgotten
    voted     INTEGER NOT NULL DEFAULT 0 CHECK (voted IN (0, 1)),
    once      BLOB, -- by which the same request is known again, until it ends
    answers   BLOB,
    told      INTEGER NOT NULL DEFAULT 0, -- the round that they have been told of
    CHECK (voted = 1 OR (once IS NULL AND answers IS NULL)),
    UNIQUE (vote_id, person_id)
) STRICT;
CREATE INDEX vote_electors_told ON vote_electors (vote_id, told);
CREATE INDEX vote_electors_person ON vote_electors (person_id) WHERE person_id IS NOT NULL;

-- Ballots of secret votes: under a random key, sealed until the vote ends, then shuffled and written anew.
CREATE TABLE vote_ballots (
    vote_id INTEGER NOT NULL REFERENCES votes (id),
    key     BLOB    NOT NULL CHECK (length(key) = 16),
    sealed  BLOB,
    answers BLOB,
    CHECK ((sealed IS NULL) <> (answers IS NULL)),
    PRIMARY KEY (vote_id, key)
) STRICT, WITHOUT ROWID;

-- What was counted; option 0: no answer. Of factors: the sum of the weights.
CREATE TABLE vote_counts (
    vote_id  INTEGER NOT NULL,
    question INTEGER NOT NULL,
    option   INTEGER NOT NULL CHECK (option >= 0),
    count    INTEGER NOT NULL CHECK (count >= 0),
    PRIMARY KEY (vote_id, question, option),
    FOREIGN KEY (vote_id, question) REFERENCES vote_questions (vote_id, number)
) STRICT, WITHOUT ROWID;

-- What is divided by the weights that a vote finds: who has which score of each factor.
CREATE TABLE vote_plans (
    vote_id  INTEGER PRIMARY KEY REFERENCES votes (id),
    pot_fen  INTEGER NOT NULL CHECK (pot_fen >= 1)
) STRICT;
CREATE TABLE vote_plan_rows (
    vote_id    INTEGER NOT NULL REFERENCES vote_plans (vote_id),
    number     INTEGER NOT NULL CHECK (number >= 1),
    person_id  INTEGER REFERENCES people (id),
    name       TEXT    NOT NULL,
    amount_fen INTEGER CHECK (amount_fen >= 0), -- once adopted
    PRIMARY KEY (vote_id, number),
    UNIQUE (vote_id, person_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX vote_plan_rows_person ON vote_plan_rows (person_id) WHERE person_id IS NOT NULL;
CREATE TABLE vote_plan_scores (
    vote_id INTEGER NOT NULL,
    number  INTEGER NOT NULL,
    factor  INTEGER NOT NULL CHECK (factor >= 1),
    score   INTEGER NOT NULL CHECK (score BETWEEN 0 AND 1000),
    PRIMARY KEY (vote_id, number, factor),
    FOREIGN KEY (vote_id, number) REFERENCES vote_plan_rows (vote_id, number)
) STRICT, WITHOUT ROWID;

-- A draft may go; what was opened is kept, and what has ended never changes.
CREATE TRIGGER votes_no_delete BEFORE DELETE ON votes WHEN OLD.state <> 'draft'
BEGIN SELECT RAISE(ABORT, 'a vote that was opened is kept'); END;
CREATE TRIGGER votes_begin BEFORE INSERT ON votes WHEN NEW.state <> 'draft'
BEGIN SELECT RAISE(ABORT, 'a vote begins as a draft'); END;
CREATE TRIGGER votes_change BEFORE UPDATE ON votes
WHEN NOT (
    NEW.id IS OLD.id AND NEW.created_by IS OLD.created_by AND NEW.created_ms IS OLD.created_ms
    AND ((OLD.state = 'draft' AND NEW.state IN ('draft', 'open'))
        OR (OLD.state = 'open' AND NEW.state IN ('open', 'closed', 'cancelled')
            AND NEW.purpose IS OLD.purpose AND NEW.title IS OLD.title AND NEW.title_en IS OLD.title_en AND NEW.text IS OLD.text
            AND NEW.electorate IS OLD.electorate AND NEW.area_id IS OLD.area_id AND NEW.branch_id IS OLD.branch_id
            AND NEW.secret IS OLD.secret AND NEW.public IS OLD.public AND NEW.quorum IS OLD.quorum AND NEW.majority IS OLD.majority
            AND NEW.majority_of IS OLD.majority_of AND NEW.from_ms IS OLD.from_ms AND NEW.to_ms IS OLD.to_ms
            AND NEW.opened_ms IS OLD.opened_ms AND NEW.electors IS OLD.electors)))
BEGIN SELECT RAISE(ABORT, 'a vote that is open stays as it is, and one that has ended, too'); END;
CREATE TRIGGER votes_open BEFORE UPDATE ON votes
WHEN NEW.state = 'open' AND OLD.state = 'draft' AND NEW.electors <> (SELECT count(*) FROM vote_electors WHERE vote_id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'the electors must be those that there are'); END;
CREATE TRIGGER votes_close BEFORE UPDATE ON votes WHEN NEW.state = 'closed' AND OLD.state = 'open'
BEGIN
    SELECT RAISE(ABORT, 'ballots must be as many as have voted')
    WHERE NEW.ballots <> (SELECT count(*) FROM vote_electors WHERE vote_id = NEW.id AND voted = 1)
        OR (NEW.outcome <> 'too_few' AND NEW.ballots <> CASE NEW.secret
            WHEN 1 THEN (SELECT count(*) FROM vote_ballots WHERE vote_id = NEW.id AND answers IS NOT NULL)
            ELSE (SELECT count(*) FROM vote_electors WHERE vote_id = NEW.id AND answers IS NOT NULL) END);
    SELECT RAISE(ABORT, 'no sealed ballot may be left')
    WHERE EXISTS (SELECT 1 FROM vote_ballots WHERE vote_id = NEW.id AND sealed IS NOT NULL);
    SELECT RAISE(ABORT, 'nothing may be left by which a request is known')
    WHERE EXISTS (SELECT 1 FROM vote_electors WHERE vote_id = NEW.id AND once IS NOT NULL);
    SELECT RAISE(ABORT, 'the answers to a question must be as many as the ballots')
    WHERE NEW.outcome <> 'too_few' AND EXISTS (SELECT 1 FROM vote_questions q WHERE q.vote_id = NEW.id AND q.type IN ('choice', 'scale')
        AND NEW.ballots <> (SELECT COALESCE(sum(count), 0) FROM vote_counts c WHERE c.vote_id = NEW.id AND c.question = q.number));
END;
CREATE TRIGGER votes_cancel BEFORE UPDATE ON votes WHEN NEW.state = 'cancelled' AND OLD.state = 'open'
    AND EXISTS (SELECT 1 FROM vote_ballots WHERE vote_id = NEW.id UNION ALL SELECT 1 FROM vote_electors WHERE vote_id = NEW.id AND answers IS NOT NULL)
BEGIN SELECT RAISE(ABORT, 'nothing may be left of what was voted'); END;

-- What is asked, and of whom, is settled when it opens.
CREATE TRIGGER vote_questions_insert BEFORE INSERT ON vote_questions WHEN (SELECT state FROM votes WHERE id = NEW.vote_id) IS NOT 'draft'
BEGIN SELECT RAISE(ABORT, 'the vote is no draft any more'); END;
CREATE TRIGGER vote_questions_update BEFORE UPDATE ON vote_questions
BEGIN SELECT RAISE(ABORT, 'a question is written anew'); END;
CREATE TRIGGER vote_questions_delete BEFORE DELETE ON vote_questions WHEN (SELECT state FROM votes WHERE id = OLD.vote_id) IS NOT 'draft'
BEGIN SELECT RAISE(ABORT, 'the vote is no draft any more'); END;
CREATE TRIGGER vote_options_insert BEFORE INSERT ON vote_options WHEN (SELECT state FROM votes WHERE id = NEW.vote_id) IS NOT 'draft'
BEGIN SELECT RAISE(ABORT, 'the vote is no draft any more'); END;
CREATE TRIGGER vote_options_update BEFORE UPDATE ON vote_options
BEGIN SELECT RAISE(ABORT, 'an option is written anew'); END;
CREATE TRIGGER vote_options_delete BEFORE DELETE ON vote_options WHEN (SELECT state FROM votes WHERE id = OLD.vote_id) IS NOT 'draft'
BEGIN SELECT RAISE(ABORT, 'the vote is no draft any more'); END;
CREATE TRIGGER vote_people_insert BEFORE INSERT ON vote_people WHEN (SELECT state FROM votes WHERE id = NEW.vote_id) IS NOT 'draft'
BEGIN SELECT RAISE(ABORT, 'the vote is no draft any more'); END;
CREATE TRIGGER vote_electors_insert BEFORE INSERT ON vote_electors
WHEN (SELECT state FROM votes WHERE id = NEW.vote_id) IS NOT 'draft' OR NEW.voted <> 0 OR NEW.person_id IS NULL
BEGIN SELECT RAISE(ABORT, 'who may vote is settled when it opens'); END;
CREATE TRIGGER vote_electors_delete BEFORE DELETE ON vote_electors
BEGIN SELECT RAISE(ABORT, 'who may vote is settled when it opens'); END;
-- One votes once, while it is open; whose it was may be forgotten.
CREATE TRIGGER vote_electors_update BEFORE UPDATE ON vote_electors
WHEN NOT (
    NEW.id IS OLD.id AND NEW.vote_id IS OLD.vote_id
    AND ((NEW.person_id IS OLD.person_id AND NEW.voted IS OLD.voted AND NEW.answers IS OLD.answers AND NEW.once IS OLD.once AND NEW.told > OLD.told)
        OR (NEW.person_id IS OLD.person_id AND NEW.told IS OLD.told AND (SELECT state FROM votes WHERE id = OLD.vote_id) IS 'open'
            AND ((OLD.voted = 0 AND NEW.voted = 1 AND (NEW.answers IS NULL) = (SELECT secret FROM votes WHERE id = OLD.vote_id))
                OR (NEW.voted IS OLD.voted AND NEW.once IS NULL AND (NEW.answers IS OLD.answers OR NEW.answers IS NULL))))
        OR (NEW.person_id IS NULL AND NEW.voted IS OLD.voted AND NEW.answers IS OLD.answers AND NEW.once IS NULL
            AND EXISTS (SELECT 1 FROM people p WHERE p.id = OLD.person_id AND p.forgotten_ms IS NOT NULL))))
BEGIN SELECT RAISE(ABORT, 'somebody votes once'); END;
CREATE TRIGGER vote_ballots_insert BEFORE INSERT ON vote_ballots
WHEN (SELECT state = 'open' AND secret FROM votes WHERE id = NEW.vote_id) IS NOT 1
BEGIN SELECT RAISE(ABORT, 'there are secret ballots only while a secret vote is open'); END;
CREATE TRIGGER vote_ballots_update BEFORE UPDATE ON vote_ballots
BEGIN SELECT RAISE(ABORT, 'a ballot stays as it is'); END;
CREATE TRIGGER vote_ballots_delete BEFORE DELETE ON vote_ballots WHEN (SELECT state FROM votes WHERE id = OLD.vote_id) IS NOT 'open'
BEGIN SELECT RAISE(ABORT, 'the vote has ended'); END;
CREATE TRIGGER vote_counts_insert BEFORE INSERT ON vote_counts WHEN (SELECT state FROM votes WHERE id = NEW.vote_id) IS NOT 'open'
BEGIN SELECT RAISE(ABORT, 'what was counted stays as it is'); END;
CREATE TRIGGER vote_counts_update BEFORE UPDATE ON vote_counts
BEGIN SELECT RAISE(ABORT, 'what was counted stays as it is'); END;
CREATE TRIGGER vote_counts_delete BEFORE DELETE ON vote_counts
BEGIN SELECT RAISE(ABORT, 'what was counted stays as it is'); END;

-- A plan is part of the draft; its amounts are found once, when the vote ends.
CREATE TRIGGER vote_plans_insert BEFORE INSERT ON vote_plans WHEN (SELECT state FROM votes WHERE id = NEW.vote_id) IS NOT 'draft'
BEGIN SELECT RAISE(ABORT, 'the vote is no draft any more'); END;
CREATE TRIGGER vote_plans_update BEFORE UPDATE ON vote_plans
BEGIN SELECT RAISE(ABORT, 'a plan is written anew'); END;
CREATE TRIGGER vote_plans_delete BEFORE DELETE ON vote_plans WHEN (SELECT state FROM votes WHERE id = OLD.vote_id) IS NOT 'draft'
BEGIN SELECT RAISE(ABORT, 'the vote is no draft any more'); END;
CREATE TRIGGER vote_plan_rows_insert BEFORE INSERT ON vote_plan_rows
WHEN (SELECT state FROM votes WHERE id = NEW.vote_id) IS NOT 'draft' OR NEW.amount_fen IS NOT NULL OR NEW.name = ''
BEGIN SELECT RAISE(ABORT, 'the vote is no draft any more'); END;
CREATE TRIGGER vote_plan_rows_delete BEFORE DELETE ON vote_plan_rows WHEN (SELECT state FROM votes WHERE id = OLD.vote_id) IS NOT 'draft'
BEGIN SELECT RAISE(ABORT, 'the vote is no draft any more'); END;
CREATE TRIGGER vote_plan_rows_update BEFORE UPDATE ON vote_plan_rows
WHEN NOT (
    NEW.vote_id IS OLD.vote_id AND NEW.number IS OLD.number
    AND ((NEW.person_id IS OLD.person_id AND NEW.name IS OLD.name AND OLD.amount_fen IS NULL
            AND (SELECT state FROM votes WHERE id = OLD.vote_id) IS 'open')
        OR (NEW.amount_fen IS OLD.amount_fen AND NEW.person_id IS NULL AND NEW.name = ''
            AND EXISTS (SELECT 1 FROM people p WHERE p.id = OLD.person_id AND p.forgotten_ms IS NOT NULL))))
BEGIN SELECT RAISE(ABORT, 'what was divided stays as it is'); END;
CREATE TRIGGER vote_plan_scores_insert BEFORE INSERT ON vote_plan_scores WHEN (SELECT state FROM votes WHERE id = NEW.vote_id) IS NOT 'draft'
BEGIN SELECT RAISE(ABORT, 'the vote is no draft any more'); END;
CREATE TRIGGER vote_plan_scores_update BEFORE UPDATE ON vote_plan_scores
BEGIN SELECT RAISE(ABORT, 'a plan is written anew'); END;
CREATE TRIGGER vote_plan_scores_delete BEFORE DELETE ON vote_plan_scores WHEN (SELECT state FROM votes WHERE id = OLD.vote_id) IS NOT 'draft'
BEGIN SELECT RAISE(ABORT, 'the vote is no draft any more'); END;
