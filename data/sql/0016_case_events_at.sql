-- What happened within a span of time, over all cases, without reading every event there is.
CREATE INDEX case_events_at ON case_events (at_ms, id);
