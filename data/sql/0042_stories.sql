-- What somebody sent to be a post: a draft of theirs, until staff publish it or send it back with words.
ALTER TABLE posts ADD COLUMN sender_id INTEGER REFERENCES people (id); -- NULL: staff wrote it, or whoever sent it is forgotten
ALTER TABLE posts ADD COLUMN story TEXT NOT NULL DEFAULT '' CHECK (story IN ('', 'sent', 'returned', 'published')); -- '': staff wrote it
ALTER TABLE posts ADD COLUMN story_reason TEXT NOT NULL DEFAULT ''; -- why it was sent back
CREATE INDEX posts_sender ON posts (sender_id, id) WHERE sender_id IS NOT NULL;

CREATE TRIGGER posts_of_the_living BEFORE INSERT ON posts
WHEN EXISTS (SELECT 1 FROM people p WHERE p.id = NEW.sender_id AND p.forgotten_ms IS NOT NULL) BEGIN SELECT RAISE(ABORT, 'the account was deleted'); END;
-- Nobody reads one that waits or was sent back, and another's words are not published in one's name.
CREATE TRIGGER posts_story_waits BEFORE UPDATE ON posts
WHEN NEW.story IN ('sent', 'returned') AND NEW.draft = 0
BEGIN SELECT RAISE(ABORT, 'a story is read once staff publish it'); END;
CREATE TRIGGER posts_story_words BEFORE UPDATE OF title, title_en, body, body_en, author ON posts
WHEN OLD.story <> '' AND NEW.story <> 'sent' AND NEW.removed_ms IS NULL
    AND (NEW.title, NEW.title_en, NEW.body, NEW.body_en, NEW.author) IS NOT (OLD.title, OLD.title_en, OLD.body, OLD.body_en, OLD.author)
BEGIN SELECT RAISE(ABORT, 'a story that changed is published anew'); END;
