-- Photos that were taken off a place are gone with their files; what is off the map is listed.

DELETE FROM place_photos WHERE removed_ms IS NOT NULL;
ALTER TABLE place_photos DROP COLUMN removed_ms;

-- Whether a file is still wanted is asked whenever a photo goes.
CREATE INDEX photos_large ON photos (large);
CREATE INDEX photos_small ON photos (small);
CREATE INDEX place_photos_large ON place_photos (large);
CREATE INDEX place_photos_small ON place_photos (small);
DELETE FROM blobs WHERE NOT EXISTS (SELECT 1 FROM photos p WHERE p.large = blobs.name)
    AND NOT EXISTS (SELECT 1 FROM photos p WHERE p.small = blobs.name)
    AND NOT EXISTS (SELECT 1 FROM place_photos p WHERE p.large = blobs.name)
    AND NOT EXISTS (SELECT 1 FROM place_photos p WHERE p.small = blobs.name);

-- Places off the map, those that left last first.
CREATE INDEX places_off ON places (COALESCE(removed_ms, vanished_ms), id)
    WHERE COALESCE(removed_ms, vanished_ms) IS NOT NULL;
