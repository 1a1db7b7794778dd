-- surefoot: contract
SET lock_timeout = '2s';
TRUNCATE old_orders;
