-- Pictures of our own: brought first, then claimed by what shows them (data/pictures.h).

CREATE TABLE pictures (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    public_id     TEXT    NOT NULL UNIQUE CHECK (length(public_id) = 22),
    person_id     INTEGER REFERENCES people (id), -- who brought it; NULL: forgotten
    owner         TEXT    NOT NULL DEFAULT '' CHECK (owner IN ('', 'post', 'deed', 'activity', 'reward', 'offer')), -- what shows it
    owner_id      INTEGER,
    place         INTEGER NOT NULL DEFAULT 0 CHECK (place >= 0), -- in the order to show them
    hidden        INTEGER NOT NULL DEFAULT 0 CHECK (hidden IN (0, 1)), -- for whoever brought it alone
    loose_ms      INTEGER, -- since when nothing shows it
    large         TEXT    NOT NULL REFERENCES blobs (name),
    middle        TEXT    NOT NULL REFERENCES blobs (name),
    small         TEXT    NOT NULL REFERENCES blobs (name),
    width         INTEGER NOT NULL CHECK (width > 0),
    height        INTEGER NOT NULL CHECK (height > 0),
    original_hash BLOB    NOT NULL CHECK (length(original_hash) = 32),
    created_ms    INTEGER NOT NULL,
    CHECK ((owner = '') = (owner_id IS NULL)),
    CHECK ((owner = '') = (loose_ms IS NOT NULL))
) STRICT;
CREATE INDEX pictures_person ON pictures (person_id, id) WHERE person_id IS NOT NULL;
CREATE INDEX pictures_owner ON pictures (owner, owner_id, place) WHERE owner_id IS NOT NULL;
CREATE INDEX pictures_loose ON pictures (loose_ms) WHERE loose_ms IS NOT NULL;
CREATE INDEX pictures_large ON pictures (large);
CREATE INDEX pictures_middle ON pictures (middle);
CREATE INDEX pictures_small ON pictures (small);

-- From one that shows it to another a picture goes by nobody's hands.
CREATE TRIGGER pictures_claimed_once BEFORE UPDATE OF owner, owner_id ON pictures
WHEN OLD.owner <> '' AND NEW.owner <> '' AND (NEW.owner <> OLD.owner OR NEW.owner_id <> OLD.owner_id)
BEGIN SELECT RAISE(ABORT, 'something else shows this picture'); END;
