SET lock_timeout = '2s';
ALTER TABLE drafts ADD COLUMN IF NOT EXISTS remark text;
