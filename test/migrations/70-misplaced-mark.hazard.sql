SELECT 1;
-- surefoot: expand because it stands too late
UPDATE drafts SET title = 'x' WHERE id = 1;
