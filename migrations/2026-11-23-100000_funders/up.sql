-- That staff held a letter against the text of its funder's call: which text of the letter, by which copy of the
-- funder's rules, what did not fit, and why it goes out all the same. A later look takes an earlier one's place.
CREATE TABLE call_checks (
    letter_id TEXT NOT NULL PRIMARY KEY REFERENCES letters (id),
    letter_revision BIGINT NOT NULL,
    profile TEXT NOT NULL,
    profile_version TEXT NOT NULL,
    misfits TEXT NOT NULL,
    reason TEXT NOT NULL,
    file_name TEXT NOT NULL,
    checked_by TEXT NOT NULL REFERENCES persons (id),
    checked_at TIMESTAMP NOT NULL,
    CHECK (misfits = '' OR reason <> '')
);
