-- What became of proposals with a letter: when the applicant was asked, once, and what they told.
CREATE TABLE outcomes (
    request_id TEXT NOT NULL PRIMARY KEY REFERENCES requests (id),
    asked_at TIMESTAMP,
    answer TEXT,
    remark TEXT NOT NULL,
    answered_at TIMESTAMP,
    CHECK ((answer IS NULL) = (answered_at IS NULL))
);
