-- Who joined a case may be forgotten while it goes on: a name can be taken out of what joiners did, and nothing put in its place.

DROP TRIGGER case_events_no_update;
CREATE TRIGGER case_events_no_update BEFORE UPDATE ON case_events
WHEN NOT (
    NEW.id IS OLD.id AND NEW.case_id IS OLD.case_id AND NEW.at_ms IS OLD.at_ms AND NEW.from_state IS OLD.from_state
    AND NEW.to_state IS OLD.to_state AND NEW.actor IS OLD.actor AND NEW.verb IS OLD.verb AND NEW.value IS OLD.value
    AND NEW.seen_by IS OLD.seen_by AND NEW.due_ms IS OLD.due_ms
    AND (NEW.reason IS OLD.reason OR (NEW.reason = ''
        AND EXISTS (SELECT 1 FROM cases c WHERE c.id = OLD.case_id AND c.anonymised_ms IS NOT NULL)))
    AND (NEW.person_id IS OLD.person_id OR (NEW.person_id IS NULL AND (OLD.actor = 'joiner' OR (OLD.actor = 'reporter'
        AND (EXISTS (SELECT 1 FROM cases c WHERE c.id = OLD.case_id AND COALESCE(c.anonymised_ms, c.forgotten_ms) IS NOT NULL)
             OR EXISTS (SELECT 1 FROM people p WHERE p.id = OLD.person_id AND p.forgotten_ms IS NOT NULL)))))))
BEGIN SELECT RAISE(ABORT, 'the history of a case is only ever added to'); END;
