CREATE TABLE rates (code text PRIMARY KEY, rate integer);
INSERT INTO rates VALUES ('a', 1), ('b', 2);
