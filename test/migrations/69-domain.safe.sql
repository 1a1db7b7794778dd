CREATE DOMAIN quantity_2 AS integer CHECK (VALUE > 0);
