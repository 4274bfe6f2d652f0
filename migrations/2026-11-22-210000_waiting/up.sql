-- Where a member's calendar reads what waits for them. The address is derived from the nonce and is never stored.
CREATE TABLE calendar_feeds (
    id TEXT NOT NULL PRIMARY KEY,
    person_id TEXT NOT NULL UNIQUE REFERENCES persons (id),
    nonce TEXT NOT NULL,
    made_at TIMESTAMP NOT NULL
);

-- Who chose to have one mail a day about what waits for them.
CREATE TABLE daily_mails (
    person_id TEXT NOT NULL PRIMARY KEY REFERENCES persons (id),
    chosen_at TIMESTAMP NOT NULL
);
