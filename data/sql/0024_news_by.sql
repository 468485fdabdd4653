-- Of a word between staff and who sent a case, news say who wrote it: who joined the case is told of what staff write, and not of what
-- others write to staff. The event is there before the outbox's row. Of words written before this, joiners are not told.
ALTER TABLE case_news ADD COLUMN by_staff INTEGER NOT NULL DEFAULT 0 CHECK (by_staff IN (0, 1));

DROP TRIGGER case_news_add;
CREATE TRIGGER case_news_add AFTER INSERT ON changes WHEN NEW.topic = 'cases'
BEGIN
    INSERT INTO case_news (number, case_id, verb, at_ms, state, version, area_id, was_area_id, by_staff)
    SELECT NEW.number, c.id, NEW.verb, NEW.at_ms, c.state, c.version, c.area_id,
           (SELECT NULLIF(n.area_id, c.area_id) FROM case_news n WHERE n.case_id = c.id ORDER BY n.number DESC LIMIT 1),
           COALESCE((SELECT NEW.verb = 'written' AND e.verb = 'written' AND e.actor NOT IN ('reporter', 'joiner', 'system')
                     FROM case_events e WHERE e.case_id = c.id ORDER BY e.id DESC LIMIT 1), 0)
    FROM cases c WHERE c.id = NEW.subject;
END;
