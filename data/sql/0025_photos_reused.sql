-- Which photos came with more than one case, from an index alone.
DROP INDEX photos_original;
CREATE INDEX photos_original ON photos (original_hash, case_id);
