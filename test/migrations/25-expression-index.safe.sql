CREATE INDEX CONCURRENTLY orders_reference_lower ON orders (lower(reference));
