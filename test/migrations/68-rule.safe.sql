CREATE VIEW kept_orders AS SELECT * FROM orders;
