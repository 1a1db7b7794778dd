CREATE VIEW archive.old_orders AS SELECT * FROM public.old_orders;
