CREATE TABLE earlier_versions (
    request_id TEXT NOT NULL REFERENCES requests (id),
    number INTEGER NOT NULL,
    form TEXT NOT NULL,
    replaced_at TIMESTAMP NOT NULL,
    replaced_by TEXT NOT NULL REFERENCES persons (id),
    question_id TEXT NOT NULL REFERENCES questions (id),
    PRIMARY KEY (request_id, number)
);
-- Without a place for them, answers before a correction are lost; the corrected ones are in force.
INSERT INTO earlier_versions SELECT request_id, number, form, replaced_at, replaced_by, question_id FROM request_versions
    WHERE question_id IS NOT NULL;
DROP TABLE request_versions;
ALTER TABLE earlier_versions RENAME TO request_versions;
