-- A letter as it was set and looked at: the very bytes that a second person issues. Gone when the text changes.
CREATE TABLE proofs (
    letter_id TEXT NOT NULL PRIMARY KEY REFERENCES letters (id),
    revision BIGINT NOT NULL,
    facts TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    pdf BYTEA NOT NULL,
    checked_by TEXT NOT NULL REFERENCES persons (id),
    checked_at TIMESTAMP NOT NULL
);

-- Letters that staff took back, or mean to: one person says why, a second confirms it.
CREATE TABLE revocations (
    letter_id TEXT NOT NULL PRIMARY KEY REFERENCES letters (id),
    reason TEXT NOT NULL,
    proposed_by TEXT NOT NULL REFERENCES persons (id),
    proposed_at TIMESTAMP NOT NULL,
    confirmed_by TEXT REFERENCES persons (id),
    confirmed_at TIMESTAMP,
    CHECK ((confirmed_at IS NULL) = (confirmed_by IS NULL)),
    CHECK (confirmed_by IS NULL OR confirmed_by <> proposed_by)
);

-- Who last changed the words of a draft; none while they are as they were drafted.
ALTER TABLE letters ADD COLUMN edited_by TEXT REFERENCES persons (id);
-- Why a later version was begun; none for the first.
ALTER TABLE letters ADD COLUMN begun_why TEXT;
-- When an issued letter was superseded or revoked.
ALTER TABLE letters ADD COLUMN ended_at TIMESTAMP;

-- Whoever holds a file asks by its fingerprint whether it was issued.
CREATE INDEX letters_by_sha256 ON letters (sha256);

-- The Consortium has taken the letter of such a request back.
INSERT INTO stages (name) VALUES ('revoked');
