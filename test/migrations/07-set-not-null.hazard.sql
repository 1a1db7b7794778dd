-- surefoot: contract
SET lock_timeout = '2s';
ALTER TABLE orders ALTER COLUMN reference SET NOT NULL;
