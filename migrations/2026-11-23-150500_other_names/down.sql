ALTER TABLE institution_aliases DROP COLUMN language;
