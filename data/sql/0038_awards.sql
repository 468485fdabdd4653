-- What one asks for by person is not read by what many have in common: an activity, a lesson, a source of points.
CREATE INDEX activity_signups_order ON activity_signups (activity_id, id);
CREATE INDEX points_entries_given ON points_entries (person_id, source, source_id) WHERE source_id IS NOT NULL;

DROP TRIGGER post_attempts_limited;
CREATE TRIGGER post_attempts_limited BEFORE INSERT ON post_attempts
BEGIN
    SELECT RAISE(ABORT, 'no try is left')
    WHERE NEW.number > (SELECT tries FROM posts WHERE id = NEW.post_id)
        OR NEW.number <> 1 + (SELECT count(*) FROM post_attempts a WHERE a.person_id = NEW.person_id AND a.post_id = NEW.post_id)
        OR EXISTS (SELECT 1 FROM post_attempts a WHERE a.person_id = NEW.person_id AND a.post_id = NEW.post_id AND +a.passed = 1) -- not by post_attempts_post
        OR length(NEW.marks) <> (SELECT count(*) FROM post_questions q WHERE q.post_id = NEW.post_id);
END;
