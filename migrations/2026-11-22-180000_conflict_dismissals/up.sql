-- A suggested conflict of interest that staff found to be none. Ground and matter (a mail domain, an institution's name)
-- tell it from the seat's other ones; it is not suggested again.
CREATE TABLE conflict_dismissals (
    request_id TEXT NOT NULL REFERENCES requests (id),
    seat_id TEXT NOT NULL REFERENCES seats (id),
    ground TEXT NOT NULL,
    matter TEXT NOT NULL,
    person_id TEXT NOT NULL REFERENCES persons (id),
    dismissed_at TIMESTAMP NOT NULL,
    PRIMARY KEY (request_id, seat_id, ground, matter)
);
