-- Earlier answers, whole, as before: also those that the applicant corrected without a question.
CREATE TABLE earlier_versions (
    request_id TEXT NOT NULL REFERENCES requests (id),
    number INTEGER NOT NULL,
    form TEXT NOT NULL,
    replaced_at TIMESTAMP NOT NULL,
    replaced_by TEXT NOT NULL REFERENCES persons (id),
    -- The question whose reply replaced them; none for a correction of the deadline or the addressee.
    question_id TEXT REFERENCES questions (id),
    PRIMARY KEY (request_id, number)
);
INSERT INTO earlier_versions SELECT request_id, number, form, replaced_at, replaced_by, question_id FROM request_versions;
DROP TABLE request_versions;
ALTER TABLE earlier_versions RENAME TO request_versions;
