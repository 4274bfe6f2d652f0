-- Files that applicants attach to their requests. The bytes are in the data folder under their SHA-256.
CREATE TABLE attachments (
    id TEXT NOT NULL PRIMARY KEY,
    request_id TEXT NOT NULL REFERENCES requests (id),
    kind TEXT NOT NULL,
    -- As it is shown; never used on a disk.
    name TEXT NOT NULL,
    format TEXT NOT NULL,
    size BIGINT NOT NULL CHECK (size > 0),
    sha256 TEXT NOT NULL,
    added_by TEXT NOT NULL REFERENCES persons (id),
    added_at TIMESTAMP NOT NULL,
    -- With the request or with an answer to a question; until then the applicant alone knows of it.
    sent_at TIMESTAMP,
    -- When the applicant took a sent file off the list; it is removed with the next answer.
    dropped_at TIMESTAMP,
    -- From then on only that it was there is known.
    removed_at TIMESTAMP,
    CHECK (dropped_at IS NULL OR sent_at IS NOT NULL)
);

CREATE INDEX attachments_request ON attachments (request_id);
CREATE INDEX attachments_sha256 ON attachments (sha256);
