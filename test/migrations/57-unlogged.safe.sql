CREATE UNLOGGED TABLE cache_2 (id bigint);
