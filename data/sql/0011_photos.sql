-- Photos in three sizes, with what they look like and what the camera claims.

ALTER TABLE photos ADD COLUMN middle TEXT REFERENCES blobs (name); -- NULL: cleaned when there were two sizes
ALTER TABLE place_photos ADD COLUMN middle TEXT REFERENCES blobs (name);
CREATE INDEX photos_middle ON photos (middle);
CREATE INDEX place_photos_middle ON place_photos (middle);

-- 64 bits (data/photo_look.h); NULL: unknown, or one colour all over. Two that differ in at most three have one of four
-- bands of 16 bits in common.
ALTER TABLE photos ADD COLUMN look INTEGER;
CREATE INDEX photos_look_0 ON photos (look & 65535) WHERE look IS NOT NULL;
CREATE INDEX photos_look_1 ON photos (look >> 16 & 65535) WHERE look IS NOT NULL;
CREATE INDEX photos_look_2 ON photos (look >> 32 & 65535) WHERE look IS NOT NULL;
CREATE INDEX photos_look_3 ON photos (look >> 48 & 65535) WHERE look IS NOT NULL;

-- What the camera claims, WGS 84 and by its own clock; never a proof, never public.
ALTER TABLE photos ADD COLUMN hint_lon REAL CHECK (hint_lon BETWEEN -180 AND 180);
ALTER TABLE photos ADD COLUMN hint_lat REAL CHECK (hint_lat BETWEEN -90 AND 90);
ALTER TABLE photos ADD COLUMN hint_time TEXT NOT NULL DEFAULT '';

-- Content files that must not survive, until they are deleted.
CREATE TABLE blobs_doomed (
    name TEXT NOT NULL PRIMARY KEY CHECK (length(name) = 64)
) STRICT;

-- Under which addresses of private photos are signed.
CREATE TABLE address_key (
    id  INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    key TEXT    NOT NULL CHECK (key <> '')
) STRICT;
