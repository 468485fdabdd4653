-- Who holds a role in an area is asked for by area, and which bodies work on a kind of case there by both.

CREATE INDEX grants_area ON grants (area_id) WHERE area_id IS NOT NULL;
DROP INDEX cases_unit;
CREATE INDEX cases_unit ON cases (area_id, kind, unit) WHERE unit <> '';
