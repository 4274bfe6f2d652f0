-- Every source the FAQ ever had; the one with the highest number is in force. Before the first it is the one that the
-- program brings along.
CREATE TABLE faq_versions (
    number BIGINT NOT NULL PRIMARY KEY,
    text TEXT NOT NULL,
    written_by TEXT REFERENCES persons (id),
    written_at TIMESTAMP NOT NULL
);
