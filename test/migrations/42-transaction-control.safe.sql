CREATE TABLE labels (id bigint PRIMARY KEY, name text NOT NULL UNIQUE);
CREATE INDEX labels_name ON labels (lower(name));
