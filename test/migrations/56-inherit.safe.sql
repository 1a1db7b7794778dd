CREATE VIEW all_orders AS SELECT id FROM orders UNION ALL SELECT id FROM old_orders;
