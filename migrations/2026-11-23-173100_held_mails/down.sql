UPDATE outbox SET state = 'dropped', last_reply = 'Nobody had looked at it.' WHERE state = 'held';
ALTER TABLE outbox DROP COLUMN revision;
ALTER TABLE outbox DROP COLUMN links;
DROP TABLE held_kinds;
