-- What is said in the discussion of a request. A post is never changed; one that was taken back keeps its row.
CREATE TABLE posts (
    id TEXT NOT NULL PRIMARY KEY,
    request_id TEXT NOT NULL REFERENCES requests (id),
    person_id TEXT NOT NULL REFERENCES persons (id),
    author TEXT NOT NULL,
    seat_id TEXT REFERENCES seats (id),
    institution TEXT NOT NULL,
    audience TEXT NOT NULL,
    body TEXT NOT NULL,
    posted_at TIMESTAMP NOT NULL,
    taken_back_at TIMESTAMP,
    CHECK ((author = 'seat') = (seat_id IS NOT NULL))
);
CREATE INDEX posts_of ON posts (request_id, posted_at);
