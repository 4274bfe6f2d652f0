-- The certificates that letters were ever signed with, each with those of its issuers. They stay published.
CREATE TABLE seal_certificates (
    sha256 TEXT NOT NULL PRIMARY KEY,
    chain TEXT NOT NULL,
    first_used_at TIMESTAMP NOT NULL
);

-- The signed original of a letter; a letter issued without a key has none.
CREATE TABLE seals (
    letter_id TEXT NOT NULL PRIMARY KEY REFERENCES letters (id),
    certificate TEXT NOT NULL REFERENCES seal_certificates (sha256),
    sha256 TEXT NOT NULL UNIQUE,
    pdf BYTEA NOT NULL,
    sealed_at TIMESTAMP NOT NULL,
    stamped_at TIMESTAMP
);
