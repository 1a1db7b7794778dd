GRANT ALL ON old_orders TO app;
