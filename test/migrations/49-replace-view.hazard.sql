SET lock_timeout = '2s';
CREATE OR REPLACE VIEW open_orders AS SELECT id, amount FROM orders;
