-- What staff write for all to read: news, stories, series, lessons; who read it, and who passed a quiz.

CREATE TABLE posts (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    version    INTEGER NOT NULL CHECK (version >= 1),
    kind       TEXT    NOT NULL CHECK (kind <> ''), -- data/posts/kinds.yaml
    title      TEXT    NOT NULL CHECK (title <> ''),
    title_en   TEXT    NOT NULL DEFAULT '',
    body       TEXT    NOT NULL DEFAULT '', -- Markdown
    body_en    TEXT    NOT NULL DEFAULT '',
    summary    TEXT    NOT NULL DEFAULT '', -- the first words of it
    author     TEXT    NOT NULL DEFAULT '', -- as it is shown
    pinned     INTEGER NOT NULL CHECK (pinned IN (0, 1)),
    draft      INTEGER NOT NULL CHECK (draft IN (0, 1)),
    from_ms    INTEGER NOT NULL CHECK (from_ms BETWEEN 0 AND 253402300799999),
    until_ms   INTEGER CHECK (until_ms > from_ms), -- NULL: without end
    rank       INTEGER NOT NULL CHECK (rank = from_ms + pinned * 1125899906842624), -- pinned first, then newest
    reads      INTEGER NOT NULL DEFAULT 0 CHECK (reads >= 0), -- also of who is forgotten
    -- of its quiz:
    tries      INTEGER NOT NULL DEFAULT 0 CHECK (tries >= 0), -- 0: there is none
    pass       INTEGER NOT NULL DEFAULT 0 CHECK (pass BETWEEN 0 AND 100), -- percent
    points     INTEGER NOT NULL DEFAULT 0 CHECK (points >= 0), -- that passing brings
    quiz_hash  BLOB, -- of its questions as they are
    created_by INTEGER REFERENCES people (id),
    created_ms INTEGER NOT NULL,
    updated_ms INTEGER NOT NULL,
    removed_ms INTEGER
) STRICT;
CREATE INDEX posts_ranked ON posts (rank DESC, id DESC) WHERE removed_ms IS NULL;
CREATE INDEX posts_created_by ON posts (created_by) WHERE created_by IS NOT NULL;

-- Whose it is; none: everybody's.
CREATE TABLE post_areas (
    post_id INTEGER NOT NULL REFERENCES posts (id),
    area_id INTEGER NOT NULL REFERENCES areas (id),
    PRIMARY KEY (post_id, area_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX post_areas_area ON post_areas (area_id);

CREATE TABLE post_videos (
    post_id INTEGER NOT NULL REFERENCES posts (id),
    place   INTEGER NOT NULL CHECK (place >= 0),
    url     TEXT    NOT NULL CHECK (url LIKE 'https://%'),
    title   TEXT    NOT NULL DEFAULT '',
    PRIMARY KEY (post_id, place)
) STRICT, WITHOUT ROWID;

-- Who read what; not when.
CREATE TABLE post_reads (
    person_id INTEGER NOT NULL REFERENCES people (id),
    post_id   INTEGER NOT NULL REFERENCES posts (id),
    PRIMARY KEY (person_id, post_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX post_reads_post ON post_reads (post_id);

CREATE TABLE post_questions (
    post_id  INTEGER NOT NULL REFERENCES posts (id),
    place    INTEGER NOT NULL CHECK (place >= 0),
    type     TEXT    NOT NULL CHECK (type IN ('single', 'multiple', 'true_false')),
    text     TEXT    NOT NULL CHECK (text <> ''),
    feedback TEXT    NOT NULL DEFAULT '',
    answer   INTEGER NOT NULL CHECK (answer > 0), -- bits of what is right
    PRIMARY KEY (post_id, place)
) STRICT, WITHOUT ROWID;
CREATE TABLE post_options (
    post_id  INTEGER NOT NULL,
    question INTEGER NOT NULL,
    place    INTEGER NOT NULL CHECK (place BETWEEN 0 AND 7),
    text     TEXT    NOT NULL CHECK (text <> ''),
    PRIMARY KEY (post_id, question, place),
    FOREIGN KEY (post_id, question) REFERENCES post_questions (post_id, place)
) STRICT, WITHOUT ROWID;

-- What came of each try at a quiz; not what was answered.
CREATE TABLE post_attempts (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    public_id  TEXT    NOT NULL UNIQUE CHECK (length(public_id) = 22),
    post_id    INTEGER NOT NULL REFERENCES posts (id),
    person_id  INTEGER REFERENCES people (id), -- NULL: forgotten
    number     INTEGER NOT NULL CHECK (number >= 1), -- of theirs at this quiz
    marks      TEXT    NOT NULL CHECK (marks <> ''), -- by question, 1 or 0
    right      INTEGER NOT NULL CHECK (right = length(replace(marks, '0', ''))),
    passed     INTEGER NOT NULL CHECK (passed IN (0, 1)),
    points     INTEGER NOT NULL DEFAULT 0 CHECK (points >= 0), -- that it brought
    made_ms    INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX post_attempts_number ON post_attempts (person_id, post_id, number) WHERE person_id IS NOT NULL;
CREATE INDEX post_attempts_post ON post_attempts (post_id, passed);

-- No more tries than the lesson says, one after the other, and none after one was enough; two at the same time included.
CREATE TRIGGER post_attempts_limited BEFORE INSERT ON post_attempts
BEGIN
    SELECT RAISE(ABORT, 'no try is left')
    WHERE NEW.number > (SELECT tries FROM posts WHERE id = NEW.post_id)
        OR NEW.number <> 1 + (SELECT count(*) FROM post_attempts a WHERE a.person_id = NEW.person_id AND a.post_id = NEW.post_id)
        OR EXISTS (SELECT 1 FROM post_attempts a WHERE a.person_id = NEW.person_id AND a.post_id = NEW.post_id AND a.passed = 1)
        OR length(NEW.marks) <> (SELECT count(*) FROM post_questions q WHERE q.post_id = NEW.post_id);
END;
CREATE TRIGGER post_attempts_no_delete BEFORE DELETE ON post_attempts
BEGIN SELECT RAISE(ABORT, 'tries are kept'); END;
CREATE TRIGGER post_attempts_no_update BEFORE UPDATE ON post_attempts
WHEN NOT (
    NEW.id IS OLD.id AND NEW.public_id IS OLD.public_id AND NEW.post_id IS OLD.post_id AND NEW.number IS OLD.number AND NEW.marks IS OLD.marks
    AND NEW.right IS OLD.right AND NEW.passed IS OLD.passed AND NEW.points IS OLD.points AND NEW.made_ms IS OLD.made_ms
    AND NEW.person_id IS NULL AND EXISTS (SELECT 1 FROM people p WHERE p.id = OLD.person_id AND p.forgotten_ms IS NOT NULL))
BEGIN SELECT RAISE(ABORT, 'tries are kept as they were'); END;

-- A quiz that somebody tried stays as it is.
CREATE TRIGGER post_questions_tried_insert BEFORE INSERT ON post_questions
WHEN EXISTS (SELECT 1 FROM post_attempts a WHERE a.post_id = NEW.post_id)
BEGIN SELECT RAISE(ABORT, 'somebody tried this quiz'); END;
CREATE TRIGGER post_questions_tried_delete BEFORE DELETE ON post_questions
WHEN EXISTS (SELECT 1 FROM post_attempts a WHERE a.post_id = OLD.post_id)
BEGIN SELECT RAISE(ABORT, 'somebody tried this quiz'); END;
CREATE TRIGGER post_questions_no_update BEFORE UPDATE ON post_questions
BEGIN SELECT RAISE(ABORT, 'questions are put anew'); END;
CREATE TRIGGER post_options_tried_insert BEFORE INSERT ON post_options
WHEN EXISTS (SELECT 1 FROM post_attempts a WHERE a.post_id = NEW.post_id)
BEGIN SELECT RAISE(ABORT, 'somebody tried this quiz'); END;
CREATE TRIGGER post_options_tried_delete BEFORE DELETE ON post_options
WHEN EXISTS (SELECT 1 FROM post_attempts a WHERE a.post_id = OLD.post_id)
BEGIN SELECT RAISE(ABORT, 'somebody tried this quiz'); END;
CREATE TRIGGER post_options_no_update BEFORE UPDATE ON post_options
BEGIN SELECT RAISE(ABORT, 'questions are put anew'); END;
