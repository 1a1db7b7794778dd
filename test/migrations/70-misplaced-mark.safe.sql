-- surefoot: expand because no release reads titles of drafts
UPDATE drafts SET title = 'x' WHERE id = 1;
