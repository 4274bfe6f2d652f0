-- Questions to the queue of requests that a person asks again and again, by the names they gave them.
CREATE TABLE saved_views (
    person_id TEXT NOT NULL REFERENCES persons (id),
    name TEXT NOT NULL,
    -- What stands after the question mark of the queue's address.
    query TEXT NOT NULL,
    saved_at TIMESTAMP NOT NULL,
    PRIMARY KEY (person_id, name)
);
