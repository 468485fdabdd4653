-- An account that was deleted stays empty: what was allowed while it was there, and is written after it, is refused here, whoever writes.
CREATE TRIGGER cases_of_the_living BEFORE INSERT ON cases
WHEN EXISTS (SELECT 1 FROM people p WHERE p.id = NEW.reporter_id AND p.forgotten_ms IS NOT NULL) BEGIN SELECT RAISE(ABORT, 'the account was deleted'); END;
CREATE TRIGGER case_events_of_the_living BEFORE INSERT ON case_events
WHEN EXISTS (SELECT 1 FROM people p WHERE p.id = NEW.person_id AND p.forgotten_ms IS NOT NULL) BEGIN SELECT RAISE(ABORT, 'the account was deleted'); END;
CREATE TRIGGER case_joins_of_the_living BEFORE INSERT ON case_joins
WHEN EXISTS (SELECT 1 FROM people p WHERE p.id = NEW.person_id AND p.forgotten_ms IS NOT NULL) BEGIN SELECT RAISE(ABORT, 'the account was deleted'); END;
CREATE TRIGGER case_supports_of_the_living BEFORE INSERT ON case_supports
WHEN EXISTS (SELECT 1 FROM people p WHERE p.id = NEW.person_id AND p.forgotten_ms IS NOT NULL) BEGIN SELECT RAISE(ABORT, 'the account was deleted'); END;
CREATE TRIGGER case_comments_of_the_living BEFORE INSERT ON case_comments
WHEN EXISTS (SELECT 1 FROM people p WHERE p.id = NEW.person_id AND p.forgotten_ms IS NOT NULL) BEGIN SELECT RAISE(ABORT, 'the account was deleted'); END;
CREATE TRIGGER people_profiles_of_the_living BEFORE INSERT ON people_profiles
WHEN EXISTS (SELECT 1 FROM people p WHERE p.id = NEW.person_id AND p.forgotten_ms IS NOT NULL) BEGIN SELECT RAISE(ABORT, 'the account was deleted'); END;
CREATE TRIGGER wechat_people_of_the_living BEFORE INSERT ON wechat_people
WHEN EXISTS (SELECT 1 FROM people p WHERE p.id = NEW.person_id AND p.forgotten_ms IS NOT NULL) BEGIN SELECT RAISE(ABORT, 'the account was deleted'); END;
CREATE TRIGGER inbox_messages_of_the_living BEFORE INSERT ON inbox_messages
WHEN EXISTS (SELECT 1 FROM people p WHERE p.id = NEW.person_id AND p.forgotten_ms IS NOT NULL) BEGIN SELECT RAISE(ABORT, 'the account was deleted'); END;
CREATE TRIGGER inbox_preferences_of_the_living BEFORE INSERT ON inbox_preferences
WHEN EXISTS (SELECT 1 FROM people p WHERE p.id = NEW.person_id AND p.forgotten_ms IS NOT NULL) BEGIN SELECT RAISE(ABORT, 'the account was deleted'); END;
CREATE TRIGGER tokens_of_the_living BEFORE INSERT ON tokens
WHEN EXISTS (SELECT 1 FROM people p WHERE p.id = NEW.person_id AND p.forgotten_ms IS NOT NULL) BEGIN SELECT RAISE(ABORT, 'the account was deleted'); END;
CREATE TRIGGER grants_of_the_living BEFORE INSERT ON grants
WHEN EXISTS (SELECT 1 FROM people p WHERE p.id = NEW.person_id AND p.forgotten_ms IS NOT NULL) BEGIN SELECT RAISE(ABORT, 'the account was deleted'); END;
CREATE TRIGGER totp_of_the_living BEFORE INSERT ON totp
WHEN EXISTS (SELECT 1 FROM people p WHERE p.id = NEW.person_id AND p.forgotten_ms IS NOT NULL) BEGIN SELECT RAISE(ABORT, 'the account was deleted'); END;
CREATE TRIGGER recovery_codes_of_the_living BEFORE INSERT ON recovery_codes
WHEN EXISTS (SELECT 1 FROM people p WHERE p.id = NEW.person_id AND p.forgotten_ms IS NOT NULL) BEGIN SELECT RAISE(ABORT, 'the account was deleted'); END;
CREATE TRIGGER views_of_the_living BEFORE INSERT ON views
WHEN EXISTS (SELECT 1 FROM people p WHERE p.id = NEW.person_id AND p.forgotten_ms IS NOT NULL) BEGIN SELECT RAISE(ABORT, 'the account was deleted'); END;
CREATE TRIGGER points_names_of_the_living BEFORE INSERT ON points_names
WHEN EXISTS (SELECT 1 FROM people p WHERE p.id = NEW.person_id AND p.forgotten_ms IS NOT NULL) BEGIN SELECT RAISE(ABORT, 'the account was deleted'); END;
CREATE TRIGGER redemptions_of_the_living BEFORE INSERT ON redemptions
WHEN EXISTS (SELECT 1 FROM people p WHERE p.id = NEW.person_id AND p.forgotten_ms IS NOT NULL) BEGIN SELECT RAISE(ABORT, 'the account was deleted'); END;
CREATE TRIGGER activity_signups_of_the_living BEFORE INSERT ON activity_signups
WHEN EXISTS (SELECT 1 FROM people p WHERE p.id = NEW.person_id AND p.forgotten_ms IS NOT NULL) BEGIN SELECT RAISE(ABORT, 'the account was deleted'); END;
CREATE TRIGGER memberships_of_the_living BEFORE INSERT ON memberships
WHEN EXISTS (SELECT 1 FROM people p WHERE p.id = NEW.person_id AND p.forgotten_ms IS NOT NULL) BEGIN SELECT RAISE(ABORT, 'the account was deleted'); END;
CREATE TRIGGER pictures_of_the_living BEFORE INSERT ON pictures
WHEN EXISTS (SELECT 1 FROM people p WHERE p.id = NEW.person_id AND p.forgotten_ms IS NOT NULL) BEGIN SELECT RAISE(ABORT, 'the account was deleted'); END;
CREATE TRIGGER post_reads_of_the_living BEFORE INSERT ON post_reads
WHEN EXISTS (SELECT 1 FROM people p WHERE p.id = NEW.person_id AND p.forgotten_ms IS NOT NULL) BEGIN SELECT RAISE(ABORT, 'the account was deleted'); END;
CREATE TRIGGER post_attempts_of_the_living BEFORE INSERT ON post_attempts
WHEN EXISTS (SELECT 1 FROM people p WHERE p.id = NEW.person_id AND p.forgotten_ms IS NOT NULL) BEGIN SELECT RAISE(ABORT, 'the account was deleted'); END;
CREATE TRIGGER vote_people_of_the_living BEFORE INSERT ON vote_people
WHEN EXISTS (SELECT 1 FROM people p WHERE p.id = NEW.person_id AND p.forgotten_ms IS NOT NULL) BEGIN SELECT RAISE(ABORT, 'the account was deleted'); END;
CREATE TRIGGER offer_uses_of_the_living BEFORE INSERT ON offer_uses
WHEN EXISTS (SELECT 1 FROM people p WHERE p.id = NEW.person_id AND p.forgotten_ms IS NOT NULL) BEGIN SELECT RAISE(ABORT, 'the account was deleted'); END;
CREATE TRIGGER people_stay_forgotten BEFORE UPDATE OF login, name, password, disabled_ms, forgotten_ms ON people
WHEN OLD.forgotten_ms IS NOT NULL BEGIN SELECT RAISE(ABORT, 'the account was deleted'); END;
