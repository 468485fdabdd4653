-- What is kept of people ends: by time, or because they ask.

-- Since when a case says nothing of anybody; and since when whoever sent it wants that, as soon as it is closed.
ALTER TABLE cases ADD COLUMN anonymised_ms INTEGER;
ALTER TABLE cases ADD COLUMN forgotten_ms INTEGER;
ALTER TABLE people ADD COLUMN forgotten_ms INTEGER;
CREATE INDEX cases_kept ON cases (kind, state) WHERE anonymised_ms IS NULL;
CREATE INDEX case_joins_of ON case_joins (person_id) WHERE person_id IS NOT NULL;
CREATE INDEX case_events_of ON case_events (person_id) WHERE person_id IS NOT NULL;

-- A history is still only added to, with two exceptions: who a sender was may be forgotten when the case or the person is, and
-- what was written when the case is. Nothing can be put in their place, and all else stays as it was.
DROP TRIGGER case_events_no_update;
CREATE TRIGGER case_events_no_update BEFORE UPDATE ON case_events
WHEN NOT (
    NEW.id IS OLD.id AND NEW.case_id IS OLD.case_id AND NEW.at_ms IS OLD.at_ms AND NEW.from_state IS OLD.from_state
    AND NEW.to_state IS OLD.to_state AND NEW.actor IS OLD.actor AND NEW.verb IS OLD.verb AND NEW.value IS OLD.value
    AND NEW.seen_by IS OLD.seen_by AND NEW.due_ms IS OLD.due_ms
    AND (NEW.reason IS OLD.reason OR (NEW.reason = ''
        AND EXISTS (SELECT 1 FROM cases c WHERE c.id = OLD.case_id AND c.anonymised_ms IS NOT NULL)))
    AND (NEW.person_id IS OLD.person_id OR (NEW.person_id IS NULL AND OLD.actor IN ('reporter', 'joiner')
        AND (EXISTS (SELECT 1 FROM cases c WHERE c.id = OLD.case_id AND COALESCE(c.anonymised_ms, c.forgotten_ms) IS NOT NULL)
             OR EXISTS (SELECT 1 FROM people p WHERE p.id = OLD.person_id AND p.forgotten_ms IS NOT NULL)))))
BEGIN SELECT RAISE(ABORT, 'the history of a case is only ever added to'); END;

-- What was forgotten stays so.
CREATE TRIGGER cases_stay_anonymised BEFORE UPDATE ON cases
WHEN OLD.anonymised_ms IS NOT NULL AND (NEW.anonymised_ms IS NOT OLD.anonymised_ms OR NEW.reporter_id IS NOT NULL
    OR NEW.sender_hash IS NOT NULL OR NEW.session_hash IS NOT NULL OR NEW.description <> '' OR NEW.address <> '')
BEGIN SELECT RAISE(ABORT, 'what was forgotten of a case does not come back'); END;
