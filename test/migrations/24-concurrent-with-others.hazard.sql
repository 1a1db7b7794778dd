SET lock_timeout = '2s';
ALTER TABLE orders ADD COLUMN remark text;
CREATE INDEX CONCURRENTLY orders_remark ON orders (remark);
