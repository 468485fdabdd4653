-- Who may look at a picture is asked of what shows it, so that it cannot be noted wrongly.
ALTER TABLE pictures DROP COLUMN hidden;

-- Another's words, or another name, are not published in one's name; nor is what was not done.
DROP TRIGGER activity_deeds_words;
CREATE TRIGGER activity_deeds_words BEFORE UPDATE OF words, name ON activity_deeds
WHEN (NEW.words IS NOT OLD.words OR NEW.name IS NOT OLD.name) AND NEW.published_ms IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'a deed that changed is published anew'); END;
CREATE TRIGGER activity_deeds_publish BEFORE UPDATE OF published_ms ON activity_deeds
WHEN NEW.published_ms IS NOT NULL AND OLD.published_ms IS NULL
BEGIN
    SELECT RAISE(ABORT, 'there is a deed of what was confirmed')
    WHERE NOT EXISTS (SELECT 1 FROM activity_signups s WHERE s.id = NEW.signup_id AND s.state = 'confirmed');
END;
