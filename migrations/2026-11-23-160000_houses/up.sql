-- What the Consortium puts on every letter: letterhead and signatory. Every version there ever was; the one with the
-- highest number is in force. Before the first it is what the program and its configuration bring along, version 0.
CREATE TABLE houses (
    number BIGINT NOT NULL PRIMARY KEY,
    settings TEXT NOT NULL,
    logo BYTEA,
    signature BYTEA,
    written_by TEXT NOT NULL REFERENCES persons (id),
    written_at TIMESTAMP NOT NULL
);

-- What a member of staff is changing of it, to be looked at before it comes into force; one for each.
CREATE TABLE house_drafts (
    person_id TEXT NOT NULL PRIMARY KEY REFERENCES persons (id),
    -- The version that was in force when they began.
    began_with BIGINT NOT NULL,
    settings TEXT NOT NULL,
    logo BYTEA,
    signature BYTEA,
    saved_at TIMESTAMP NOT NULL
);

-- The version that a letter shows, from the moment it is passed on.
ALTER TABLE proofs ADD COLUMN house BIGINT NOT NULL DEFAULT 0;
ALTER TABLE letters ADD COLUMN house BIGINT;
UPDATE letters SET house = 0 WHERE issued_at IS NOT NULL;
