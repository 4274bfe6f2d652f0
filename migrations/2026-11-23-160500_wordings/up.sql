-- The words that new letters of a kind and language begin with. Every version there ever was; the one with the highest
-- number is in force. Without a text it goes back to the words that the program brings along.
CREATE TABLE wordings (
    number BIGINT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    language TEXT NOT NULL,
    text TEXT,
    written_by TEXT NOT NULL REFERENCES persons (id),
    written_at TIMESTAMP NOT NULL
);
CREATE INDEX wordings_by_letters ON wordings (kind, language, number);

-- The one that a letter's first draft began with; 0 for the words that the program brings along.
ALTER TABLE letters ADD COLUMN wording BIGINT;
