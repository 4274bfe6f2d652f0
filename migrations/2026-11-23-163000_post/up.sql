-- Physical copies of letters: each row is one envelope. The last one of a request says how its physical copy stands; one
-- that came back, or that goes to another address, is followed by a new row.
CREATE TABLE copies (
    request_id TEXT NOT NULL REFERENCES requests (id),
    number INTEGER NOT NULL,
    name TEXT NOT NULL,
    address TEXT NOT NULL,
    asked_at TIMESTAMP NOT NULL,
    taken_back_at TIMESTAMP,
    -- The version of the letter that was printed. One that was superseded before it was posted is printed anew.
    letter_id TEXT REFERENCES letters (id),
    printed_at TIMESTAMP,
    posted_on DATE,
    posted_at TIMESTAMP,
    carrier TEXT NOT NULL,
    tracking TEXT NOT NULL,
    link TEXT NOT NULL,
    returned_at TIMESTAMP,
    remark TEXT NOT NULL,
    PRIMARY KEY (request_id, number),
    CHECK ((letter_id IS NULL) = (printed_at IS NULL)),
    CHECK ((posted_on IS NULL) = (posted_at IS NULL)),
    CHECK (posted_at IS NULL OR printed_at IS NOT NULL),
    CHECK (posted_at IS NULL OR taken_back_at IS NULL),
    CHECK (returned_at IS NULL OR posted_at IS NOT NULL)
);
