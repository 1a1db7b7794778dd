SET lock_timeout = '2s';
CREATE INDEX orders_state ON orders (state);
