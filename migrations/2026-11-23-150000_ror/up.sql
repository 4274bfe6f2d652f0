-- The id of an institution in the Research Organization Registry, in its one form: https://ror.org/02mhbdp94.
ALTER TABLE institutions ADD COLUMN ror TEXT;
CREATE UNIQUE INDEX institutions_by_ror ON institutions (ror);
