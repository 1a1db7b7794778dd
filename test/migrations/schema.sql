-- What the migrations beside this file are applied to: small, with rows, and with something of each kind.
CREATE ROLE app;
CREATE ROLE reader;
CREATE SCHEMA archive;
CREATE TYPE state AS ENUM ('new', 'paid', 'sent');
CREATE DOMAIN quantity AS integer;
CREATE SEQUENCE invoice_number;
CREATE TABLE customers (
  id bigint PRIMARY KEY,
  email text NOT NULL,
  name varchar(40) NOT NULL,
  phone text,
  region text CONSTRAINT customers_region_set CHECK (region IS NOT NULL)
);
CREATE UNIQUE INDEX customers_email_unique ON customers (email);
CREATE INDEX customers_name ON customers (name);
CREATE TABLE orders (
  id bigint PRIMARY KEY,
  customer bigint NOT NULL,
  amount integer NOT NULL,
  reference varchar(20),
  note text DEFAULT '',
  state state NOT NULL DEFAULT 'new',
  pieces quantity,
  CONSTRAINT orders_amount_small CHECK (amount < 1000000)
);
ALTER TABLE orders ADD CONSTRAINT orders_amount_positive CHECK (amount > 0) NOT VALID;
CREATE INDEX orders_customer ON orders (customer);
CREATE TABLE drafts (id bigint NOT NULL, title text);
CREATE UNIQUE INDEX drafts_id ON drafts (id);
CREATE TABLE shippers (id bigint PRIMARY KEY);
CREATE TABLE offers (LIKE orders);
CREATE TABLE old_orders (LIKE orders);
CREATE UNLOGGED TABLE cache (id bigint, body text);
CREATE TABLE events (day date NOT NULL, body text) PARTITION BY RANGE (day);
CREATE TABLE events_2025 PARTITION OF events FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
CREATE TABLE events_2024 (day date NOT NULL, body text);
CREATE VIEW open_orders AS SELECT id, amount FROM orders WHERE state <> 'sent';
CREATE MATERIALIZED VIEW turnover AS SELECT customer, sum(amount) AS amount FROM orders GROUP BY customer;
CREATE UNIQUE INDEX turnover_customer ON turnover (customer);
CREATE FUNCTION with_tax(amount integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT amount * 2';
CREATE FUNCTION tidy() RETURNS integer LANGUAGE plpgsql AS 'BEGIN RETURN 1; END';
CREATE FUNCTION stamp() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
GRANT SELECT ON orders TO reader;
INSERT INTO customers SELECT n, 'mail' || n, 'name', NULL, 'north' FROM generate_series(1, 50) AS n;
INSERT INTO orders SELECT n, 1 + n % 50, n, n::text, '', 'new', 1 FROM generate_series(1, 200) AS n;
INSERT INTO cache SELECT n, 'x' FROM generate_series(1, 20) AS n;
INSERT INTO events VALUES ('2025-05-01', 'x');
INSERT INTO events_2024 VALUES ('2024-05-01', 'x');
