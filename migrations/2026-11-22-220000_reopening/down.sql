ALTER TABLE motions DROP COLUMN reopened_why;
DROP TABLE reopened_answers;
