-- What staff keep for their own work: views of the queue, and texts that are sent again and again.

CREATE TABLE views (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    person_id  INTEGER NOT NULL REFERENCES people (id),
    name       TEXT    NOT NULL CHECK (name <> ''),
    kind       TEXT    NOT NULL CHECK (kind <> ''),
    query      TEXT    NOT NULL CHECK (query <> ''), -- a JSON object of texts: parameters of GET /v1/reports
    shared     INTEGER NOT NULL CHECK (shared IN (0, 1)),
    area_id    INTEGER REFERENCES areas (id),        -- with those who work there; NULL: everywhere
    version    INTEGER NOT NULL CHECK (version >= 1),
    created_ms INTEGER NOT NULL,
    updated_ms INTEGER NOT NULL,
    UNIQUE (person_id, name)
) STRICT;
CREATE INDEX views_shared ON views (id) WHERE shared = 1;

CREATE TABLE templates (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    kind       TEXT    NOT NULL CHECK (kind <> ''),
    state      TEXT    NOT NULL DEFAULT '',   -- that a case is moved to with it; '': any
    area_id    INTEGER REFERENCES areas (id), -- NULL: everywhere
    name       TEXT    NOT NULL CHECK (name <> ''),
    text       TEXT    NOT NULL CHECK (text <> ''),
    version    INTEGER NOT NULL CHECK (version >= 1),
    created_ms INTEGER NOT NULL,
    updated_ms INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX templates_name ON templates (kind, state, COALESCE(area_id, 0), name);

-- Which bodies work on cases of an area.
CREATE INDEX cases_unit ON cases (area_id, unit) WHERE unit <> '';
