ALTER TABLE ballots DROP COLUMN witness;
ALTER TABLE ballots DROP COLUMN source;
