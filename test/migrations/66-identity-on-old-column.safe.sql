SET lock_timeout = '2s';
CREATE SEQUENCE orders_id;
ALTER TABLE orders ALTER COLUMN id SET DEFAULT nextval('orders_id');
