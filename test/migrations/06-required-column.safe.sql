SET lock_timeout = '2s';
ALTER TABLE drafts ADD COLUMN author text NOT NULL DEFAULT 'nobody';
