ALTER TABLE letters DROP COLUMN wording;
DROP TABLE wordings;
