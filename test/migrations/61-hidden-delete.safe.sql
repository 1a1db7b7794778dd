WITH many AS (SELECT id FROM old_orders)
SELECT count(*) FROM many;
