-- The kinds of mail to applicants that staff look at before they go out.
CREATE TABLE held_kinds (
    kind TEXT NOT NULL PRIMARY KEY,
    held_by TEXT NOT NULL REFERENCES persons (id),
    held_at TIMESTAMP NOT NULL
);

-- Where a mail that was held leads, one address on each line: staff change its words, not these.
ALTER TABLE outbox ADD COLUMN links TEXT;
-- How often staff have changed its words.
ALTER TABLE outbox ADD COLUMN revision INTEGER NOT NULL DEFAULT 0;
