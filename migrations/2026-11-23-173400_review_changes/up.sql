-- What a seat has typed since it sent its review, as JSON: what was sent stands until it is sent again.
ALTER TABLE reviews ADD COLUMN draft TEXT;
