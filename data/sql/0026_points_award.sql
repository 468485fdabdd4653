-- Points for what is no case are good at once: a source gives somebody some once. What was reversed may be given anew, but for
-- what somebody took by hand.
CREATE TRIGGER points_entries_award_once BEFORE INSERT ON points_entries
WHEN NEW.phase = 'settled' AND NEW.of_id IS NULL AND NEW.source_id IS NOT NULL
BEGIN
    SELECT RAISE(ABORT, 'a source gives somebody points once')
    WHERE EXISTS (SELECT 1 FROM points_entries e WHERE e.source = NEW.source AND e.source_id = NEW.source_id
        AND e.person_id = NEW.person_id AND e.phase = 'settled' AND e.of_id IS NULL
        AND NOT EXISTS (SELECT 1 FROM points_entries r WHERE r.of_id = e.id AND r.phase = 'reversed' AND r.by_id IS NULL));
END;
