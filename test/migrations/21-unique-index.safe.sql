CREATE INDEX CONCURRENTLY orders_reference_2 ON orders (reference);
