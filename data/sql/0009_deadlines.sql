-- When a case must be done. While its deadline waits, due_ms is NULL and left_min is what was left of it, in minutes that
-- are worked. A closed case keeps when it was due.

ALTER TABLE cases ADD COLUMN due_ms INTEGER CHECK (typeof(due_ms) IN ('integer', 'null'));
ALTER TABLE cases ADD COLUMN left_min INTEGER CHECK (left_min >= 1);
CREATE INDEX cases_due ON cases (due_ms, state, area_id) WHERE due_ms IS NOT NULL;

-- When it was due after what happened.
ALTER TABLE case_events ADD COLUMN due_ms INTEGER;
