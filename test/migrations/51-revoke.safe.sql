GRANT SELECT ON orders TO app;
