-- One set for SQLite and PostgreSQL. Ids and closed lists are TEXT; TIMESTAMP is UTC cut to microseconds;
-- JSON is TEXT; BYTEA is a blob on both. Closed lists that grow live in lookup tables.

-- Shared mechanics ------------------------------------------------------------------------------------------------

CREATE TABLE counters (
    name TEXT NOT NULL PRIMARY KEY,
    value BIGINT NOT NULL
);

-- A form that was accepted once: the same form again gets the same answer.
CREATE TABLE submit_tokens (
    token TEXT NOT NULL PRIMARY KEY,
    target TEXT NOT NULL,
    used_at TIMESTAMP NOT NULL
);
CREATE INDEX submit_tokens_by_age ON submit_tokens (used_at);

-- A due thing that was done: a reminder, a closing. Restarting does none of them twice.
CREATE TABLE done_once (
    what TEXT NOT NULL PRIMARY KEY,
    done_at TIMESTAMP NOT NULL
);

CREATE TABLE audit_entries (
    id TEXT NOT NULL PRIMARY KEY,
    subject TEXT NOT NULL,
    seq BIGINT NOT NULL,
    at TIMESTAMP NOT NULL,
    actor_id TEXT,
    actor TEXT NOT NULL,
    what TEXT NOT NULL,
    detail TEXT NOT NULL,
    previous_hash TEXT NOT NULL,
    hash TEXT NOT NULL,
    UNIQUE (subject, seq)
);
CREATE INDEX audit_entries_by_time ON audit_entries (at);

-- Members ---------------------------------------------------------------------------------------------------------

CREATE TABLE institutions (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    sort_key TEXT NOT NULL,
    search_text TEXT NOT NULL,
    website TEXT,
    country TEXT,
    commercial BOOLEAN NOT NULL,
    extra TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL
);
CREATE INDEX institutions_in_order ON institutions (sort_key, id);

CREATE TABLE memberships (
    id TEXT NOT NULL PRIMARY KEY,
    institution_id TEXT NOT NULL REFERENCES institutions (id),
    tier TEXT NOT NULL,
    since DATE,
    until DATE
);
CREATE INDEX memberships_of ON memberships (institution_id);

CREATE TABLE institution_aliases (
    folded TEXT NOT NULL PRIMARY KEY,
    alias TEXT NOT NULL,
    institution_id TEXT NOT NULL REFERENCES institutions (id)
);
CREATE INDEX institution_aliases_of ON institution_aliases (institution_id);

-- People ----------------------------------------------------------------------------------------------------------

CREATE TABLE persons (
    id TEXT NOT NULL PRIMARY KEY,
    address TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    disabled_at TIMESTAMP
);

CREATE TABLE roles (
    id TEXT NOT NULL PRIMARY KEY,
    person_id TEXT NOT NULL REFERENCES persons (id),
    role TEXT NOT NULL,
    since TIMESTAMP NOT NULL,
    until TIMESTAMP
);
CREATE INDEX roles_of ON roles (person_id);

CREATE TABLE invites (
    id TEXT NOT NULL PRIMARY KEY,
    role TEXT NOT NULL,
    address TEXT,
    nonce TEXT NOT NULL,
    made_by TEXT REFERENCES persons (id),
    made_at TIMESTAMP NOT NULL,
    expires_at TIMESTAMP NOT NULL,
    used_at TIMESTAMP
);

CREATE TABLE sign_in_attempts (
    id TEXT NOT NULL PRIMARY KEY,
    browser_hash TEXT NOT NULL,
    address TEXT NOT NULL,
    next_key TEXT NOT NULL,
    nonce TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    mail_accepted_at TIMESTAMP,
    expires_at TIMESTAMP NOT NULL,
    tries INTEGER NOT NULL,
    resends INTEGER NOT NULL,
    consumed_at TIMESTAMP,
    consumed_how TEXT,
    prefix_hash TEXT NOT NULL,
    browser_family TEXT NOT NULL
);
CREATE INDEX sign_in_attempts_for ON sign_in_attempts (address, created_at);
CREATE INDEX sign_in_attempts_of_browser ON sign_in_attempts (browser_hash, created_at);
CREATE INDEX sign_in_attempts_by_time ON sign_in_attempts (created_at);

CREATE TABLE web_sessions (
    id TEXT NOT NULL PRIMARY KEY,
    token_hash TEXT NOT NULL UNIQUE,
    previous_hash TEXT,
    person_id TEXT NOT NULL REFERENCES persons (id),
    level TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    last_seen_at TIMESTAMP NOT NULL,
    rotated_at TIMESTAMP NOT NULL,
    expires_at TIMESTAMP NOT NULL,
    revoked_at TIMESTAMP,
    prefix_hash TEXT NOT NULL,
    browser_family TEXT NOT NULL
);
CREATE INDEX web_sessions_of ON web_sessions (person_id);
CREATE INDEX web_sessions_by_previous ON web_sessions (previous_hash);

-- What was asked for how often; keys are keyed hashes, rows are kept 24 hours.
CREATE TABLE budgets (
    id TEXT NOT NULL PRIMARY KEY,
    bucket TEXT NOT NULL,
    spent_at TIMESTAMP NOT NULL
);
CREATE INDEX budgets_by_bucket ON budgets (bucket, spent_at);

-- Committee -------------------------------------------------------------------------------------------------------

-- A seat for one term. Without an institution it is vacant, and still a seat of record.
CREATE TABLE seats (
    id TEXT NOT NULL PRIMARY KEY,
    institution_id TEXT REFERENCES institutions (id),
    batch TEXT NOT NULL,
    first_day DATE NOT NULL,
    last_day DATE NOT NULL,
    CHECK (first_day <= last_day)
);
CREATE INDEX seats_by_time ON seats (first_day, last_day);

CREATE TABLE seat_holders (
    id TEXT NOT NULL PRIMARY KEY,
    seat_id TEXT NOT NULL REFERENCES seats (id),
    person_id TEXT NOT NULL REFERENCES persons (id),
    capacity TEXT NOT NULL,
    since DATE NOT NULL,
    until DATE
);
CREATE INDEX seat_holders_of_seat ON seat_holders (seat_id);
CREATE INDEX seat_holders_of_person ON seat_holders (person_id);

-- Policy ----------------------------------------------------------------------------------------------------------

CREATE TABLE settings (
    name TEXT NOT NULL,
    since DATE NOT NULL,
    value TEXT NOT NULL,
    set_by TEXT REFERENCES persons (id),
    set_at TIMESTAMP NOT NULL,
    PRIMARY KEY (name, since)
);

-- Step 1: request -------------------------------------------------------------------------------------------------

CREATE TABLE stages (name TEXT NOT NULL PRIMARY KEY);
INSERT INTO stages (name) VALUES
    ('draft'), ('submitted'), ('routed'), ('in_review'), ('decided'), ('issued'), ('delivered'), ('withdrawn');

CREATE TABLE requests (
    id TEXT NOT NULL PRIMARY KEY,
    revision BIGINT NOT NULL,
    reference TEXT UNIQUE,
    applicant_id TEXT NOT NULL REFERENCES persons (id),
    stage TEXT NOT NULL REFERENCES stages (name),
    form TEXT NOT NULL,
    policy TEXT,
    title TEXT NOT NULL,
    applicant_name TEXT NOT NULL,
    institution_id TEXT REFERENCES institutions (id),
    institution_name TEXT NOT NULL,
    funder TEXT NOT NULL,
    programme TEXT NOT NULL,
    letter_kind TEXT NOT NULL,
    deadline_at TIMESTAMP,
    deadline_words TEXT NOT NULL,
    needed_on DATE,
    lead_band TEXT,
    search_text TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    changed_at TIMESTAMP NOT NULL,
    submitted_at TIMESTAMP,
    held BOOLEAN NOT NULL,
    routed_at TIMESTAMP,
    review_began_at TIMESTAMP,
    answer TEXT,
    decided_at TIMESTAMP,
    letter_id TEXT,
    issued_at TIMESTAMP,
    delivered_at TIMESTAMP,
    withdrawn_at TIMESTAMP,
    withdrawn_why TEXT,
    CHECK ((stage = 'draft') OR (stage = 'withdrawn') OR (submitted_at IS NOT NULL AND reference IS NOT NULL AND policy IS NOT NULL)),
    CHECK ((decided_at IS NULL) = (answer IS NULL)),
    CHECK (stage NOT IN ('decided', 'issued', 'delivered') OR decided_at IS NOT NULL),
    CHECK ((issued_at IS NULL) = (letter_id IS NULL)),
    CHECK (stage NOT IN ('issued', 'delivered') OR issued_at IS NOT NULL),
    CHECK (stage <> 'delivered' OR delivered_at IS NOT NULL),
    CHECK ((stage = 'withdrawn') = (withdrawn_at IS NOT NULL))
);
CREATE INDEX requests_of_applicant ON requests (applicant_id, created_at);
CREATE INDEX requests_by_deadline ON requests (stage, deadline_at, id);

CREATE TABLE questions (
    id TEXT NOT NULL PRIMARY KEY,
    request_id TEXT NOT NULL REFERENCES requests (id),
    seat_id TEXT REFERENCES seats (id),
    asked_by TEXT NOT NULL REFERENCES persons (id),
    question TEXT NOT NULL,
    asked_at TIMESTAMP NOT NULL,
    reply_by DATE NOT NULL,
    answer TEXT,
    answered_at TIMESTAMP,
    CHECK ((answer IS NULL) = (answered_at IS NULL))
);
CREATE INDEX questions_of ON questions (request_id, asked_at);

-- Step 2: routing -------------------------------------------------------------------------------------------------

CREATE TABLE assignments (
    id TEXT NOT NULL PRIMARY KEY,
    request_id TEXT NOT NULL REFERENCES requests (id),
    seat_id TEXT NOT NULL REFERENCES seats (id),
    place INTEGER NOT NULL,
    why TEXT NOT NULL,
    assigned_at TIMESTAMP NOT NULL,
    due_at TIMESTAMP NOT NULL,
    ended_at TIMESTAMP,
    ended_why TEXT
);
CREATE UNIQUE INDEX one_open_assignment_a_seat ON assignments (request_id, seat_id) WHERE ended_at IS NULL;
CREATE INDEX assignments_of_seat ON assignments (seat_id, assigned_at);

-- What a seat declared about its conflict of interest with a request; one current row a seat.
CREATE TABLE conflicts (
    id TEXT NOT NULL PRIMARY KEY,
    request_id TEXT NOT NULL REFERENCES requests (id),
    seat_id TEXT NOT NULL REFERENCES seats (id),
    person_id TEXT REFERENCES persons (id),
    conflicted BOOLEAN NOT NULL,
    source TEXT NOT NULL,
    reason TEXT NOT NULL,
    declared_at TIMESTAMP NOT NULL,
    UNIQUE (request_id, seat_id)
);
CREATE INDEX conflicts_of_seat ON conflicts (seat_id);

-- Step 3: review --------------------------------------------------------------------------------------------------

-- The motion to support a request. A vote without a quorum decides nothing; the question is then put again as the
-- next number, to the seats of record of that day.
CREATE TABLE motions (
    id TEXT NOT NULL PRIMARY KEY,
    request_id TEXT NOT NULL REFERENCES requests (id),
    number INTEGER NOT NULL,
    state TEXT NOT NULL,
    opened_at TIMESTAMP NOT NULL,
    frozen TEXT NOT NULL,
    consensus_until TIMESTAMP NOT NULL,
    reviews_due_at TIMESTAMP NOT NULL,
    tally_called_by TEXT REFERENCES seats (id),
    tally_called_at TIMESTAMP,
    tally_closes_at TIMESTAMP,
    closed_at TIMESTAMP,
    outcome TEXT,
    explanation TEXT,
    UNIQUE (request_id, number),
    CHECK ((closed_at IS NULL) = (outcome IS NULL)),
    CHECK ((closed_at IS NULL) = (explanation IS NULL))
);
CREATE INDEX motions_by_state ON motions (state);

CREATE TABLE reviews (
    id TEXT NOT NULL PRIMARY KEY,
    request_id TEXT NOT NULL REFERENCES requests (id),
    seat_id TEXT NOT NULL REFERENCES seats (id),
    person_id TEXT NOT NULL REFERENCES persons (id),
    recommendation TEXT,
    ratings TEXT NOT NULL,
    for_committee TEXT NOT NULL,
    for_applicant TEXT NOT NULL,
    saved_at TIMESTAMP NOT NULL,
    sent_at TIMESTAMP,
    UNIQUE (request_id, seat_id)
);

CREATE TABLE objections (
    id TEXT NOT NULL PRIMARY KEY,
    motion_id TEXT NOT NULL REFERENCES motions (id),
    seat_id TEXT NOT NULL REFERENCES seats (id),
    person_id TEXT NOT NULL REFERENCES persons (id),
    reason TEXT NOT NULL,
    raised_at TIMESTAMP NOT NULL,
    closed_at TIMESTAMP,
    closed_by TEXT REFERENCES persons (id),
    close_reason TEXT
);
CREATE INDEX objections_to ON objections (motion_id);

-- Every ballot ever cast; the one that counts for a seat is the one not superseded.
CREATE TABLE ballots (
    id TEXT NOT NULL PRIMARY KEY,
    motion_id TEXT NOT NULL REFERENCES motions (id),
    seat_id TEXT NOT NULL REFERENCES seats (id),
    person_id TEXT NOT NULL REFERENCES persons (id),
    capacity TEXT NOT NULL,
    choice TEXT NOT NULL,
    reason TEXT NOT NULL,
    cast_at TIMESTAMP NOT NULL,
    superseded_at TIMESTAMP
);
CREATE UNIQUE INDEX one_ballot_a_seat ON ballots (motion_id, seat_id) WHERE superseded_at IS NULL;
CREATE INDEX ballots_in_order ON ballots (motion_id, cast_at);

-- Step 4: decision ------------------------------------------------------------------------------------------------

CREATE TABLE decisions (
    id TEXT NOT NULL PRIMARY KEY,
    request_id TEXT NOT NULL UNIQUE REFERENCES requests (id),
    motion_id TEXT REFERENCES motions (id),
    answer TEXT NOT NULL,
    explanation TEXT NOT NULL,
    reasons TEXT NOT NULL,
    what_would_change TEXT NOT NULL,
    prepared_at TIMESTAMP NOT NULL,
    released_at TIMESTAMP,
    released_by TEXT REFERENCES persons (id),
    CHECK ((released_at IS NULL) = (released_by IS NULL))
);

-- Step 5: letter --------------------------------------------------------------------------------------------------

CREATE TABLE letters (
    id TEXT NOT NULL PRIMARY KEY,
    request_id TEXT NOT NULL REFERENCES requests (id),
    version INTEGER NOT NULL,
    revision BIGINT NOT NULL,
    state TEXT NOT NULL,
    motion_id TEXT NOT NULL REFERENCES motions (id),
    body TEXT NOT NULL,
    drafted_by TEXT NOT NULL REFERENCES persons (id),
    drafted_at TIMESTAMP NOT NULL,
    number TEXT UNIQUE,
    code TEXT UNIQUE,
    facts TEXT,
    issued_at TIMESTAMP,
    issued_by TEXT REFERENCES persons (id),
    sha256 TEXT,
    pdf BYTEA,
    UNIQUE (request_id, version),
    CHECK ((issued_at IS NULL) = (number IS NULL)),
    CHECK ((issued_at IS NULL) = (code IS NULL)),
    CHECK ((issued_at IS NULL) = (facts IS NULL)),
    CHECK ((issued_at IS NULL) = (issued_by IS NULL)),
    CHECK ((issued_at IS NULL) = (sha256 IS NULL)),
    CHECK ((issued_at IS NULL) = (pdf IS NULL))
);

-- Step 6: delivery ------------------------------------------------------------------------------------------------

CREATE TABLE outbox (
    id TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    request_id TEXT REFERENCES requests (id),
    attempt_id TEXT REFERENCES sign_in_attempts (id),
    to_address TEXT NOT NULL,
    to_name TEXT NOT NULL,
    subject TEXT NOT NULL,
    text_body TEXT NOT NULL,
    html_body TEXT,
    message_id TEXT NOT NULL UNIQUE,
    thread_id TEXT,
    state TEXT NOT NULL,
    tries INTEGER NOT NULL,
    created_at TIMESTAMP NOT NULL,
    not_before TIMESTAMP NOT NULL,
    expires_at TIMESTAMP,
    leased_until TIMESTAMP,
    sent_at TIMESTAMP,
    last_reply TEXT,
    CHECK ((state = 'sent') = (sent_at IS NOT NULL))
);
CREATE INDEX outbox_due ON outbox (state, not_before);
CREATE INDEX outbox_of_request ON outbox (request_id, created_at);
