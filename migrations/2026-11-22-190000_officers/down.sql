ALTER TABLE objections DROP COLUMN closed_as;
DROP TABLE officers;
