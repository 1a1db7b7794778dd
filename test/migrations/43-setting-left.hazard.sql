SET search_path = archive;
CREATE TABLE labels (id bigint);
