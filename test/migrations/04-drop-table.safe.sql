-- surefoot: contract
SET lock_timeout = '2s';
DROP TABLE public.old_orders;
