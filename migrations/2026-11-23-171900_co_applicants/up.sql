-- With whom an applicant shares a request: whoever may read it, or change it too, until they are removed.
CREATE TABLE co_applicants (
    request_id TEXT NOT NULL REFERENCES requests (id),
    person_id TEXT NOT NULL REFERENCES persons (id),
    may_edit BOOLEAN NOT NULL,
    invited_by TEXT NOT NULL REFERENCES persons (id),
    -- The last time, when somebody was invited again.
    invited_at TIMESTAMP NOT NULL,
    removed_at TIMESTAMP,
    PRIMARY KEY (request_id, person_id)
);
CREATE INDEX co_applicants_person ON co_applicants (person_id);
