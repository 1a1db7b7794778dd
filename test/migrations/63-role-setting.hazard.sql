ALTER ROLE app SET statement_timeout = '1s';
