-- surefoot: contract
SET lock_timeout = '2s';
ALTER TABLE orders ADD CONSTRAINT orders_reference_set CHECK (reference IS NOT NULL) NOT VALID;
