DROP INDEX institutions_by_ror;
ALTER TABLE institutions DROP COLUMN ror;
