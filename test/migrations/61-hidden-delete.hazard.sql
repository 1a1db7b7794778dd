WITH gone AS (DELETE FROM old_orders RETURNING id)
SELECT count(*) FROM gone;
