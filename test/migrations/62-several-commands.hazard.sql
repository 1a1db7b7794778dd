SET lock_timeout = '2s';
ALTER TABLE orders ADD COLUMN remark text, DROP COLUMN note;
