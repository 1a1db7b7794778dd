CREATE FUNCTION with_tax_2(amount integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT amount * 3';
