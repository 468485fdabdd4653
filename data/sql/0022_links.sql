-- Cases that have to do with each other: a pair is there once, the smaller id first.
CREATE TABLE case_links (
    case_id   INTEGER NOT NULL REFERENCES cases (id),
    other_id  INTEGER NOT NULL REFERENCES cases (id) CHECK (other_id > case_id),
    reason    TEXT    NOT NULL DEFAULT '', -- goes when either case is anonymised
    person_id INTEGER REFERENCES people (id),
    at_ms     INTEGER NOT NULL,
    PRIMARY KEY (case_id, other_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX case_links_other ON case_links (other_id);
