-- The website's file as it was last imported, and whose each of its entries is: what is exported differs from it only
-- where the list has changed since.
CREATE TABLE member_files (
    name TEXT NOT NULL PRIMARY KEY,
    text TEXT NOT NULL,
    owners TEXT NOT NULL,
    taken_at TIMESTAMP NOT NULL
);
