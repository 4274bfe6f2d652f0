ALTER TABLE outbox DROP COLUMN co_signer_id;
DROP TABLE co_signers;
DROP TABLE co_signings;
