-- What partner merchants offer, and how often it was taken.

CREATE TABLE offers (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    version      INTEGER NOT NULL CHECK (version >= 1),
    place_id     INTEGER NOT NULL REFERENCES places (id), -- of the merchant
    area_id      INTEGER REFERENCES areas (id), -- in which that lies
    kind         TEXT    NOT NULL CHECK (kind <> ''), -- data/offers/kinds.yaml
    title        TEXT    NOT NULL CHECK (title <> ''),
    title_en     TEXT    NOT NULL DEFAULT '',
    terms        TEXT    NOT NULL DEFAULT '',
    members_only INTEGER NOT NULL CHECK (members_only IN (0, 1)), -- 1: a card is checked
    per_day      INTEGER NOT NULL CHECK (per_day BETWEEN 0 AND 1000), -- for one person; 0: as often as they like
    from_ms      INTEGER NOT NULL,
    to_ms        INTEGER, -- NULL: without end
    ended_ms     INTEGER,
    created_by   INTEGER REFERENCES people (id),
    created_ms   INTEGER NOT NULL,
    updated_ms   INTEGER NOT NULL,
    CHECK (to_ms > from_ms)
) STRICT;
CREATE INDEX offers_place ON offers (place_id);
CREATE INDEX offers_area ON offers (area_id) WHERE area_id IS NOT NULL;
CREATE INDEX offers_by ON offers (created_by) WHERE created_by IS NOT NULL;

-- Taken once, by somebody whose card was checked; who that was is forgotten when the day is over.
CREATE TABLE offer_uses (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    offer_id  INTEGER NOT NULL REFERENCES offers (id),
    day       INTEGER NOT NULL, -- since 1970, by the server's clock
    person_id INTEGER REFERENCES people (id),
    by_id     INTEGER NOT NULL REFERENCES people (id) -- who checked the card
) STRICT;
CREATE INDEX offer_uses_offer ON offer_uses (offer_id, day);
CREATE INDEX offer_uses_person ON offer_uses (person_id, offer_id, day) WHERE person_id IS NOT NULL;
CREATE INDEX offer_uses_named ON offer_uses (day) WHERE person_id IS NOT NULL;
CREATE INDEX offer_uses_by ON offer_uses (by_id);

CREATE TRIGGER offer_uses_bounds BEFORE INSERT ON offer_uses
BEGIN
    SELECT RAISE(ABORT, 'an offer that is over is taken no more') FROM offers WHERE id = NEW.offer_id AND ended_ms IS NOT NULL;
    SELECT RAISE(ABORT, 'one person takes an offer so often a day and no more') FROM offers o
    WHERE o.id = NEW.offer_id AND o.per_day > 0
        AND (SELECT count(*) FROM offer_uses WHERE person_id = NEW.person_id AND offer_id = NEW.offer_id AND day = NEW.day) >= o.per_day;
    SELECT RAISE(ABORT, 'somebody takes an offer') WHERE NEW.person_id IS NULL;
END;
CREATE TRIGGER offer_uses_no_delete BEFORE DELETE ON offer_uses
BEGIN SELECT RAISE(ABORT, 'that an offer was taken is kept'); END;
CREATE TRIGGER offer_uses_no_update BEFORE UPDATE ON offer_uses
WHEN NOT (NEW.id IS OLD.id AND NEW.offer_id IS OLD.offer_id AND NEW.day IS OLD.day AND NEW.by_id IS OLD.by_id AND NEW.person_id IS NULL)
BEGIN SELECT RAISE(ABORT, 'that an offer was taken is kept'); END;
