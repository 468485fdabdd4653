-- Where reports are, for tiles: a map of all of a city reads this index alone.
CREATE INDEX cases_map ON cases (lat, lon, kind, state, category, area_id);
