-- What staff ask of the queue and its counts, so that no row is read for it but those of the page: by state and kind, then by area and
-- deadline; every order, and what counts are made of, stands behind them.
CREATE INDEX cases_queue ON cases (state, kind, area_id, due_ms, created_ms, priority, category, unit, assignee_id);
