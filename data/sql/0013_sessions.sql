-- Sessions that can be told apart, guesses counted by login whether there is such a person or not, second factors, and
-- who looked at what.

-- The label of a session says which device it is on.
ALTER TABLE tokens ADD COLUMN seen_ms INTEGER NOT NULL DEFAULT 0;
UPDATE tokens SET seen_ms = created_ms;

ALTER TABLE people DROP COLUMN failures;
ALTER TABLE people DROP COLUMN locked_until_ms;
CREATE TABLE guesses (
    login_hash      BLOB    NOT NULL PRIMARY KEY CHECK (length(login_hash) = 32),
    failures        INTEGER NOT NULL,
    locked_until_ms INTEGER NOT NULL,
    at_ms           INTEGER NOT NULL -- of the last one
) STRICT;
CREATE INDEX guesses_time ON guesses (at_ms);

-- RFC 6238. The secret is sealed with the key in the data directory (secret.key).
CREATE TABLE totp (
    person_id    INTEGER NOT NULL PRIMARY KEY REFERENCES people (id),
    sealed       BLOB    NOT NULL,
    last_step    INTEGER NOT NULL DEFAULT 0, -- of the last code that was taken: none is taken twice
    created_ms   INTEGER NOT NULL,
    confirmed_ms INTEGER -- NULL: no code was given yet, so none is asked for
) STRICT;
CREATE TABLE recovery_codes (
    hash      BLOB    NOT NULL PRIMARY KEY CHECK (length(hash) = 32),
    person_id INTEGER NOT NULL REFERENCES people (id),
    used_ms   INTEGER
) STRICT;
CREATE INDEX recovery_codes_person ON recovery_codes (person_id);

-- Who looked at which private case, and what was done to people and rights: only ever added to. No address is kept.
CREATE TABLE audit (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    at_ms      INTEGER NOT NULL,
    verb       TEXT    NOT NULL CHECK (verb <> ''),
    person_id  INTEGER REFERENCES people (id), -- who did it; NULL: the operator, at the command line
    subject_id INTEGER REFERENCES people (id), -- to whom
    case_id    INTEGER REFERENCES cases (id),
    area_id    INTEGER REFERENCES areas (id),
    route      TEXT    NOT NULL DEFAULT '',
    detail     TEXT    NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX audit_person ON audit (person_id, id);
CREATE INDEX audit_subject ON audit (subject_id, id) WHERE subject_id IS NOT NULL;
CREATE INDEX audit_case ON audit (case_id, id) WHERE case_id IS NOT NULL;
CREATE INDEX audit_area ON audit (area_id, id) WHERE area_id IS NOT NULL;
-- What could be made to happen without end is kept once a minute.
CREATE UNIQUE INDEX audit_looked ON audit (person_id, case_id, at_ms / 60000) WHERE verb = 'looked';
CREATE UNIQUE INDEX audit_failed ON audit (subject_id, at_ms / 60000) WHERE verb = 'sign_in_failed';
CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit trail is only ever added to'); END;
CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit trail is only ever added to'); END;
