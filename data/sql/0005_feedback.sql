-- What riders say of places: cases that are about one, told apart by voices that lead to nobody.

ALTER TABLE cases ADD COLUMN place_id INTEGER REFERENCES places (id); -- NULL: about none
ALTER TABLE cases ADD COLUMN amenity TEXT NOT NULL DEFAULT '' CHECK (typeof(amenity) = 'text'); -- that is missing there
-- Where the place is instead, WGS 84.
ALTER TABLE cases ADD COLUMN to_lon DOUBLE PRECISION CHECK (to_lon BETWEEN -180 AND 180);
ALTER TABLE cases ADD COLUMN to_lat DOUBLE PRECISION CHECK (to_lat BETWEEN -90 AND 90);
CREATE INDEX cases_place ON cases (place_id, category) WHERE place_id IS NOT NULL;

-- 1: several riders say that it is closed, and nobody has looked yet.
ALTER TABLE places ADD COLUMN doubted INTEGER NOT NULL DEFAULT 0 CHECK (doubted IN (0, 1));

-- Who confirmed a place today, so that each counts once: a hash of the sender under the key below, and of one place alone,
-- so that it tells nobody where a rider was. Rows of other days are deleted.
CREATE TABLE place_voices (
    place_id INTEGER NOT NULL REFERENCES places (id),
    day      INTEGER NOT NULL,
    voice    BLOB    NOT NULL CHECK (length(voice) = 32),
    PRIMARY KEY (place_id, day, voice)
) STRICT;
CREATE INDEX place_voices_day ON place_voices (day);
CREATE TABLE voices_key (
    id  INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    key TEXT    NOT NULL CHECK (key <> '')
) STRICT;
