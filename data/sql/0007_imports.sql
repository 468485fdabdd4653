-- Imports tell who did them and what became of every line. Dry runs have a row too, so that the run
-- after one can be held against what it promised.
ALTER TABLE imports ADD COLUMN kind TEXT NOT NULL DEFAULT 'places' CHECK (kind IN ('places', 'areas'));
ALTER TABLE imports ADD COLUMN dry_run INTEGER NOT NULL DEFAULT 0 CHECK (dry_run IN (0, 1));
ALTER TABLE imports ADD COLUMN person_id INTEGER REFERENCES people (id); -- NULL: the command line
ALTER TABLE imports ADD COLUMN refused INTEGER NOT NULL DEFAULT 0;
ALTER TABLE imports ADD COLUMN duplicates INTEGER NOT NULL DEFAULT 0;
ALTER TABLE imports ADD COLUMN error TEXT NOT NULL DEFAULT ''; -- of a dry run: why it would be refused
ALTER TABLE imports ADD COLUMN digest BLOB CHECK (length(digest) = 32);   -- of the file and how to read it
ALTER TABLE imports ADD COLUMN outcome BLOB CHECK (length(outcome) = 32); -- of what the report says
-- What a dry run of the same digest promised: its row, and whether the outcome was the same.
ALTER TABLE imports ADD COLUMN promised_by INTEGER;
ALTER TABLE imports ADD COLUMN as_promised INTEGER CHECK (as_promised IN (0, 1));
-- The report, as JSON members and as CSV; NULL for those that are old.
ALTER TABLE imports ADD COLUMN report BLOB;
ALTER TABLE imports ADD COLUMN report_csv BLOB;
CREATE INDEX imports_digest ON imports (digest, id) WHERE dry_run;
CREATE INDEX imports_person ON imports (person_id, id);
