-- surefoot: contract
SET lock_timeout = '2s';
DROP INDEX customers_name;
