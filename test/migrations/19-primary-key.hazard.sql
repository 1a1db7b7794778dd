-- surefoot: contract
SET lock_timeout = '2s';
ALTER TABLE drafts ADD PRIMARY KEY (id);
