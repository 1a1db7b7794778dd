SET lock_timeout = '2s';
ALTER TABLE old_orders SET UNLOGGED;
