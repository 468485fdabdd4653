-- What happened to cases, as the outbox numbers it: each row says how a case was after that change, so that
-- whoever reads late is told the same story as who reads at once. There is no key to `cases`: what is taken
-- away there leaves nothing here that anybody is shown.

CREATE TABLE case_news (
    number      INTEGER PRIMARY KEY, -- of the outbox
    case_id     INTEGER NOT NULL,
    verb        TEXT    NOT NULL,
    at_ms       INTEGER NOT NULL,
    state       TEXT    NOT NULL,
    version     INTEGER NOT NULL,
    area_id     INTEGER,             -- NULL: none
    was_area_id INTEGER              -- that it was moved out of by this change; NULL: it was not
) STRICT;
CREATE INDEX case_news_case ON case_news (case_id, number);

INSERT INTO case_news (number, case_id, verb, at_ms, state, version, area_id)
SELECT x.number, c.id, x.verb, x.at_ms, c.state, c.version, c.area_id
FROM changes x JOIN cases c ON c.id = x.subject WHERE x.topic = 'cases';

CREATE TRIGGER case_news_add AFTER INSERT ON changes WHEN NEW.topic = 'cases'
BEGIN
    INSERT INTO case_news (number, case_id, verb, at_ms, state, version, area_id, was_area_id)
    SELECT NEW.number, c.id, NEW.verb, NEW.at_ms, c.state, c.version, c.area_id,
           (SELECT NULLIF(n.area_id, c.area_id) FROM case_news n WHERE n.case_id = c.id ORDER BY n.number DESC LIMIT 1)
    FROM cases c WHERE c.id = NEW.subject;
END;

-- Who loses a right loses it everywhere at once: whatever takes one away leaves a row in the outbox.
CREATE TRIGGER tokens_end AFTER UPDATE OF ended_ms ON tokens WHEN OLD.ended_ms IS NULL AND NEW.ended_ms IS NOT NULL
BEGIN
    INSERT INTO changes (topic, subject, verb, at_ms) VALUES ('people', NEW.person_id, 'token_ended', NEW.ended_ms);
END;
CREATE TRIGGER grants_taken AFTER DELETE ON grants
BEGIN
    INSERT INTO changes (topic, subject, verb, at_ms)
    VALUES ('people', OLD.person_id, 'grant_taken', CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER));
END;
CREATE TRIGGER grants_changed AFTER UPDATE ON grants
BEGIN
    INSERT INTO changes (topic, subject, verb, at_ms)
    VALUES ('people', OLD.person_id, 'grant_changed', CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER));
END;
