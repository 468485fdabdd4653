-- How far the outbox has been turned into messages: it moves with them, so that none is told twice or never. What was before is not told.
CREATE TABLE inbox_feed (one INTEGER PRIMARY KEY CHECK (one = 1), seen INTEGER NOT NULL) STRICT;
INSERT INTO inbox_feed SELECT 1, COALESCE(max(number), 0) FROM changes;

-- What was told about a case is forgotten with whose it was.
CREATE INDEX inbox_messages_about ON inbox_messages (about, person_id);

-- What somebody says of themselves. The phone number is sealed with the key in the data directory (secret.key).
CREATE TABLE people_profiles (
    person_id    INTEGER NOT NULL PRIMARY KEY REFERENCES people (id),
    version      INTEGER NOT NULL CHECK (version >= 1),
    language     TEXT    NOT NULL DEFAULT '' CHECK (language IN ('', 'zh', 'en')),
    phone_sealed BLOB    CHECK (length(phone_sealed) > 40), -- NULL: none
    updated_ms   INTEGER NOT NULL
) STRICT;
