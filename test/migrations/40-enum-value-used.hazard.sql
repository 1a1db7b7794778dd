ALTER TYPE state ADD VALUE 'lost';
ALTER TABLE drafts ADD COLUMN state state DEFAULT 'lost';
