-- Closures: streets that staff have closed or slowed, from when to when, and who did it.

CREATE TABLE migration_must (done INTEGER NOT NULL CHECK (done = 1)) STRICT;

CREATE TABLE closures (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    public_id  TEXT    NOT NULL UNIQUE CHECK (typeof(public_id) = 'text' AND length(public_id) = 22),
    version    INTEGER NOT NULL CHECK (typeof(version) = 'integer' AND version >= 1),
    area_id    INTEGER REFERENCES areas (id), -- of the geometry's first point
    effect     TEXT    NOT NULL CHECK (effect IN ('closed', 'slowed')),
    factor     DOUBLE PRECISION CHECK (factor > 1), -- so many times the time; NULL: closed
    profiles   TEXT    NOT NULL DEFAULT '' CHECK (typeof(profiles) = 'text'), -- words; '': all
    radius_m   DOUBLE PRECISION CHECK (radius_m > 0), -- of a point, and only of one
    from_ms    INTEGER NOT NULL CHECK (typeof(from_ms) = 'integer'),
    to_ms      INTEGER CHECK (to_ms > from_ms), -- NULL: until it is ended
    reason     TEXT    NOT NULL DEFAULT '' CHECK (typeof(reason) = 'text'),
    case_id    INTEGER REFERENCES cases (id), -- the report that it came from
    created_by INTEGER NOT NULL REFERENCES people (id),
    updated_by INTEGER NOT NULL REFERENCES people (id),
    created_ms INTEGER NOT NULL CHECK (typeof(created_ms) = 'integer'),
    updated_ms INTEGER NOT NULL CHECK (typeof(updated_ms) = 'integer'),
    ended_ms   INTEGER, -- ended by hand
    min_lon    DOUBLE PRECISION GENERATED ALWAYS AS (ST_MinX(geom)) STORED,
    min_lat    DOUBLE PRECISION GENERATED ALWAYS AS (ST_MinY(geom)) STORED,
    max_lon    DOUBLE PRECISION GENERATED ALWAYS AS (ST_MaxX(geom)) STORED,
    max_lat    DOUBLE PRECISION GENERATED ALWAYS AS (ST_MaxY(geom)) STORED,
    geom       GEOMETRY NOT NULL, -- a point, a line or a polygon
    CHECK ((effect = 'slowed') = (factor IS NOT NULL))
);
CREATE INDEX closures_time ON closures (created_ms, id);
CREATE INDEX closures_case ON closures (case_id) WHERE case_id IS NOT NULL;
CREATE INDEX closures_live ON closures (to_ms) WHERE ended_ms IS NULL;
INSERT INTO migration_must SELECT RecoverGeometryColumn('closures', 'geom', 4326, 'GEOMETRY', 'XY');

-- What a closure was from each change on: only ever added to.
CREATE TABLE closure_events (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    closure_id INTEGER NOT NULL REFERENCES closures (id),
    version    INTEGER NOT NULL,
    at_ms      INTEGER NOT NULL,
    verb       TEXT    NOT NULL CHECK (verb IN ('created', 'changed', 'ended')),
    person_id  INTEGER NOT NULL REFERENCES people (id),
    effect     TEXT    NOT NULL,
    factor     REAL,
    profiles   TEXT    NOT NULL,
    radius_m   REAL,
    from_ms    INTEGER NOT NULL,
    to_ms      INTEGER,
    reason     TEXT    NOT NULL,
    wkb        BLOB    NOT NULL,
    UNIQUE (closure_id, version)
) STRICT;
CREATE TRIGGER closure_events_no_update BEFORE UPDATE ON closure_events
BEGIN SELECT RAISE(ABORT, 'the history of a closure is only ever added to'); END;
CREATE TRIGGER closure_events_no_delete BEFORE DELETE ON closure_events
BEGIN SELECT RAISE(ABORT, 'the history of a closure is only ever added to'); END;

DROP TABLE migration_must;
