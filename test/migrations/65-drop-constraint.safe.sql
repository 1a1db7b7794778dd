-- surefoot: contract
SET lock_timeout = '2s';
ALTER TABLE orders DROP CONSTRAINT orders_amount_small;
