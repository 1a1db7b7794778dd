CREATE FUNCTION state_of(number integer) RETURNS state LANGUAGE sql AS 'SELECT NULL::state';
