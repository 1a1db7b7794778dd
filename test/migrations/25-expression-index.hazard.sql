CREATE INDEX CONCURRENTLY orders_reference_number ON orders ((reference::integer));
