-- Institutions that turned out to be another one of the list: where their old addresses lead.
CREATE TABLE merged_institutions (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    into_id TEXT NOT NULL REFERENCES institutions (id),
    merged_at TIMESTAMP NOT NULL
);
CREATE INDEX merged_institutions_into ON merged_institutions (into_id);
