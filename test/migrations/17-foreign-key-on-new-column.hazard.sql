SET lock_timeout = '2s';
ALTER TABLE drafts ADD COLUMN shipper bigint DEFAULT 1 REFERENCES shippers (id);
