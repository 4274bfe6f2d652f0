-- A question may reopen parts of the form (the names of the sections, with spaces between), and can be withdrawn.
ALTER TABLE questions ADD COLUMN reopens TEXT NOT NULL DEFAULT '';
ALTER TABLE questions ADD COLUMN withdrawn_at TIMESTAMP;

-- What the applicant has typed into a reopened section and not sent yet.
CREATE TABLE section_changes (
    request_id TEXT NOT NULL REFERENCES requests (id),
    section TEXT NOT NULL,
    form TEXT NOT NULL,
    saved_at TIMESTAMP NOT NULL,
    PRIMARY KEY (request_id, section)
);

-- The answers as they were before a reply to a question changed them, whole, the first one as it was submitted.
CREATE TABLE request_versions (
    request_id TEXT NOT NULL REFERENCES requests (id),
    number INTEGER NOT NULL,
    form TEXT NOT NULL,
    replaced_at TIMESTAMP NOT NULL,
    replaced_by TEXT NOT NULL REFERENCES persons (id),
    question_id TEXT NOT NULL REFERENCES questions (id),
    PRIMARY KEY (request_id, number)
);
