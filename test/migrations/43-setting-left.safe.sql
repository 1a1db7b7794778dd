SET LOCAL search_path = archive;
CREATE TABLE labels (id bigint);
