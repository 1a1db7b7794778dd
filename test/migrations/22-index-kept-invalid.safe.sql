CREATE INDEX CONCURRENTLY orders_amount_2 ON public.orders (amount);
