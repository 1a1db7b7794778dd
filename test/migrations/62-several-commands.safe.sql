SET lock_timeout = '2s';
ALTER TABLE orders ADD COLUMN remark text, ADD COLUMN source text DEFAULT 'web';
