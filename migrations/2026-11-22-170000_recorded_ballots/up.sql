-- A ballot that was given by phone, in a meeting or by letter, and recorded by staff: `person_id` is who recorded it,
-- `capacity` says that it counts like the representative's. A ballot cast on the page has neither of these two.
ALTER TABLE ballots ADD COLUMN source TEXT;
ALTER TABLE ballots ADD COLUMN witness TEXT CHECK ((source IS NULL) = (witness IS NULL));
