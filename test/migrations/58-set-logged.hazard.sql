SET lock_timeout = '2s';
ALTER TABLE cache SET LOGGED;
