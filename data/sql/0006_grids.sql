-- Grids of weights (people, orders) that an operator brought in, each as a whole.

CREATE TABLE grids (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    name       TEXT    NOT NULL UNIQUE CHECK (name <> ''),
    file       TEXT    NOT NULL, -- where it came from, for people
    cells      INTEGER NOT NULL CHECK (cells > 0),
    total      REAL    NOT NULL CHECK (total >= 0),
    created_ms INTEGER NOT NULL
) STRICT;

-- Its cells, in parts: of each, little endian, longitude and latitude in 1e-7 degrees as 32-bit
-- integers and the weight as a 32-bit float.
CREATE TABLE grid_parts (
    grid_id INTEGER NOT NULL REFERENCES grids (id),
    part    INTEGER NOT NULL CHECK (part >= 0),
    cells   BLOB    NOT NULL CHECK (length(cells) > 0 AND length(cells) % 12 = 0),
    PRIMARY KEY (grid_id, part)
) STRICT;
