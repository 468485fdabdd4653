-- The ground: what stands where, who is who, what was reported.
--
-- Times are milliseconds since 1970, UTC. Text is never NULL; '' is "none". A row that the world may
-- still refer to is marked (vanished_ms, disabled_ms, ended_ms), not deleted. Tables with a geometry
-- cannot be STRICT, so that their columns carry checks.

-- SpatiaLite's functions tell failure by 0; a row here makes it an error of the migration.
CREATE TABLE migration_must (done INTEGER NOT NULL CHECK (done = 1)) STRICT;

-- The outbox. AUTOINCREMENT: a number is never given twice.
CREATE TABLE changes (
    number  INTEGER PRIMARY KEY AUTOINCREMENT,
    topic   TEXT    NOT NULL CHECK (topic <> ''),
    subject INTEGER NOT NULL,
    verb    TEXT    NOT NULL CHECK (verb <> ''),
    at_ms   INTEGER NOT NULL
) STRICT;

CREATE TABLE imports (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    source    TEXT    NOT NULL CHECK (source <> ''),
    file      TEXT    NOT NULL,
    began_ms  INTEGER NOT NULL,
    ended_ms  INTEGER,
    added     INTEGER NOT NULL DEFAULT 0,
    changed   INTEGER NOT NULL DEFAULT 0,
    unchanged INTEGER NOT NULL DEFAULT 0,
    vanished  INTEGER NOT NULL DEFAULT 0
) STRICT;

-- Areas: the geometry is the truth of the border, parent_id that of the hierarchy. A parent that was
-- not given is found by the borders, anew after every import.
CREATE TABLE areas (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    source      TEXT    NOT NULL CHECK (typeof(source) = 'text' AND source <> ''),
    source_id   TEXT    NOT NULL CHECK (typeof(source_id) = 'text' AND source_id <> ''),
    level       INTEGER NOT NULL CHECK (typeof(level) = 'integer' AND level BETWEEN 2 AND 11),
    code        TEXT    NOT NULL DEFAULT '' CHECK (typeof(code) = 'text'),
    name        TEXT    NOT NULL DEFAULT '' CHECK (typeof(name) = 'text'),
    name_en     TEXT    NOT NULL DEFAULT '' CHECK (typeof(name_en) = 'text'),
    parent_id   INTEGER REFERENCES areas (id) CHECK (parent_id <> id),
    parent_given INTEGER NOT NULL DEFAULT 0 CHECK (parent_given IN (0, 1)), -- 1: parent_id is not to be found anew
    vanished_ms INTEGER,
    created_ms  INTEGER NOT NULL CHECK (typeof(created_ms) = 'integer'),
    updated_ms  INTEGER NOT NULL CHECK (typeof(updated_ms) = 'integer'),
    geom        MULTIPOLYGON NOT NULL,
    UNIQUE (source, source_id)
);
CREATE INDEX areas_parent ON areas (parent_id);
CREATE INDEX areas_code ON areas (code) WHERE code <> '';
INSERT INTO migration_must SELECT RecoverGeometryColumn('areas', 'geom', 4326, 'MULTIPOLYGON', 'XY');

-- Places: lon and lat are kept beside the geometry because loading all of them reads nothing else.
CREATE TABLE places (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    vanished_ms INTEGER,
    lon         DOUBLE PRECISION GENERATED ALWAYS AS (ST_X(geom)) STORED,
    lat         DOUBLE PRECISION GENERATED ALWAYS AS (ST_Y(geom)) STORED,
    category    TEXT    NOT NULL CHECK (typeof(category) = 'text' AND category <> ''),
    amenities   TEXT    NOT NULL DEFAULT '' CHECK (typeof(amenities) = 'text'),
    name        TEXT    NOT NULL DEFAULT '' CHECK (typeof(name) = 'text'),
    name_en     TEXT    NOT NULL DEFAULT '' CHECK (typeof(name_en) = 'text'),
    address     TEXT    NOT NULL DEFAULT '' CHECK (typeof(address) = 'text'),
    phone       TEXT    NOT NULL DEFAULT '' CHECK (typeof(phone) = 'text'),
    hours       TEXT    NOT NULL DEFAULT '' CHECK (typeof(hours) = 'text'),
    hours_self  TEXT    NOT NULL DEFAULT '' CHECK (typeof(hours_self) = 'text'),
    source      TEXT    NOT NULL CHECK (typeof(source) = 'text' AND source <> ''),
    source_id   TEXT    NOT NULL CHECK (typeof(source_id) = 'text' AND source_id <> ''),
    import_id   INTEGER REFERENCES imports (id), -- NULL: made by hand
    created_ms  INTEGER NOT NULL CHECK (typeof(created_ms) = 'integer'),
    updated_ms  INTEGER NOT NULL CHECK (typeof(updated_ms) = 'integer'),
    geom        POINT   NOT NULL,
    UNIQUE (source, source_id)
);
INSERT INTO migration_must SELECT RecoverGeometryColumn('places', 'geom', 4326, 'POINT', 'XY');

CREATE TABLE people (
    id              INTEGER PRIMARY KEY AUTOINCREMENT,
    login           TEXT    NOT NULL UNIQUE CHECK (login <> ''),
    name            TEXT    NOT NULL DEFAULT '',
    password        TEXT    NOT NULL DEFAULT '', -- '': never signs in with one
    failures        INTEGER NOT NULL DEFAULT 0,
    locked_until_ms INTEGER NOT NULL DEFAULT 0,
    disabled_ms     INTEGER,
    created_ms      INTEGER NOT NULL,
    updated_ms      INTEGER NOT NULL
) STRICT;

CREATE TABLE grants (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    person_id  INTEGER NOT NULL REFERENCES people (id),
    role       TEXT    NOT NULL CHECK (role <> ''),
    area_id    INTEGER REFERENCES areas (id), -- NULL: everywhere
    kind       TEXT    NOT NULL DEFAULT '',   -- '': every kind of case
    created_ms INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX grants_once ON grants (person_id, role, COALESCE(area_id, 0), kind);

-- Sessions and integrators' keys: of either only the hash is known here.
CREATE TABLE tokens (
    hash       BLOB    NOT NULL PRIMARY KEY CHECK (length(hash) = 32),
    person_id  INTEGER NOT NULL REFERENCES people (id),
    purpose    TEXT    NOT NULL CHECK (purpose IN ('session', 'key')),
    label      TEXT    NOT NULL DEFAULT '',
    created_ms INTEGER NOT NULL,
    expires_ms INTEGER,
    ended_ms   INTEGER
) STRICT;
CREATE INDEX tokens_person ON tokens (person_id);
CREATE UNIQUE INDEX tokens_label ON tokens (person_id, label)
    WHERE purpose = 'key' AND ended_ms IS NULL;

-- Content files that rows refer to; the name is the SHA-256 of what is in them.
CREATE TABLE blobs (
    name       TEXT    NOT NULL PRIMARY KEY CHECK (length(name) = 64),
    bytes      INTEGER NOT NULL CHECK (bytes >= 0),
    created_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE cases (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    public_id    TEXT    NOT NULL UNIQUE CHECK (typeof(public_id) = 'text' AND length(public_id) = 22),
    kind         TEXT    NOT NULL CHECK (typeof(kind) = 'text' AND kind <> ''),
    category     TEXT    NOT NULL CHECK (typeof(category) = 'text' AND category <> ''),
    state        TEXT    NOT NULL CHECK (typeof(state) = 'text' AND state <> ''),
    version      INTEGER NOT NULL CHECK (typeof(version) = 'integer' AND version >= 1),
    area_id      INTEGER REFERENCES areas (id),
    lon          DOUBLE PRECISION GENERATED ALWAYS AS (ST_X(geom)) STORED,
    lat          DOUBLE PRECISION GENERATED ALWAYS AS (ST_Y(geom)) STORED,
    accuracy_m   DOUBLE PRECISION CHECK (accuracy_m >= 0),
    address      TEXT    NOT NULL DEFAULT '' CHECK (typeof(address) = 'text'),
    description  TEXT    NOT NULL DEFAULT '' CHECK (typeof(description) = 'text'),
    reporter_id  INTEGER REFERENCES people (id),
    session_hash BLOB    CHECK (length(session_hash) = 32),
    duplicate_of INTEGER REFERENCES cases (id) CHECK (duplicate_of <> id),
    created_ms   INTEGER NOT NULL CHECK (typeof(created_ms) = 'integer'),
    updated_ms   INTEGER NOT NULL CHECK (typeof(updated_ms) = 'integer'),
    geom         POINT -- NULL: the reporter gave an address alone
);
CREATE INDEX cases_time ON cases (created_ms, id);
CREATE INDEX cases_area ON cases (area_id, created_ms, id);
CREATE INDEX cases_state ON cases (state, created_ms, id);
CREATE INDEX cases_near ON cases (category, lat, lon);
INSERT INTO migration_must SELECT RecoverGeometryColumn('cases', 'geom', 4326, 'POINT', 'XY');

-- What happened to a case: only ever added to.
CREATE TABLE case_events (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    case_id    INTEGER NOT NULL REFERENCES cases (id),
    at_ms      INTEGER NOT NULL,
    from_state TEXT    NOT NULL, -- '': it was made
    to_state   TEXT    NOT NULL CHECK (to_state <> ''),
    actor      TEXT    NOT NULL CHECK (actor <> ''), -- the role it was done in: 'staff', 'reporter'
    person_id  INTEGER REFERENCES people (id),
    reason     TEXT    NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX case_events_case ON case_events (case_id, id);
CREATE TRIGGER case_events_no_update BEFORE UPDATE ON case_events
BEGIN SELECT RAISE(ABORT, 'the history of a case is only ever added to'); END;
CREATE TRIGGER case_events_no_delete BEFORE DELETE ON case_events
BEGIN SELECT RAISE(ABORT, 'the history of a case is only ever added to'); END;

CREATE TABLE photos (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    public_id     TEXT    NOT NULL UNIQUE CHECK (length(public_id) = 22),
    case_id       INTEGER NOT NULL REFERENCES cases (id),
    place         INTEGER NOT NULL CHECK (place >= 0), -- in the order of sending
    large         TEXT    NOT NULL REFERENCES blobs (name),
    small         TEXT    NOT NULL REFERENCES blobs (name),
    width         INTEGER NOT NULL CHECK (width > 0),
    height        INTEGER NOT NULL CHECK (height > 0),
    original_hash BLOB    NOT NULL CHECK (length(original_hash) = 32),
    created_ms    INTEGER NOT NULL,
    UNIQUE (case_id, place)
) STRICT;
CREATE INDEX photos_original ON photos (original_hash);

-- First answers, kept for a day for those who ask twice.
CREATE TABLE idempotency (
    scope      TEXT    NOT NULL,
    key        TEXT    NOT NULL,
    body_hash  BLOB    NOT NULL CHECK (length(body_hash) = 32),
    status     INTEGER NOT NULL,
    answer     BLOB    NOT NULL,
    subject    TEXT    NOT NULL, -- public id of what the request made
    expires_ms INTEGER NOT NULL,
    PRIMARY KEY (scope, key)
) STRICT;
CREATE INDEX idempotency_expires ON idempotency (expires_ms);

DROP TABLE migration_must;
