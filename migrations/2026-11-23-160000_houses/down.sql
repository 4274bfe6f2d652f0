ALTER TABLE letters DROP COLUMN house;
ALTER TABLE proofs DROP COLUMN house;
DROP TABLE house_drafts;
DROP TABLE houses;
