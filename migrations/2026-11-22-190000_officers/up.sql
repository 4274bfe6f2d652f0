-- Who holds an office of the committee, from and to which day. An officer also acts for a seat.
CREATE TABLE officers (
    id TEXT NOT NULL PRIMARY KEY,
    office TEXT NOT NULL,
    person_id TEXT NOT NULL REFERENCES persons (id),
    since DATE NOT NULL,
    until DATE,
    CHECK (until IS NULL OR since <= until)
);
CREATE INDEX officers_by_time ON officers (office, since);
CREATE INDEX officers_of_person ON officers (person_id);

-- To chair is an office; the only role is that of staff.
DELETE FROM roles WHERE role = 'chair';
DELETE FROM invites WHERE role = 'chair';

-- Whether the seat itself closed its objection, or the chair did.
ALTER TABLE objections ADD COLUMN closed_as TEXT;
UPDATE objections SET closed_as = 'author' WHERE closed_at IS NOT NULL;
