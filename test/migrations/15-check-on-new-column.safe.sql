SET lock_timeout = '2s';
ALTER TABLE orders ADD COLUMN rating integer;
ALTER TABLE orders ADD CONSTRAINT orders_rating CHECK (rating > 0 AND rating <= 5) NOT VALID;
