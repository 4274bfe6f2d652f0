UPDATE requests SET stage = 'issued' WHERE stage = 'revoked';
DELETE FROM stages WHERE name = 'revoked';
DROP INDEX letters_by_sha256;
ALTER TABLE letters DROP COLUMN ended_at;
ALTER TABLE letters DROP COLUMN begun_why;
ALTER TABLE letters DROP COLUMN edited_by;
DROP TABLE revocations;
DROP TABLE proofs;
