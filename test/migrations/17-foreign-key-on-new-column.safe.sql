SET lock_timeout = '2s';
ALTER TABLE drafts ADD COLUMN shipper bigint REFERENCES shippers (id);
