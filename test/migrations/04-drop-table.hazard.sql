DROP TABLE IF EXISTS public.old_orders CASCADE;
