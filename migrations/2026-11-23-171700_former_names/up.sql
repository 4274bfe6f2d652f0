-- The names under which institutions were listed before, so that the list of an earlier day says them.
CREATE TABLE former_names (
    institution_id TEXT NOT NULL REFERENCES institutions (id),
    -- The last day on which this was the name.
    until DATE NOT NULL,
    name TEXT NOT NULL,
    PRIMARY KEY (institution_id, until)
);
