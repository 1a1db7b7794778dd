SET lock_timeout = '2s';
ALTER TABLE orders ADD COLUMN rating integer DEFAULT 5 CHECK (rating > 0);
