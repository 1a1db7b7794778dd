-- surefoot: contract
DROP INDEX CONCURRENTLY customers_name;
