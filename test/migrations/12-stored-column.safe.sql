SET lock_timeout = '2s';
ALTER TABLE orders ADD COLUMN search text GENERATED ALWAYS AS (lower(note)) VIRTUAL;
