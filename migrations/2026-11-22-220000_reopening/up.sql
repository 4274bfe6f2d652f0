-- Answers that staff took back, as they stood, with the reason. The answer in force is in `decisions`.
CREATE TABLE reopened_answers (
    id TEXT NOT NULL PRIMARY KEY,
    request_id TEXT NOT NULL REFERENCES requests (id),
    motion_id TEXT REFERENCES motions (id),
    answer TEXT NOT NULL,
    explanation TEXT NOT NULL,
    reasons TEXT NOT NULL,
    what_would_change TEXT NOT NULL,
    prepared_at TIMESTAMP NOT NULL,
    released_at TIMESTAMP,
    released_by TEXT REFERENCES persons (id),
    reopened_at TIMESTAMP NOT NULL,
    reopened_by TEXT NOT NULL REFERENCES persons (id),
    reason TEXT NOT NULL,
    CHECK ((released_at IS NULL) = (released_by IS NULL))
);
CREATE INDEX reopened_answers_of ON reopened_answers (request_id, reopened_at);

-- Why the answer was taken back that the motion puts to the vote anew; none for any other motion.
ALTER TABLE motions ADD COLUMN reopened_why TEXT;
