-- surefoot: contract
SET lock_timeout = '2s';
ALTER TABLE orders ADD CONSTRAINT orders_note_short CHECK (length(note) < 100);
