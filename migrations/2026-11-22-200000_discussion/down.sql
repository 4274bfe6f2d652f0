DROP TABLE request_versions;
DROP TABLE section_changes;
ALTER TABLE questions DROP COLUMN withdrawn_at;
ALTER TABLE questions DROP COLUMN reopens;
