CREATE UNIQUE INDEX CONCURRENTLY orders_reference ON orders (reference);
