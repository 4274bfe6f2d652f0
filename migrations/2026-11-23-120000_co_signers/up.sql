-- How and by when the co-signers of a letter are asked, and which revision of its text they read.
CREATE TABLE co_signings (
    letter_id TEXT NOT NULL PRIMARY KEY REFERENCES letters (id),
    way TEXT NOT NULL,
    last_day DATE NOT NULL,
    revision BIGINT NOT NULL,
    asked_by TEXT NOT NULL REFERENCES persons (id),
    asked_at TIMESTAMP NOT NULL
);

-- Who signs a letter beside the Consortium. They have no account: the address of their page is derived from the nonce.
CREATE TABLE co_signers (
    id TEXT NOT NULL PRIMARY KEY,
    letter_id TEXT NOT NULL REFERENCES letters (id),
    place INTEGER NOT NULL,
    name TEXT NOT NULL,
    address TEXT NOT NULL,
    organisation TEXT NOT NULL,
    needed BOOLEAN NOT NULL,
    nonce TEXT NOT NULL,
    asked_at TIMESTAMP,
    reminded_at TIMESTAMP,
    answered_at TIMESTAMP,
    signed_name TEXT,
    signed_capacity TEXT,
    reason TEXT,
    UNIQUE (letter_id, address),
    UNIQUE (letter_id, place),
    -- Whoever answered was asked, and either signed with name and capacity or declined with a reason.
    CHECK (answered_at IS NULL OR asked_at IS NOT NULL),
    CHECK ((signed_name IS NULL) = (signed_capacity IS NULL)),
    CHECK ((answered_at IS NULL) = (signed_name IS NULL AND reason IS NULL)),
    CHECK (signed_name IS NULL OR reason IS NULL)
);

-- The co-signer the link to whose page is filled in when the mail is sent; it is kept nowhere.
ALTER TABLE outbox ADD COLUMN co_signer_id TEXT;
